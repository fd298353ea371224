import { DicomError } from './errors.ts';
import type { ByteRequest, ByteSpace } from './types.ts';

/** What {@link ByteWindow.status} answers. */
export const READY = 0;
export const MORE = 1;
export const END = 2;

/** Bytes asked for at a time. */
export const DEFAULT_WINDOW_BYTES = 65_536;
const DEFAULT_JUMP_BYTES = 4096;

export interface WindowLimits {
  readonly windowBytes: number;
  /** For the space `inflated`: where in the file the deflated data begins. */
  readonly inflateFrom?: number;
}

/**
 * The part of a byte space that is in memory, with the position of the reader. It never reads by itself: it says which bytes are missing.
 */
export class ByteWindow {
  readonly space: ByteSpace;
  pos = 0;
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);
  /** Offset in the space of the first byte of `bytes`. */
  start = 0;
  /** First offset after the space; undefined until known. */
  end: number | undefined;
  /** Bytes asked for at a time, when nothing more is needed. */
  windowBytes: number;
  /** The same after a jump over a large value, when little may follow. */
  jumpBytes: number;
  readonly #inflateFrom: number | undefined;
  #missing = 0;

  constructor(space: ByteSpace, sizeBytes: number | undefined, limits: WindowLimits) {
    this.space = space;
    this.end = sizeBytes;
    this.windowBytes = limits.windowBytes;
    this.jumpBytes = Math.min(limits.windowBytes, DEFAULT_JUMP_BYTES);
    this.#inflateFrom = limits.inflateFrom;
  }

  /** READY when `length` bytes from the position are in memory, MORE when they must be requested, END when the space ends before. */
  status(length: number): typeof READY | typeof MORE | typeof END {
    const index = this.pos - this.start;
    if (index >= 0 && index + length <= this.bytes.length) return READY;
    if (this.end !== undefined && this.pos + length > this.end) return END;
    this.#missing = length;
    return MORE;
  }

  /** The request that follows a status MORE. Bytes already in memory are kept. */
  request(): ByteRequest {
    const loadedEnd = this.start + this.bytes.length;
    const offset = this.pos >= this.start && this.pos < loadedEnd ? loadedEnd : this.pos;
    const usual = this.pos > loadedEnd ? this.jumpBytes : this.windowBytes;
    let length = Math.max(usual, this.pos + this.#missing - offset);
    if (this.end !== undefined) length = Math.min(length, this.end - offset);
    const request = { space: this.space, offset, length };
    return this.#inflateFrom === undefined ? request : { ...request, inflateFrom: this.#inflateFrom };
  }

  /** Takes the answer to `request`. Fails with TRUNCATED when bytes that should be there are not. */
  supply(request: ByteRequest, answer: Uint8Array): void {
    if (answer.length === 0) {
      // The file is shorter than its size was said to be.
      if (this.end !== undefined && request.offset < this.end) throw new DicomError('TRUNCATED', { offset: request.offset });
      this.end = request.offset;
      return;
    }
    const loadedEnd = this.start + this.bytes.length;
    if (request.offset === loadedEnd && this.pos < loadedEnd) {
      const kept = this.bytes.subarray(this.pos - this.start);
      const joined = new Uint8Array(kept.length + answer.length);
      joined.set(kept);
      joined.set(answer, kept.length);
      this.#load(joined, this.pos);
    } else {
      this.#load(answer, request.offset);
    }
  }

  /** Index of the position in `bytes`. */
  get index(): number {
    return this.pos - this.start;
  }

  /** Brings `length` bytes from the position into memory, or fewer at the end of the space, and gives them. */
  *peek(length: number): Generator<ByteRequest, Uint8Array, Uint8Array> {
    let wanted = length;
    for (;;) {
      const status = this.status(wanted);
      if (status === READY) return this.bytes.subarray(this.index, this.index + wanted);
      if (status === MORE) {
        const request = this.request();
        this.supply(request, yield request);
      } else {
        wanted = Math.max(0, (this.end ?? 0) - this.pos);
        if (wanted === 0) return new Uint8Array(0);
      }
    }
  }

  #load(bytes: Uint8Array, start: number): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.start = start;
  }
}
