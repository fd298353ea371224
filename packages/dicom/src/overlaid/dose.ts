import { readNumber, readNumbers, readString } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';
import { type PixelPlane, pixelPlaneOf, type Triple } from './plane.ts';

/** RT Dose Module (PS3.3 C.8.8.3). */
const TAG = {
  sopInstanceUid: '00080018',
  frameOfReference: '00200052',
  frames: '00280008',
  rows: '00280010',
  columns: '00280011',
  bits: '00280100',
  signed: '00280103',
  units: '30040002',
  offsets: '3004000C',
  scaling: '3004000E',
} as const;

export interface DoseGrid {
  readonly sopInstanceUid: string;
  readonly frameOfReferenceUid: string | undefined;
  readonly rows: number;
  readonly columns: number;
  readonly bitsAllocated: 16 | 32;
  readonly isSigned: boolean;
  /** Gray, or parts of a dose that is not told, for one step of a stored value. */
  readonly scaling: number;
  readonly isGray: boolean;
  /** The plane of each frame. */
  readonly planes: readonly PixelPlane[];
}

export const isDose = (sopClassUid: string | undefined): boolean => sopClassUid === '1.2.840.10008.5.1.4.1.1.481.2';

const crossOf = ([a, b, c]: Triple, [x, y, z]: Triple): Triple => [b * z - c * y, c * x - a * z, a * y - b * x];

/** Where each frame lies, by Grid Frame Offset Vector (C.8.8.3.2): beginning with 0 it tells of ways along the normal, otherwise of places on the patient's axis. */
function planesOf(first: PixelPlane, offsets: readonly number[]): PixelPlane[] {
  const normal = crossOf(first.row, first.column);
  const [x, y, z] = first.position;
  return offsets.map((offset) => ({
    ...first,
    position: offsets[0] === 0 ? [x + normal[0] * offset, y + normal[1] * offset, z + normal[2] * offset] : [x, y, offset],
  }));
}

/** What a dose grid says of its values and frames; undefined for what is none, or has no place. */
export function doseGridOf(dataset: DicomJsonObject): DoseGrid | undefined {
  const sopInstanceUid = readString(dataset, TAG.sopInstanceUid);
  const first = pixelPlaneOf({ dataset, shared: undefined, own: undefined });
  const scaling = readNumber(dataset, TAG.scaling);
  const bits = readNumber(dataset, TAG.bits);
  if (sopInstanceUid === undefined || first === undefined || scaling === undefined || (bits !== 16 && bits !== 32))
    return undefined;
  const count = Math.max(1, readNumber(dataset, TAG.frames) ?? 1);
  const offsets = readNumbers(dataset, TAG.offsets) ?? [0];
  if (offsets.length !== count) return undefined;
  return {
    sopInstanceUid,
    frameOfReferenceUid: readString(dataset, TAG.frameOfReference),
    rows: readNumber(dataset, TAG.rows) ?? 0,
    columns: readNumber(dataset, TAG.columns) ?? 0,
    bitsAllocated: bits,
    isSigned: readNumber(dataset, TAG.signed) === 1,
    scaling,
    isGray: readString(dataset, TAG.units) === 'GY',
    planes: planesOf(first, offsets),
  };
}

/** The doses of a frame from its decoded bytes, little endian. */
export function doseValues(bytes: Uint8Array, { rows, columns, bitsAllocated, isSigned, scaling }: DoseGrid): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = bitsAllocated / 8;
  const values = new Float32Array(Math.min(rows * columns, Math.floor(bytes.length / width)));
  for (let at = 0; at < values.length; at += 1) {
    const place = at * width;
    const stored =
      width === 4
        ? isSigned
          ? view.getInt32(place, true)
          : view.getUint32(place, true)
        : isSigned
          ? view.getInt16(place, true)
          : view.getUint16(place, true);
    values[at] = stored * scaling;
  }
  return values;
}

/** From blue over green and yellow to red, `share` from 0 to 1. */
export function washColor(share: number): readonly [number, number, number] {
  const at = Math.min(1, Math.max(0, share)) * 4;
  const rising = (from: number): number => Math.round(Math.min(1, Math.max(0, at - from)) * 255);
  if (at < 1) return [0, rising(0), 255];
  if (at < 2) return [0, 255, 255 - rising(1)];
  if (at < 3) return [rising(2), 255, 0];
  return [255, 255 - rising(3), 0];
}
