/** ESC, which changes the character set (PS3.5 6.1.2.5). */
export const ESCAPE = 0x1b;

/** Text of bytes that each stand for the Unicode character of the same number (ASCII, ISO 8859-1). */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  if (end - start <= 12) {
    let short = '';
    for (let index = start; index < end; index += 1) short += String.fromCharCode(bytes[index] ?? 0);
    return short;
  }
  if (end - start <= 4096) return fromBytes(bytes.subarray(start, end));
  let text = '';
  for (let index = start; index < end; index += 4096) text += fromBytes(bytes.subarray(index, Math.min(index + 4096, end)));
  return text;
}

function fromBytes(bytes: Uint8Array): string {
  // An array-like argument list is all `apply` needs; copying to an array costs five times as much.
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}

/** Whether ASCII is all that there is, without a change to another set. */
export function isPlainAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte > 0x7f || byte === ESCAPE) return false;
  }
  return true;
}

const LATIN9: Readonly<Record<string, string>> = {
  '¤': '€',
  '¦': 'Š',
  '¨': 'š',
  '´': 'Ž',
  '¸': 'ž',
  '¼': 'Œ',
  '½': 'œ',
  '¾': 'Ÿ',
};
/** Latin alphabet No. 9 (ISO-IR 203, ISO 8859-15) is No. 1 but for eight letters, of which French writes three. */
export const withLatin9 = (text: string): string => text.replaceAll(/[¤¦¨´¸¼½¾]/g, (letter) => LATIN9[letter] ?? letter);
