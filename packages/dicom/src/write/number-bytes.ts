import type { DicomJsonValue } from '../types.ts';
import { DatasetWriteError } from './error.ts';

function numberOf(value: DicomJsonValue): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) throw new DatasetWriteError('VALUE');
  return number;
}

function wholeOf(value: DicomJsonValue, least: number, most: number): number {
  const number = numberOf(value);
  if (!Number.isInteger(number) || number < least || number > most) throw new DatasetWriteError('VALUE');
  return number;
}

/** How JSON tells what it has no number for (PS3.18 F.2.3). */
const NO_NUMBERS = new Map<DicomJsonValue, number>([
  ['NaN', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
]);

function floatOf(value: DicomJsonValue, most: number): number {
  const number = NO_NUMBERS.get(value) ?? numberOf(value);
  // A number that is too large would become infinite.
  if (Number.isFinite(number) && Math.abs(number) > most) throw new DatasetWriteError('VALUE');
  return number;
}

/** A whole number of 64 bits, by what cuts another one to that. */
function longOf(value: DicomJsonValue, cut: (bits: number, value: bigint) => bigint): bigint {
  try {
    const isText = typeof value === 'string' && value.trim() !== '';
    const number = BigInt(isText || typeof value === 'number' ? value : Number.NaN);
    if (cut(64, number) === number) return number;
  } catch {
    // No whole number: as one that is too large.
  }
  throw new DatasetWriteError('VALUE');
}

const MOST_FLOAT = (2 - 2 ** -23) * 2 ** 127;
export type NumberWriter = (view: DataView, at: number, value: DicomJsonValue) => void;
/** Bytes of a number of each VR, and what writes it little endian. */
export const NUMBERS: Readonly<Record<string, readonly [number, NumberWriter]>> = {
  US: [2, (view, at, value) => view.setUint16(at, wholeOf(value, 0, 0xffff), true)],
  SS: [2, (view, at, value) => view.setInt16(at, wholeOf(value, -0x8000, 0x7fff), true)],
  UL: [4, (view, at, value) => view.setUint32(at, wholeOf(value, 0, 0xffff_ffff), true)],
  SL: [4, (view, at, value) => view.setInt32(at, wholeOf(value, -0x8000_0000, 0x7fff_ffff), true)],
  FL: [4, (view, at, value) => view.setFloat32(at, floatOf(value, MOST_FLOAT), true)],
  FD: [8, (view, at, value) => view.setFloat64(at, floatOf(value, Number.MAX_VALUE), true)],
  SV: [8, (view, at, value) => view.setBigInt64(at, longOf(value, BigInt.asIntN), true)],
  UV: [8, (view, at, value) => view.setBigUint64(at, longOf(value, BigInt.asUintN), true)],
};
