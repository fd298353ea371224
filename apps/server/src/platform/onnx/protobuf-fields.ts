/** The bytes are no ONNX model. */
export class NotOnnx extends Error {}
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

export interface Field {
  readonly number: number;
  /** Of a varint, its lower 32 bits, which are all that the fields below have; 0 for other kinds. */
  readonly value: number;
  /** Of a length-delimited field; empty for other kinds. */
  readonly bytes: Uint8Array;
}

/** Reads fields of protocol buffers one after the other; every step takes at least one byte. */
export class Fields {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  next(): Field | undefined {
    if (this.#at >= this.#bytes.length) return undefined;
    const key = this.#key();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case VARINT:
        return { number, value: this.#varint() % 2 ** 32, bytes: new Uint8Array(0) };
      case FIXED64:
        return { number, value: 0, bytes: this.#take(8) };
      case LENGTH:
        return { number, value: 0, bytes: this.#take(this.#varint()) };
      case FIXED32:
        return { number, value: 0, bytes: this.#take(4) };
      default:
        throw new NotOnnx('a field of no known kind');
    }
  }

  /** Readers cut a key to 32 bits, so that a longer one, or one with needless bytes, is another field to them than to us. */
  #key(): number {
    const from = this.#at;
    const key = this.#varint();
    const needed = Math.max(1, Math.ceil(Math.log2(key + 1) / 7));
    if (key >= 2 ** 32 || key < 8 || this.#at - from !== needed) throw new NotOnnx('a key that is not in its shortest form');
    return key;
  }

  /** Exact below 2^53; above, its lower bits are lost, and no length is that long. Those of ten bytes are negative and end in ones. */
  #varint(): number {
    let [low, high] = [0, 0];
    for (let index = 0; index < 10; index += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new NotOnnx('ends within a number');
      this.#at += 1;
      const part = (byte % 128) * 2 ** (7 * index);
      if (index < 5) low += part;
      else high += part;
      if (byte >= 128) continue;
      const value = low + high;
      return Number.isSafeInteger(value) ? value : 2 ** 52 + (low % 2 ** 32);
    }
    throw new NotOnnx('a number without end');
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new NotOnnx('a field beyond the end');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}
