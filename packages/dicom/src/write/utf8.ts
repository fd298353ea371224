function utf8Length(text: string): number {
  let length = 0;
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}

/** Writes text from its unit `from` on as UTF-8; gives the place behind it. At most three bytes for each unit of UTF-16; lone surrogates become U+FFFD. */
export function putUtf8(bytes: Uint8Array, place: number, text: string, from: number): number {
  let at = place;
  for (let index = from; index < text.length; index += 1) {
    const point = text.codePointAt(index) ?? 0;
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (code < 0x80) {
      bytes[at] = code;
      at += 1;
      continue;
    }
    if (code < 0x800) {
      bytes[at] = 0xc0 | (code >> 6);
      at += 1;
    } else {
      if (code < 0x10000) {
        bytes[at] = 0xe0 | (code >> 12);
        at += 1;
      } else {
        bytes[at] = 0xf0 | (code >> 18);
        bytes[at + 1] = 0x80 | ((code >> 12) & 63);
        at += 2;
        // Its second unit.
        index += 1;
      }
      bytes[at] = 0x80 | ((code >> 6) & 63);
      at += 1;
    }
    bytes[at] = 0x80 | (code & 63);
    at += 1;
  }
  return at;
}

/** UTF-8 without a platform's encoder; lone surrogates become U+FFFD. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  putUtf8(bytes, 0, text, 0);
  return bytes;
}
