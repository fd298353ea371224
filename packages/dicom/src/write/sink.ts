import { fillOf } from '../even.ts';
import { vrByName } from '../vr.ts';
import { DatasetWriteError } from './error.ts';
import { putUtf8 } from './utf8.ts';

const MAX_SHORT = 0xfffe;
const FIRST_BYTES = 1024;
const FEW_BYTES = 32;

/** Bytes that come from elsewhere: the `length` bytes of a part (counted from 0) of the value that the caller knows as `bulk`. */
export interface BulkRun {
  readonly bulk: string;
  readonly part: number;
  readonly length: number;
}

/** A run of a file: bytes, or those of a bulk value. */
export type DatasetPart = Uint8Array | BulkRun;

/** How an element of text is written behind the tag. */
export interface TextHead {
  /** Whether its length has four bytes (PS3.5 7.1.2, and all of Implicit VR). */
  readonly isLong: boolean;
  /** What makes its length even. */
  readonly fill: number;
  /** Of its header. */
  readonly bytes: number;
}

export function textHead(vr: string, isExplicit: boolean): TextHead {
  const hasLong = vrByName(vr).isLong;
  return { isLong: !isExplicit || hasLong, fill: fillOf(vr), bytes: isExplicit && hasLong ? 12 : 8 };
}

/** A file while it is written, explicit VR little endian unless told otherwise: one growing memory for all of it, since an array for each element takes many times what is in it. */
export class FileSink {
  readonly #isExplicit: boolean;
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #at = 0;
  #bulkBytes = 0;
  /** Bulk runs, and behind how many bytes each stands. */
  readonly #bulk: { readonly at: number; readonly run: BulkRun }[] = [];

  constructor(isExplicit = true) {
    this.#isExplicit = isExplicit;
    this.#bytes = new Uint8Array(FIRST_BYTES);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes so far, bulk runs among them. */
  get length(): number {
    return this.#at + this.#bulkBytes;
  }

  /** Takes a copy. */
  put(bytes: Uint8Array): void {
    const { length } = bytes;
    this.room(length);
    // Of a few bytes a loop costs less than a call.
    if (length > FEW_BYTES) this.#bytes.set(bytes, this.#at);
    else for (let index = 0; index < length; index += 1) this.#bytes[this.#at + index] = bytes[index] ?? 0;
    this.#at += length;
  }

  /** The value of an element of text whose header stands here already, with a length that is set now (PS3.5 6.2). Most text is ASCII: one byte for each of its characters. Fails with TOO_LONG. */
  putText({ isLong, fill }: TextHead, text: string): void {
    const { length } = text;
    this.room(3 * length + 1);
    const start = this.#at;
    const bytes = this.#bytes;
    let at = start;
    let index = 0;
    for (; index < length; index += 1) {
      const code = text.charCodeAt(index);
      if (code >= 0x80) break;
      bytes[at] = code;
      at += 1;
    }
    if (index < length) at = putUtf8(bytes, at, text, index);
    if ((at - start) % 2 === 1) {
      bytes[at] = fill;
      at += 1;
    }
    this.#at = at;
    if (isLong) this.#view.setUint32(start - 4, at - start, true);
    else if (at - start > MAX_SHORT) throw new DatasetWriteError('TOO_LONG');
    else this.#view.setUint16(start - 2, at - start, true);
  }

  /** What was written from a place on, bulk runs left out: a view. */
  view(from: number): Uint8Array {
    return this.#bytes.subarray(from, this.#at);
  }

  /** Takes away what stands behind a place. */
  cut(from: number): void {
    this.#at = Math.min(this.#at, from);
  }

  putBulk(run: BulkRun): void {
    this.#bulk.push({ at: this.#at, run });
    this.#bulkBytes += run.length;
  }

  /** Item tags and delimiters have no VR (PS3.5 7.5). Gives the place of the length, for `setLength`. */
  mark(tag: string, length = 0): number {
    this.room(8);
    this.#tag(tag);
    return this.#length(length);
  }

  /** Header of an element (PS3.5 7.1.2); gives the place of its length. Fails with TOO_LONG. */
  header(tag: string, vr: string, length: number): number {
    if (!this.#isExplicit) return this.mark(tag, length);
    const { isLong } = vrByName(vr);
    if (!isLong && length > MAX_SHORT) throw new DatasetWriteError('TOO_LONG');
    this.room(12);
    this.#tag(tag);
    this.#bytes[this.#at] = vr.charCodeAt(0);
    this.#bytes[this.#at + 1] = vr.charCodeAt(1);
    this.#at += 2;
    if (!isLong) {
      this.#view.setUint16(this.#at, length, true);
      this.#at += 2;
      return this.#at;
    }
    this.#view.setUint16(this.#at, 0, true);
    this.#at += 2;
    return this.#length(length);
  }

  /** Says a length of 32 bits once it is known. */
  setLength(place: number, length: number): void {
    this.#view.setUint32(place, length, true);
  }

  setBig32(place: number, value: number): void {
    this.#view.setUint32(place, value);
  }

  /** Runs of the file, in order. */
  parts(): DatasetPart[] {
    const parts: DatasetPart[] = [];
    let from = 0;
    for (const { at, run } of this.#bulk) {
      if (at > from) parts.push(this.#bytes.subarray(from, at));
      parts.push(run);
      from = at;
    }
    if (this.#at > from) parts.push(this.#bytes.subarray(from, this.#at));
    return parts;
  }

  #tag(tag: string): void {
    this.#view.setUint16(this.#at, Number.parseInt(tag.slice(0, 4), 16), true);
    this.#view.setUint16(this.#at + 2, Number.parseInt(tag.slice(4), 16), true);
    this.#at += 4;
  }

  #length(length: number): number {
    const place = this.#at;
    this.#view.setUint32(place, length, true);
    this.#at += 4;
    return place;
  }

  /** Makes room for so many bytes more. */
  room(length: number): void {
    if (this.#at + length <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + length));
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
