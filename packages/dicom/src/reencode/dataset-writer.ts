import { elementHeader } from '../coerce/elements.ts';
import { concat } from '../concat.ts';
import type { DatasetSink } from '../dataset-sink.ts';
import type { ElementHeader } from '../element-header.ts';
import { DicomError } from '../errors.ts';
import { fillOf } from '../even.ts';
import type { Encoding, Level } from '../level.ts';
import { ITEM, ITEM_DELIMITER, SEQUENCE_DELIMITER } from '../level-stack.ts';
import { swapWords } from '../swap-words.ts';
import type { DicomJsonElement } from '../types.ts';
import { valueBytes } from '../write/values.ts';

/** A run of the rewritten dataset: new bytes, or bytes of the space that was read, whose words of `swapWordBytes` (1: none) are reversed. */
export type ReencodedPiece =
  | { readonly bytes: Uint8Array }
  | { readonly offset: number; readonly length: number; readonly swapWordBytes: number };

/** Top-level elements to write instead of those read, by tag; undefined leaves one out. */
export type Replacements = ReadonlyMap<string, DicomJsonElement | undefined>;

const UNDEFINED = 0xffff_ffff;
const MAX_SHORT = 0xfffe;
/** Runs of new bytes that are kept apart: small arrays take several times what is in them. */
const MAX_HELD = 1024;

/** Header of an element whose length is not said. */
export function openHeader(tag: number, vr: string, encoding: Encoding): Uint8Array {
  const bytes = elementHeader(tag, vr, 0, encoding);
  new DataView(bytes.buffer).setUint32(bytes.length - 4, UNDEFINED, true);
  return bytes;
}

/** Item tags and delimiters have no VR in any transfer syntax (PS3.5 7.5). */
export function mark(tag: number, length = 0): Uint8Array {
  const bytes = elementHeader(tag, '', 0, { isExplicit: false, littleEndian: true });
  new DataView(bytes.buffer).setUint32(4, length, true);
  return bytes;
}

/**
 * Writes what a reader finds as little endian, explicit or implicit VR (PS3.5 7.1): headers anew, values as they are but for their byte order,
 * sequences and items without length. Top-level elements are put where their tags belong.
 */
export class DatasetWriter implements DatasetSink {
  readonly pieces: ReencodedPiece[] = [];
  readonly #encoding: Encoding;
  readonly #pending: { readonly tag: number; readonly value: DicomJsonElement }[];
  readonly #replaced: ReadonlySet<number>;
  #held: Uint8Array[] = [];
  /** The sequence that is left out while it is read. */
  #muted: Level | undefined;

  constructor(isExplicit: boolean, replacements: Replacements) {
    this.#encoding = { isExplicit, littleEndian: true };
    const list = [...replacements].map(([key, value]) => ({ tag: Number.parseInt(key, 16), value }));
    this.#replaced = new Set(list.map(({ tag }) => tag));
    this.#pending = list
      .flatMap(({ tag, value }) => (value === undefined ? [] : [{ tag, value }]))
      .sort((left, right) => left.tag - right.tag);
  }

  open(level: Level): void {
    if (this.#muted !== undefined) return;
    if (level.kind === 'item') this.#held.push(mark(ITEM, UNDEFINED));
    else if (this.#isLeftOut(level.tag, level.parent)) this.#muted = level;
    // Without a VR an element of undefined length is a sequence (PS3.5 A.1): nothing would tell that its items are fragments.
    else if (level.kind === 'fragments' && !this.#encoding.isExplicit) throw new DicomError('UNSUPPORTED_TRANSFER_SYNTAX');
    else this.#held.push(openHeader(level.tag, level.kind === 'sequence' ? 'SQ' : level.vr || 'OB', this.#encoding));
  }

  close(level: Level, end: number, isDelimited: boolean): void {
    if (this.#muted !== undefined) {
      if (this.#muted === level) this.#muted = undefined;
      return;
    }
    if (level.kind === 'item') this.#held.push(mark(ITEM_DELIMITER));
    else if (level.kind === 'sequence') this.#held.push(mark(SEQUENCE_DELIMITER));
    else {
      this.#run(level.start, end - level.start, 1);
      if (!isDelimited) this.#held.push(mark(SEQUENCE_DELIMITER));
    }
  }

  value(header: ElementHeader, level: Level, start: number, bytes: Uint8Array | undefined): void {
    if (this.#muted !== undefined || this.#isLeftOut(header.tag, level)) return;
    const { tag, vr, length } = header;
    const isShort = this.#encoding.isExplicit && !vr.isLong;
    const pad = new Uint8Array(length % 2).fill(fillOf(vr.name));
    // What an implicit file says at length may have no room behind a short header (PS3.5 6.2.2).
    const name = isShort && length + pad.length > MAX_SHORT ? 'UN' : vr.name;
    this.#held.push(elementHeader(tag, name, length + pad.length, this.#encoding));
    const wordBytes = level.littleEndian ? 1 : vr.wordBytes;
    if (bytes === undefined) this.#run(start, length, wordBytes);
    else this.#held.push(wordBytes > 1 ? swapWords(bytes, wordBytes) : bytes.slice());
    this.#held.push(pad);
    if (this.#held.length >= MAX_HELD) this.#flush();
  }

  /** Ends the part before Pixel Data, or the dataset. */
  finish(): void {
    this.#putBefore(Number.POSITIVE_INFINITY);
    this.#flush();
  }

  /** Puts what belongs before a top-level element and says whether that one is to be written. */
  #isLeftOut(tag: number, level: Level | undefined): boolean {
    if (level?.kind !== 'dataset') return false;
    this.#putBefore(tag + 1);
    return this.#replaced.has(tag);
  }

  #putBefore(tag: number): void {
    for (let next = this.#pending[0]; next !== undefined && next.tag < tag; next = this.#pending[0]) {
      const bytes = valueBytes(next.value);
      this.#held.push(elementHeader(next.tag, next.value.vr, bytes.length, this.#encoding), bytes);
      this.#pending.shift();
    }
  }

  #run(offset: number, length: number, swapWordBytes: number): void {
    if (length === 0) return;
    this.#flush();
    this.pieces.push({ offset, length, swapWordBytes });
  }

  #flush(): void {
    const bytes = concat(this.#held);
    this.#held = [];
    if (bytes.length > 0) this.pieces.push({ bytes });
  }
}
