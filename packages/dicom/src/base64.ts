const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CODES = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));
const PAD = 0x3d;

/** Base64 of a few kilobytes (RFC 4648 section 4), as `InlineBinary` needs it (PS3.18 F.2.7). */
export function base64(bytes: Uint8Array): string {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let at = 0;
  for (let index = 0; index < bytes.length; index += 3) {
    const rest = bytes.length - index;
    const bits = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    out[at] = CODES[bits >>> 18] ?? PAD;
    out[at + 1] = CODES[(bits >>> 12) & 63] ?? PAD;
    out[at + 2] = rest > 1 ? (CODES[(bits >>> 6) & 63] ?? PAD) : PAD;
    out[at + 3] = rest > 2 ? (CODES[bits & 63] ?? PAD) : PAD;
    at += 4;
  }
  let text = '';
  for (let index = 0; index < out.length; index += 4096) {
    // An array-like argument list is all `apply` needs.
    text += String.fromCharCode.apply(null, out.subarray(index, index + 4096) as unknown as number[]);
  }
  return text;
}
