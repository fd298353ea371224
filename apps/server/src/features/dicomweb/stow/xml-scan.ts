import { type DocumentScan, type MetadataCount, QUOTE, tooLarge } from './metadata-count.ts';

/** Attributes of one tag in XML: an element of the model has some five (PS3.19 A.1.6), its root declares namespaces. */
export const MAX_TAG_ATTRIBUTES = 32;

const [LESS, GREATER, APOSTROPHE, SLASH, EXCLAMATION, QUESTION] = [0x3c, 0x3e, 0x27, 0x2f, 0x21, 0x3f];
/** First letters of DicomAttribute and Item (PS3.19 A.1.6), and of NativeDicomModel. */
const [ATTRIBUTE, ITEM, MODEL] = [0x44, 0x49, 0x4e];
const [IN_TEXT, IN_TAG] = [0, 1];

/**
 * A Native DICOM Model, by the first letters of its tags: with a prefix they count as values, and are counted again when they are read. No value
 * of an attribute holds a `<`, so that each begins a tag whatever came before; what looks like tags in comments and sections of text counts too.
 */
export class XmlScan implements DocumentScan {
  readonly #count: MetadataCount;
  #isName = false;
  /** In text, in a tag, or the quote of the value in which it is. */
  #place: number = IN_TEXT;
  #attributes = 0;

  constructor(count: MetadataCount) {
    this.#count = count;
  }

  take(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (this.#isName) this.#tag(byte);
      if (byte === LESS) this.#begin();
      else if (this.#place === IN_TEXT) continue;
      else if (this.#place !== IN_TAG) this.#place = byte === this.#place ? IN_TAG : this.#place;
      else if (byte === GREATER) this.#place = IN_TEXT;
      else if (byte === QUOTE || byte === APOSTROPHE) this.#attribute(byte);
    }
  }

  #begin(): void {
    this.#isName = true;
    this.#place = IN_TAG;
    this.#attributes = 0;
  }

  #tag(byte: number): void {
    this.#isName = false;
    if (byte === SLASH) return;
    // Comments, sections of text and declarations have no attributes.
    if (byte === EXCLAMATION || byte === QUESTION) this.#place = IN_TEXT;
    else if (byte === ATTRIBUTE || byte === ITEM) this.#count.element();
    else if (byte === MODEL) this.#count.dataset();
    else this.#count.value();
  }

  /** Every value is in quotes of either kind, with or without blanks before: what stands in none is no XML. */
  #attribute(quote: number): void {
    this.#place = quote;
    this.#attributes += 1;
    if (this.#attributes > MAX_TAG_ATTRIBUTES) throw tooLarge();
  }
}
