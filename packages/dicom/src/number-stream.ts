import { DicomError } from './errors.ts';

/** Writes unsigned numbers below 2^53, seven bits a byte, lowest first. */
export class NumberWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  number(value: number): void {
    if (this.#length + 8 > this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length] = (rest % 128) + 128;
      this.#length += 1;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length] = rest;
    this.#length += 1;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

/** Reads what {@link NumberWriter} wrote. Fails with FRAME_TABLE_INVALID. */
export class NumberReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  number(): number {
    let value = 0;
    for (let factor = 1; factor <= Number.MAX_SAFE_INTEGER; factor *= 128) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) break;
      this.#at += 1;
      value += (byte % 128) * factor;
      if (byte < 128) {
        if (!Number.isSafeInteger(value)) break;
        return value;
      }
    }
    throw new DicomError('FRAME_TABLE_INVALID', { offset: this.#at });
  }

  /** A number of things that take at least one byte each. */
  count(): number {
    const value = this.number();
    if (value > this.#bytes.length - this.#at) throw new DicomError('FRAME_TABLE_INVALID', { offset: this.#at });
    return value;
  }
}
