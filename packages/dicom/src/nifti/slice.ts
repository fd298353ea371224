import { jsonElement, jsonNumber, jsonNumbers } from '../json-access.ts';
import { frameFormatOf, pixelTagOf } from '../pixels/describe.ts';
import type { FrameFormat } from '../pixels/frame-format.ts';
import { frameSources } from '../pixels/functional-groups.ts';
import type { DicomJsonObject } from '../types.ts';
import { NiftiRefusal } from './refusal.ts';
import { cross, dot, lengthOf, plus, times, type Vector } from './vector.ts';

/** One frame as a slice of a block, in the patient's system of PS3.3 C.7.6.2.1.1 (LPS, mm). */
export interface Slice {
  readonly format: FrameFormat;
  /** Along a row, down a column, and across both: of length 1, at right angles. */
  readonly across: Vector;
  readonly down: Vector;
  readonly normal: Vector;
  /** Centre of the first pixel. */
  readonly position: Vector;
  /** Between columns. */
  readonly dx: number;
  /** Between rows. */
  readonly dy: number;
  readonly thickness: number | undefined;
  readonly slope: number;
  readonly intercept: number;
  /** By what images of one place may be time points: temporal position, then acquisition number. */
  readonly times: readonly (number | undefined)[];
}

const PLANE_ORIENTATION = '00209116';
const PLANE_POSITION = '00209113';
const PIXEL_MEASURES = '00289110';
const FRAME_CONTENT = '00209111';
const PIXEL_VALUES = '00289145';
/** Cosines are written with few digits. */
const RIGHT_ANGLE = 0.01;

const numbersOf = (json: DicomJsonObject, frame: number, sequence: string, tag: string): readonly number[] =>
  frameSources(json, frame, sequence)
    .map((source) => jsonNumbers(source, tag))
    .find(({ length }) => length > 0) ?? [];
const numberOf = (json: DicomJsonObject, frame: number, sequence: string, tag: string): number | undefined =>
  frameSources(json, frame, sequence)
    .map((source) => jsonNumber(source, tag))
    .find((value) => value !== undefined);

function formatOf(json: DicomJsonObject): FrameFormat {
  const format = frameFormatOf(json, pixelTagOf(json));
  if (format.samplesPerPixel !== 1 || !format.photometricInterpretation.startsWith('MONOCHROME'))
    throw new NiftiRefusal('COLOUR');
  const isKnown = !format.isFloat && (format.bitsAllocated === 8 || format.bitsAllocated === 16);
  if (!isKnown || format.bitsStored > format.highBit + 1) throw new NiftiRefusal('PIXELS_NOT_SUPPORTED', format.bitsAllocated);
  if (jsonElement(json, '00283000') !== undefined) throw new NiftiRefusal('MODALITY_TABLE');
  return format;
}

function axesOf(json: DicomJsonObject, frame: number): Pick<Slice, 'across' | 'down' | 'normal'> {
  const [a, b, c, d, e, f] = numbersOf(json, frame, PLANE_ORIENTATION, '00200037');
  if (a === undefined || b === undefined || c === undefined || d === undefined || e === undefined || f === undefined)
    throw new NiftiRefusal('NO_GEOMETRY');
  const [row, column]: [Vector, Vector] = [
    [a, b, c],
    [d, e, f],
  ];
  const isUnit = [row, column].every((one) => Math.abs(lengthOf(one) - 1) < RIGHT_ANGLE);
  if (!isUnit || Math.abs(dot(row, column)) > RIGHT_ANGLE) throw new NiftiRefusal('BAD_ORIENTATION');
  const across = times(row, 1 / lengthOf(row));
  const leaning = plus(column, across, -dot(column, across));
  const down = times(leaning, 1 / lengthOf(leaning));
  return { across, down, normal: cross(across, down) };
}

/** Slope and intercept of PS3.3 C.11.1; a slope of 0 counts as absent. */
function rescaleOf(json: DicomJsonObject, frame: number): Pick<Slice, 'slope' | 'intercept'> {
  return {
    slope: numberOf(json, frame, PIXEL_VALUES, '00281053') || 1,
    intercept: numberOf(json, frame, PIXEL_VALUES, '00281052') ?? 0,
  };
}

/**
 * Where a frame lies and how its pixels are written. `frame` counts from 0. Fails with NiftiRefusal: COLOUR, PIXELS_NOT_SUPPORTED, MODALITY_TABLE,
 * NO_GEOMETRY, BAD_ORIENTATION. Source: PS3.3 C.7.6.2, C.7.6.16.2.1 to C.7.6.16.2.4, C.11.1.
 */
export function sliceOf(json: DicomJsonObject, frame: number): Slice {
  const format = formatOf(json);
  const axes = axesOf(json, frame);
  const [x, y, z] = numbersOf(json, frame, PLANE_POSITION, '00200032');
  const [dy, dx] = numbersOf(json, frame, PIXEL_MEASURES, '00280030');
  const isSized = dx !== undefined && dy !== undefined && dx > 0 && dy > 0;
  if (x === undefined || y === undefined || z === undefined || !isSized) throw new NiftiRefusal('NO_GEOMETRY');
  return {
    ...{ format, ...axes, position: [x, y, z], dx, dy, ...rescaleOf(json, frame) },
    thickness: numberOf(json, frame, PIXEL_MEASURES, '00180050'),
    times: [
      numberOf(json, frame, FRAME_CONTENT, '00209128') ?? jsonNumber(json, '00200100'),
      numberOf(json, frame, FRAME_CONTENT, '00209156') ?? jsonNumber(json, '00200012'),
    ],
  };
}
