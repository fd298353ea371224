import type { Scalar } from './dataset.ts';
import type { Vr } from './tags.ts';

/** Bytes of one binary number by VR; OB-like and text VRs are absent. */
export const NUMBER_SIZE: Partial<Record<Vr, number>> = {
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

/** The word size to swap for raw little-endian bytes of the other-word VRs, 1 for everything written as it is given. */
export function swapSize(vr: Vr): number {
  return vr.startsWith('O') ? (NUMBER_SIZE[vr] ?? 1) : 1;
}

/** Reverses the bytes of every word of `size` bytes; a rest shorter than a word is kept. */
export function swapWords(bytes: Uint8Array, size: number): Uint8Array {
  if (size === 1) return bytes;
  const swapped = Buffer.from(bytes);
  const whole = swapped.subarray(0, swapped.length - (swapped.length % size));
  if (size === 2) whole.swap16();
  else if (size === 4) whole.swap32();
  else whole.swap64();
  return swapped;
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

export function encodeNumbers(vr: Vr, size: number, values: readonly Scalar[], isBigEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    putNumber(view, index * size, vr, value, !isBigEndian);
  });
  return bytes;
}
