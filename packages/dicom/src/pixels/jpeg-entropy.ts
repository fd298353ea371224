import { PixelError } from './frame-format.ts';

/** A Huffman table (T.81 annex C): for each code length the first code, where its values begin and how many there are. */
export interface HuffmanTable {
  readonly counts: Uint8Array;
  readonly values: Uint8Array;
}

/** Bits of an entropy-coded segment; after its end zeros are read, as libjpeg does. */
export class EntropyReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #bits = 0;
  #left = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  bit(): number {
    if (this.#left === 0) {
      const byte = this.#bytes[this.#at];
      const isMarker = byte === 0xff && this.#bytes[this.#at + 1] !== 0;
      this.#bits = byte === undefined || isMarker ? 0 : byte;
      if (byte !== undefined && !isMarker) this.#at += byte === 0xff ? 2 : 1;
      this.#left = 8;
    }
    this.#left -= 1;
    return (this.#bits >> this.#left) & 1;
  }

  bits(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) value = (value << 1) | this.bit();
    return value;
  }

  /** RECEIVE and EXTEND (T.81 F.2.2.1). */
  signed(count: number): number {
    if (count === 0) return 0;
    const value = this.bits(count);
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  symbol(table: HuffmanTable): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 0; length < 16; length += 1) {
      code |= this.bit();
      const count = table.counts[length] ?? 0;
      if (code - first < count) return table.values[index + code - first] ?? 0;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new PixelError('JPEG code unknown');
  }

  /** Goes on after the next restart marker. */
  restart(): void {
    this.#left = 0;
    const bytes = this.#bytes;
    while (this.#at + 1 < bytes.length && !(bytes[this.#at] === 0xff && ((bytes[this.#at + 1] ?? 0) & 0xf8) === 0xd0))
      this.#at += 1;
    this.#at += 2;
  }

  /** Position of the marker that ends the segment, or the end of the bytes. */
  end(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    while (at + 1 < bytes.length) {
      const next = bytes[at + 1] ?? 0;
      if (bytes[at] === 0xff && next !== 0 && next !== 0xff && (next & 0xf8) !== 0xd0) return at;
      at += 1;
    }
    return bytes.length;
  }
}
