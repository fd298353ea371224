const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Two letters for every 12 bits: half the steps, and no buffer for the short values that most are. */
const PAIRS = Array.from({ length: 4096 }, (_, bits) => ALPHABET.charAt(bits >>> 6) + ALPHABET.charAt(bits & 63));

/** Base64 of a few kilobytes (RFC 4648 section 4), as `InlineBinary` needs it (PS3.18 F.2.7). */
export function encodeBase64(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  let at = start;
  for (; at + 2 < end; at += 3) {
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += (PAIRS[bits >>> 12] ?? '') + (PAIRS[bits & 4095] ?? '');
  }
  if (end - at === 2) {
    const bits = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    text += `${PAIRS[bits >>> 4] ?? ''}${ALPHABET.charAt((bits & 15) << 2)}=`;
  } else if (end - at === 1) {
    text += `${PAIRS[(bytes[at] ?? 0) << 4] ?? ''}==`;
  }
  return text;
}

/** The bytes of a Base64 text; letters outside the alphabet count as zero. */
export function decodeBase64(text: string): Uint8Array {
  const letters = text.replace(/=+$/, '');
  const out = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let bits = 0;
  let at = 0;
  for (let index = 0; index < letters.length; index += 1) {
    bits = ((bits << 6) | Math.max(0, ALPHABET.indexOf(letters.charAt(index)))) & 0xffffff;
    if (index % 4 === 0) continue;
    out[at] = (bits >>> (6 - 2 * (index % 4))) & 0xff;
    at += 1;
  }
  return out;
}
