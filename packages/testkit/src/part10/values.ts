import type { ElementValue, Scalar, TextEncoding } from './dataset.ts';
import type { Vr } from './tags.ts';

/** Bytes of one binary number by VR; OB-like and text VRs are absent. */
const NUMBER_SIZE: Partial<Record<Vr, number>> = {
  AT: 4,
  FD: 8,
  FL: 4,
  OD: 8,
  OF: 4,
  OL: 4,
  OV: 8,
  OW: 2,
  SL: 4,
  SS: 2,
  SV: 8,
  UL: 4,
  US: 2,
  UV: 8,
};

/** Text VRs in which SpecificCharacterSet applies (PS3.5 6.1.2.2); all others are ASCII. */
const CHARSET_VRS: ReadonlySet<Vr> = new Set<Vr>(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);

/** The word size to swap for raw little-endian bytes of the other-word VRs, 1 for everything written as it is given. */
function swapSize(vr: Vr): number {
  return vr.startsWith('O') ? (NUMBER_SIZE[vr] ?? 1) : 1;
}

/** Reverses the bytes of every word of `size` bytes; a rest shorter than a word is kept. */
function swapWords(bytes: Uint8Array, size: number): Uint8Array {
  if (size === 1) return bytes;
  const swapped = Buffer.from(bytes);
  const whole = swapped.subarray(0, swapped.length - (swapped.length % size));
  if (size === 2) whole.swap16();
  else if (size === 4) whole.swap32();
  else whole.swap64();
  return swapped;
}

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

function putNumber(view: DataView, offset: number, vr: Vr, value: Scalar, littleEndian: boolean): void {
  const number = Number(value);
  if (vr === 'US' || vr === 'SS' || vr === 'OW') view.setUint16(offset, number & 0xffff, littleEndian);
  else if (vr === 'UL' || vr === 'SL' || vr === 'OL') view.setUint32(offset, number >>> 0, littleEndian);
  else if (vr === 'FL' || vr === 'OF') view.setFloat32(offset, number, littleEndian);
  else if (vr === 'FD' || vr === 'OD') view.setFloat64(offset, number, littleEndian);
  else if (vr === 'AT') {
    view.setUint16(offset, (number >>> 16) & 0xffff, littleEndian);
    view.setUint16(offset + 2, number & 0xffff, littleEndian);
  } else view.setBigUint64(offset, BigInt.asUintN(64, BigInt(value)), littleEndian);
}

function encodeNumbers(vr: Vr, size: number, values: readonly Scalar[], isBigEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    putNumber(view, index * size, vr, value, !isBigEndian);
  });
  return bytes;
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
