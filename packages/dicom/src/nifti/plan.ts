import type { DicomJsonObject } from '../types.ts';
import { type Affine, affineOf } from './affine.ts';
import { requireAlike } from './alike.ts';
import { stepOf } from './pile.ts';
import { placesOf, timedPlaces } from './places.ts';
import { NiftiRefusal } from './refusal.ts';
import { type Slice, sliceOf } from './slice.ts';

/** Codes of the NIfTI-1 header for what a voxel is. */
export const NIFTI_TYPES = { UINT8: 2, INT16: 4, FLOAT32: 16, INT8: 256, UINT16: 512 } as const;
export type NiftiType = keyof typeof NIFTI_TYPES;

export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
}

/** One frame of an instance; `frame` counts from 0. */
export interface NiftiFrame {
  readonly json: DicomJsonObject;
  readonly frame: number;
}

/** How a block of voxels is made of frames. */
export interface NiftiPlan {
  readonly columns: number;
  readonly rows: number;
  readonly slices: number;
  /** Time points; 1 for a block in space. */
  readonly volumes: number;
  readonly type: NiftiType;
  /** What readers do with the voxels; with `FLOAT32` nothing is left to do. */
  readonly scale: Rescale;
  readonly affine: Affine;
  /** Size of a voxel in mm. */
  readonly spacing: readonly [number, number, number];
  /** Which of the given frames comes when: slices from the lowest, time point after time point. */
  readonly order: readonly number[];
  /** Of each of the given frames, where they differ and are applied. */
  readonly applied: readonly Rescale[] | undefined;
}

/** The header counts in signed 16 bits. */
const MOST = 32_767;

function typeOf({ format: { bitsAllocated, pixelRepresentation } }: Slice): NiftiType {
  if (bitsAllocated === 8) return pixelRepresentation === 1 ? 'INT8' : 'UINT8';
  return pixelRepresentation === 1 ? 'INT16' : 'UINT16';
}

function valuesOf(first: Slice, slices: readonly Slice[]): Pick<NiftiPlan, 'type' | 'scale' | 'applied'> {
  const { slope, intercept } = first;
  const isOne = slices.every((one) => one.slope === slope && one.intercept === intercept);
  if (isOne) return { type: typeOf(first), scale: { slope, intercept }, applied: undefined };
  return { type: 'FLOAT32', scale: { slope: 1, intercept: 0 }, applied: slices };
}

/**
 * Plans one block of voxels of all these frames: parallel slices of one size at even distances, straight over each other, maybe at several time points.
 * Fails with NiftiRefusal, which says what they lack. Source: NIfTI-1.1 (nifti1.h), PS3.3 C.7.6.2, C.7.6.16.2, C.11.1. Not handled: colour, 32 bits,
 * floats, tables of values, echoes or b-values in one series.
 */
export function planNifti(frames: readonly NiftiFrame[]): NiftiPlan {
  const slices = frames.map(({ json, frame }) => sliceOf(json, frame));
  const [one] = slices;
  if (one === undefined) throw new NiftiRefusal('NO_GEOMETRY');
  requireAlike(one, slices);
  const timed = timedPlaces(placesOf(one, slices), slices);
  const volumes = timed[0]?.length ?? 1;
  const at = (time: number): number[] => timed.map((place) => place[time] ?? 0);
  const pileOf = (time: number): Slice[] => at(time).map((index) => slices[index] ?? one);
  const steps = Array.from({ length: volumes }, (_, time) => stepOf(pileOf(time)));
  const [step = 1] = steps;
  const lowest = pileOf(0)[0] ?? one;
  const { rows, columns } = one.format;
  const most = Math.max(rows, columns, timed.length, volumes);
  if (most > MOST) throw new NiftiRefusal('TOO_LARGE', most);
  return {
    ...{ columns, rows, slices: timed.length, volumes, ...valuesOf(one, slices) },
    affine: affineOf(lowest, step),
    spacing: [one.dx, one.dy, step],
    order: Array.from({ length: volumes }, (_, time) => at(time)).flat(),
  };
}
