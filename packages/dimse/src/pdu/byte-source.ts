import { ProtocolError } from '../errors.ts';

const isPadding = (byte: number | undefined): boolean => byte === 0 || byte === 0x20;

/** Bytes of a PDU while it is read: big endian, never beyond their end (ITEM_LENGTH). */
export class ByteSource {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw new ProtocolError('ITEM_LENGTH', { length, left: this.left });
    const taken = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  skip(length: number): this {
    this.take(length);
    return this;
  }

  u8(): number {
    return this.take(1)[0] ?? 0;
  }

  u16(): number {
    const high = this.u8();
    return high * 0x100 + this.u8();
  }

  u32(): number {
    const high = this.u16();
    return high * 0x1_0000 + this.u16();
  }

  /** Text without the spaces and zeros around it; other bytes than ASCII stay one character each. */
  text(length: number): string {
    const bytes = this.take(length);
    let [start, end] = [0, bytes.length];
    while (end > start && isPadding(bytes[end - 1])) end -= 1;
    while (start < end && isPadding(bytes[start])) start += 1;
    let text = '';
    for (const byte of bytes.subarray(start, end)) text += String.fromCharCode(byte);
    return text;
  }

  /** A UID behind its length of 16 bits. */
  sizedText(): string {
    return this.text(this.u16());
  }

  sized(): Uint8Array {
    return this.take(this.u16()).slice();
  }

  /** The items up to the end: their types, and what is in them. */
  *items(): Generator<{ readonly type: number; readonly content: ByteSource }, void> {
    while (this.left > 0) {
      const type = this.u8();
      this.skip(1);
      yield { type, content: new ByteSource(this.take(this.u16())) };
    }
  }

  rest(): Uint8Array {
    return this.take(this.left).slice();
  }
}
