import type { ElementValue, Scalar, TextEncoding } from './dataset.ts';
import { encodeNumbers, NUMBER_SIZE, swapSize, swapWords } from './number-bytes.ts';
import type { Vr } from './tags.ts';

/** Text VRs in which SpecificCharacterSet applies (PS3.5 6.1.2.2); all others are ASCII. */
const CHARSET_VRS: ReadonlySet<Vr> = new Set<Vr>(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);

/** Decimal string of at most 16 bytes (PS3.5 6.2, DS). */
export function decimalString(value: number): string {
  const plain = String(value);
  if (plain.length <= 16) return plain;
  for (let digits = 14; digits > 1; digits--) {
    const short = String(Number(value.toPrecision(digits)));
    if (short.length <= 16) return short;
  }
  return value.toExponential(6);
}

function padEven(bytes: Uint8Array, padding: number): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const padded = new Uint8Array(bytes.length + 1);
  padded.set(bytes);
  padded[bytes.length] = padding;
  return padded;
}

function encodeText(vr: Vr, values: readonly Scalar[], encoding: TextEncoding): Uint8Array {
  const text = values
    .map((value) => (typeof value === 'number' ? (vr === 'DS' ? decimalString(value) : String(value)) : String(value)))
    .join('\\');
  const usable = CHARSET_VRS.has(vr) ? encoding : 'ascii';
  // Buffer's own ascii encoder silently writes latin1; a stray accent in a phantom is a bug of the phantom.
  if (usable === 'ascii' && /\P{ASCII}/u.test(text))
    throw new RangeError(`testkit: non-ASCII text in ${vr} without a character set`);
  return padEven(Buffer.from(text, usable === 'utf8' ? 'utf8' : 'latin1'), vr === 'UI' ? 0 : 0x20);
}

export interface ValueContext {
  readonly isBigEndian: boolean;
  readonly text: TextEncoding;
}

/**
 * Encodes the value of anything but a sequence. Bytes are written as given; those of OW, OL, OF, OD and OV are taken as little endian and
 * swapped for big endian. Text and raw bytes are padded to an even length (PS3.5 6.2: UI and OB with zero, the others with a space).
 */
export function encodeValue(vr: Vr, value: ElementValue, context: ValueContext): Uint8Array {
  if (value === null) return new Uint8Array(0);
  if (value instanceof Uint8Array) {
    const isBinary = vr.startsWith('O') || vr === 'UN' || vr === 'UI' || NUMBER_SIZE[vr] !== undefined;
    return padEven(context.isBigEndian ? swapWords(value, swapSize(vr)) : value, isBinary ? 0 : 0x20);
  }
  // A sequence never arrives here: the writer handles items itself.
  const values = (Array.isArray(value) ? value : [value]) as readonly Scalar[];
  const size = NUMBER_SIZE[vr];
  if (size !== undefined) return encodeNumbers(vr, size, values, context.isBigEndian);
  if (vr === 'OB' || vr === 'UN') return padEven(Uint8Array.from(values, Number), 0);
  return encodeText(vr, values, context.text);
}
