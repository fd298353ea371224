import { asUtf8, convert, cutBytes } from './charset-library.ts';
import { ESCAPE, latin1 } from './latin.ts';

/** More changes of code element than any prose has: each costs a decoder, and a hostile value could hold one per byte. */
const MAX_CHANGES = 8000;

/** Whether a value goes so often from one code element to another: by escapes, or between the lower and the upper half. */
export function changesTooOften(value: Uint8Array): boolean {
  let count = 0;
  let previous = 0;
  for (const byte of value) {
    if (byte === ESCAPE || (byte ^ previous) > 0x7f) count += 1;
    previous = byte;
  }
  return count > MAX_CHANGES;
}

/** What bytes say that the declared character set can't be: UTF-8, whole or cut at its end, else ISO 8859-1 where it leaves no control characters. */
export function otherReading(value: Uint8Array, vr: string): string | undefined {
  if (value.includes(ESCAPE)) return undefined;
  const unicode = asUtf8(value, vr) ?? asUtf8(value.subarray(0, value.length - cutBytes(value)), vr);
  if (unicode !== undefined) return unicode;
  return value.some((byte) => byte >= 0x80 && byte < 0xa0) ? undefined : latin1(value, 0, value.length);
}

/** Text of a value whose character set is not declared. */
export function guess(value: Uint8Array, vr: string): string {
  if (!value.includes(ESCAPE)) return asUtf8(value, vr) ?? latin1(value, 0, value.length);
  if (changesTooOften(value)) return withoutEscapes(value);
  // Escape sequences without a declaration: Japanese files of old are the ones known to do so.
  const terms = 'ISO 2022 IR 6\\ISO 2022 IR 87\\ISO 2022 IR 159\\ISO 2022 IR 13\\ISO 2022 IR 149\\ISO 2022 IR 58';
  const text = convert(terms, value, vr);
  return text === undefined || text.includes('\ufffd') ? withoutEscapes(value) : text;
}

export const withoutEscapes = (value: Uint8Array): string => latin1(value, 0, value.length).replaceAll('\u001b', '');
