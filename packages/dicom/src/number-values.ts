import type { Doubt, RawValue } from './raw-value.ts';
import type { DicomJsonValue } from './types.ts';
import type { VrInfo } from './vr.ts';

type NumberReader = (view: DataView, at: number, littleEndian: boolean) => DicomJsonValue;

/** Numbers JSON has no form for, or would round, become text (PS3.18 F.2.3). */
function exactInteger(value: bigint): DicomJsonValue {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}

function finite(value: number): DicomJsonValue {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'inf' : '-inf';
}

const FLOAT_BYTES = 4;

const READERS: Readonly<Record<string, NumberReader>> = {
  US: (view, at, little) => view.getUint16(at, little),
  SS: (view, at, little) => view.getInt16(at, little),
  UL: (view, at, little) => view.getUint32(at, little),
  SL: (view, at, little) => view.getInt32(at, little),
  FL: (view, at, little) => finite(view.getFloat32(at, little)),
  FD: (view, at, little) => finite(view.getFloat64(at, little)),
  SV: (view, at, little) => exactInteger(view.getBigInt64(at, little)),
  UV: (view, at, little) => exactInteger(view.getBigUint64(at, little)),
};

/** The values of an FL (PS3.5 6.2) that stands outside of its dataset, little endian; bytes that make no whole value are none. */
export function floatValues(bytes: Uint8Array): DicomJsonValue[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / FLOAT_BYTES) }, (_, at) =>
    finite(view.getFloat32(at * FLOAT_BYTES, true)),
  );
}

export function numberValues(vr: VrInfo, raw: RawValue, doubt: Doubt): DicomJsonValue[] {
  const read = READERS[vr.name];
  const values: DicomJsonValue[] = [];
  if (read === undefined) return values;
  const size = vr.wordBytes;
  if ((raw.end - raw.start) % size !== 0) doubt('LENGTH_NOT_MULTIPLE');
  for (let at = raw.start; at + size <= raw.end; at += size) values.push(read(raw.view, at, raw.littleEndian));
  return values;
}
