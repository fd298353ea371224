/// <reference path="./dicom-character-set.d.ts" />
import { convertBytes } from 'dicom-character-set';
import { ESCAPE, withLatin9 } from './latin.ts';

/** The value with the escape of ISO-IR 203 (PS3.3 table C.12-3) made that of ISO-IR 100. */
const asLatin1 = (value: Uint8Array): Uint8Array =>
  value.map((byte, at) => (byte === 0x62 && value[at - 1] === 0x2d && value[at - 2] === ESCAPE ? 0x41 : byte));

/** The text of a value by its terms; undefined where these or an escape in it are unknown. */
export function convert(terms: string, value: Uint8Array, vr: string): string | undefined {
  try {
    // The library knows no ISO-IR 203. Signs of other sets beside it are taken for its letters: nobody writes two of these in one value.
    if (!terms.includes('IR 203')) return convertBytes(terms, value, { vr });
    return withLatin9(convertBytes(terms.replaceAll('IR 203', 'IR 100'), asLatin1(value), { vr }));
  } catch {
    return undefined; // The library throws plain errors for unknown terms and escapes; the caller has its fallbacks.
  }
}

/**
 * The value as UTF-8 when all of it is, which text of ISO 8859-1 never happens to be: a capital with an accent would have to stand before a
 * sign or a control character, at every place.
 */
export function asUtf8(value: Uint8Array, vr: string): string | undefined {
  if (value.includes(ESCAPE) || !value.some((byte) => byte >= 0xc2)) return undefined;
  const text = convert('ISO_IR 192', value, vr);
  return text?.includes('\ufffd') === true ? undefined : text;
}

/** How many bytes the beginning of a cut character has at the end of UTF-8: fields of a fixed length are cut anywhere. */
export function cutBytes(value: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, value.length); back += 1) {
    const byte = value[value.length - back] ?? 0;
    if (byte >= 0xc2) return back;
    if (byte < 0x80) return 0;
  }
  return 0;
}
