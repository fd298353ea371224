import { el } from '../elements-fixture.ts';
import type { DicomJsonObject } from '../types.ts';
import { type NiftiPlan, planNifti } from './plan.ts';
import { NiftiRefusal } from './refusal.ts';

type Position = readonly [number, number, number];

/** A slice of 3 columns and 2 rows. */
export const sliceAt = ([x, y, z]: Position, more: DicomJsonObject = {}): DicomJsonObject => ({
  '00280002': el('US', 1),
  '00280004': el('CS', 'MONOCHROME2'),
  '00280010': el('US', 2),
  '00280011': el('US', 3),
  '00280030': el('DS', 0.5, 0.25),
  '00280100': el('US', 16),
  '00280101': el('US', 12),
  '00280102': el('US', 11),
  '00280103': el('US', 0),
  '00200032': el('DS', x, y, z),
  '00200037': el('DS', 1, 0, 0, 0, 1, 0),
  ...more,
});

/** Axial slices straight over each other. */
export const pile = (heights: readonly number[], more: (index: number) => DicomJsonObject = () => ({})): DicomJsonObject[] =>
  heights.map((z, index) => sliceAt([10, 20, z], more(index)));

export const planOf = (slices: readonly DicomJsonObject[]): NiftiPlan => planNifti(slices.map((json) => ({ json, frame: 0 })));

/** Why no plan is made, with what was measured. Fails where one is made. */
export function refusalOf(slices: readonly DicomJsonObject[]): [string, number | undefined] {
  try {
    planOf(slices);
  } catch (error) {
    if (error instanceof NiftiRefusal) return [error.code, error.value];
    throw error;
  }
  throw new Error('a plan was made');
}
