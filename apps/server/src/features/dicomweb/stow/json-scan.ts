import { Failure } from '../../../kernel/failure.ts';
import { BACKSLASH, COLON, COMMA, type DocumentScan, MAX_DEPTH, type MetadataCount, QUOTE } from './metadata-count.ts';

/** Members that an element has in DICOM JSON (PS3.18 F.2.2), generously. */
const ELEMENT_MEMBERS = 4;
/** Arrays and objects in one another: a list around datasets, each of which is an item of an element's Value, and a name of a person. */
const MAX_BRACKETS = 3 * (MAX_DEPTH + 1) + 4;

const tooDeep = (): Failure => new Failure('BAD_REQUEST', { detail: 'Datasets are limited to 64 in one another.' });
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
