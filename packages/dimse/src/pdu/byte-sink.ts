import { ProtocolError } from '../errors.ts';

/** Bytes of a PDU while it is written: big endian (PS3.8 9.3.1). */
export class ByteSink {
  readonly #bytes: number[] = [];

  u8(...values: readonly number[]): this {
    this.#bytes.push(...values);
    return this;
  }

  u16(value: number): this {
    return this.u8((value >>> 8) & 0xff, value & 0xff);
  }

  u32(value: number): this {
    return this.u16(Math.floor(value / 0x1_0000)).u16(value % 0x1_0000);
  }

  put(bytes: Uint8Array): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  /** ASCII. Fails with VALUE for what is not. */
  text(text: string): this {
    for (const char of text) {
      const code = char.codePointAt(0) ?? 0;
      if (code < 0x20 || code > 0x7e) throw new ProtocolError('VALUE');
      this.#bytes.push(code);
    }
    return this;
  }

  /** An AE title in its 16 bytes (PS3.8 table 9-11). */
  title(title: string): this {
    if (title.length > 16) throw new ProtocolError('VALUE');
    return this.text(title.padEnd(16));
  }

  /** A UID behind its length of 16 bits. */
  sizedText(text: string): this {
    return this.u16(text.length).text(text);
  }

  sized(bytes: Uint8Array): this {
    return this.u16(bytes.length).put(bytes);
  }

  /** An item: type, a reserved byte, a length of 16 bits and what `write` puts (PS3.8 9.3.2.1). Fails with ITEM_LENGTH. */
  item(type: number, write: (content: ByteSink) => void): this {
    const content = new ByteSink();
    write(content);
    if (content.length > 0xffff) throw new ProtocolError('ITEM_LENGTH', { type, length: content.length });
    this.u8(type, 0).u16(content.length);
    for (const byte of content.#bytes) this.#bytes.push(byte);
    return this;
  }

  get length(): number {
    return this.#bytes.length;
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}
