import { Failure } from '../../../kernel/failure.ts';

const MB = 1024 * 1024;
/** Metadata of one request. */
const MAX_METADATA_BYTES = 16 * MB;
/** Bulk data of one request, which wait in a temporary file; whole files, which are streamed, are the way to send more. */
const MAX_BULK_BYTES = 4096 * MB;
/** Datasets of one request, and documents: a series of every day has some hundred. */
const MAX_DATASETS = 10_000;
/** Elements and items at any depth. No more fit into 16 MB when each element says its VR; 10,000 frames of 60 elements are some 650,000. */
const MAX_ELEMENTS = 750_000;
/** Elements of one dataset or item beyond which it is wide, and those of all wide ones together: the limits that files have. */
const WIDE = 250;
const MAX_WIDE = 200_000;
/** Contours of an RT Structure Set of 16 MB have some two million numbers. */
const MAX_VALUES = 2_500_000;
/** Parts of bulk data, references to them, counted once for each part, and bytes of their addresses: three for each dataset. */
const MAX_BULK = 30_000;
const MAX_ADDRESS_BYTES = 4 * MB;
/** Members that an element has in DICOM JSON (PS3.18 F.2.2), generously. */
const ELEMENT_MEMBERS = 4;
/** Attributes of one tag in XML: an element of the model has some five (PS3.19 A.1.6), its root declares namespaces. */
export const MAX_TAG_ATTRIBUTES = 32;
/** Datasets in one another. */
export const MAX_DEPTH = 64;
/** Arrays and objects in one another: a list around datasets, each of which is an item of an element's Value, and a name of a person. */
const MAX_BRACKETS = 3 * (MAX_DEPTH + 1) + 4;
/** Empty values that numbers of XML only announce: what is written out is counted by its bytes, what is not costs its sender nothing. */
const MAX_GAPS = 100_000;
/** What is taken apart on the event loop; more is work for the thread that can be ended. */
const QUICK = { bytes: 64 * 1024, datasets: 20, bulk: 200 };

const tooLarge = (): Failure =>
  new Failure('TOO_LARGE', {
    detail:
      'Metadata are limited to 16 MB, 10,000 datasets, 750,000 elements and items (200,000 elements beyond the 250th of one dataset) and 30,000 bulk values a request, bulk data to 4 GB: send whole files instead.',
  });

const tooDeep = (): Failure => new Failure('BAD_REQUEST', { detail: 'Datasets are limited to 64 in one another.' });

/** What the metadata of one request have, counted while they arrive: nothing is made of what has too much. Every count fails with TOO_LARGE. */
export class MetadataCount {
  #bytes = 0;
  #bulkBytes = 0;
  #documents = 0;
  #datasets = 0;
  #elements = 0;
  #wide = 0;
  #values = 0;
  #gaps = 0;
  #parts = 0;
  #references = 0;
  #addressBytes = 0;

  /** Whether it is little enough for the event loop. */
  get isQuick(): boolean {
    return (
      this.#bytes <= QUICK.bytes &&
      this.#documents <= QUICK.datasets &&
      this.#datasets <= QUICK.datasets &&
      this.#parts <= QUICK.bulk
    );
  }

  bytes(count: number): void {
    this.#bytes += count;
    if (this.#bytes > MAX_METADATA_BYTES) throw tooLarge();
  }

  bulkBytes(count: number): void {
    this.#bulkBytes += count;
    if (this.#bulkBytes > MAX_BULK_BYTES) throw tooLarge();
  }

  /** Datasets are counted for themselves: a document may have none. */
  document(): void {
    this.#documents += 1;
    if (this.#documents > MAX_DATASETS) throw tooLarge();
  }

  dataset(): void {
    this.#datasets += 1;
    if (this.#datasets > MAX_DATASETS) throw tooLarge();
  }

  element(): void {
    this.elements(1);
  }

  elements(count: number): void {
    this.#elements += count;
    if (this.#elements > MAX_ELEMENTS) throw tooLarge();
  }

  /** Notes the `number`th member of one object, from 1. */
  member(number: number): void {
    if (number <= WIDE) return;
    this.#wide += 1;
    if (this.#wide > MAX_WIDE) throw tooLarge();
  }

  value(): void {
    this.#values += 1;
    if (this.#values > MAX_VALUES) throw tooLarge();
  }

  /** Notes empty values that are announced and not written. */
  gaps(count: number): void {
    this.#gaps += count;
    if (this.#gaps > MAX_GAPS) throw tooLarge();
  }

  bulkPart(address: string): void {
    this.#parts += 1;
    this.#addressBytes += address.length;
    if (this.#parts > MAX_BULK || this.#addressBytes > MAX_ADDRESS_BYTES) throw tooLarge();
  }

  /** Notes a reference to a value of so many parts. */
  reference(parts: number): void {
    this.#references += Math.max(1, parts);
    if (this.#references > MAX_BULK) throw tooLarge();
  }
}

/** Counts what a document has while its bytes pass, whether it is well formed or not. Fails as the count does, and with BAD_REQUEST for what is too deep. */
export interface DocumentScan {
  take(bytes: Uint8Array): void;
}

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** What an open array or object of DICOM JSON (PS3.18 F.2) is by its place. */
type Kind = 'list' | 'dataset' | 'element' | 'values' | 'other';

/** DICOM JSON. Objects among values are items; names of persons, which look the same, count as such. */
export class JsonScan implements DocumentScan {
  readonly #count: MetadataCount;
  readonly #open: { readonly kind: Kind; members: number }[] = [];
  #isInText = false;
  #isEscaped = false;

  constructor(count: MetadataCount) {
    this.#count = count;
  }

  take(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (this.#isInText) this.#text(byte);
      else if (byte === QUOTE) this.#isInText = true;
      else if (byte === COLON) this.#member();
      else if (byte === COMMA) this.#comma();
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#begin(byte);
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) this.#open.pop();
    }
  }

  #text(byte: number | undefined): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isInText = false;
  }

  #begin(byte: number): void {
    if (this.#open.length >= MAX_BRACKETS) throw tooDeep();
    const kind = kindOf(byte, this.#open.at(-1)?.kind);
    if (kind === 'dataset' && this.#open.length <= 1) this.#count.dataset();
    else if (kind === 'dataset' || kind === 'other') this.#count.element();
    this.#open.push({ kind, members: 0 });
  }

  #member(): void {
    const top = this.#open.at(-1);
    if (top === undefined) return;
    top.members += 1;
    if (top.kind === 'dataset' || top.members > ELEMENT_MEMBERS) this.#count.element();
    this.#count.member(top.members);
  }

  #comma(): void {
    const kind = this.#open.at(-1)?.kind;
    if (kind !== 'dataset' && kind !== 'element') this.#count.value();
  }
}

function kindOf(byte: number, around: Kind | undefined): Kind {
  if (byte === OPEN_ARRAY) return around === undefined ? 'list' : around === 'element' ? 'values' : 'other';
  if (around === undefined || around === 'list' || around === 'values') return 'dataset';
  return around === 'dataset' ? 'element' : 'other';
}

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
