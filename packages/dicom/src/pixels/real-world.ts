import { jsonItems, jsonNumber, jsonNumbers, jsonString } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';
import { frameSources } from './functional-groups.ts';
import type { ModalityTransform } from './modality.ts';
import type { Window } from './voi.ts';

/** What the stored values of a parametric map stand for (PS3.3 C.7.6.16.2.11). */
export interface RealWorld {
  readonly transform: Extract<ModalityTransform, { kind: 'rescale' }>;
  /** Undefined where the values have none, or none that is told. */
  readonly unit: string | undefined;
}

export const isParametricMap = (json: DicomJsonObject): boolean => jsonString(json, '00080016') === '1.2.840.10008.5.1.4.1.1.30';

/** A UCUM code as it is written beside a number; 1 is no unit, and what stands in braces is a word. */
function unitOfCode(item: DicomJsonObject): string | undefined {
  const [code] = jsonItems(item, '004008EA');
  const value = code === undefined ? undefined : (jsonString(code, '00080100') ?? jsonString(code, '00080119'));
  if (value === undefined || value === '1' || value.length > 32) return undefined;
  return value === "[hnsf'U]" ? 'HU' : value.replace(/^\{(.*)\}$/, '$1');
}

/** First item of the mappings of a frame: its own, the shared ones, those of the dataset. */
function mappingOf(json: DicomJsonObject, frame: number): DicomJsonObject | undefined {
  const groups = frameSources(json, frame, '00409096').slice(0, -1);
  return groups[0] ?? jsonItems(json, '00409096')[0];
}

/**
 * The real world value of what a parametric map stores: a line. A map that has a table instead, or none, gives undefined: its values are shown as they are
 * stored, without a unit. `frame` counts from 0.
 */
export function realWorldOf(json: DicomJsonObject, frame: number): RealWorld | undefined {
  if (!isParametricMap(json)) return undefined;
  const item = mappingOf(json, frame);
  if (item === undefined || jsonNumbers(item, '00409212').length > 0) return undefined;
  const [slope, intercept] = [jsonNumber(item, '00409225') ?? 1, jsonNumber(item, '00409224') ?? 0];
  if (slope === 0 || !Number.isFinite(slope) || !Number.isFinite(intercept)) return undefined;
  return { transform: { kind: 'rescale', slope, intercept }, unit: unitOfCode(item) };
}

/** A window of stored values as one of what they stand for. */
export function realWorldWindow(window: Window, { transform: { slope, intercept } }: RealWorld): Window {
  const width = window.width * Math.abs(slope);
  const shape = window.shape === 'linear' ? 'linear-exact' : window.shape;
  // LINEAR is defined by steps of whole stored values (C.11.2.1.2.1): the same ends, as LINEAR_EXACT has them.
  const [center, wide] =
    window.shape === 'linear' && window.width > 1
      ? [window.center - 0.5, (window.width - 1) * Math.abs(slope)]
      : [window.center, width];
  return { kind: 'window', center: center * slope + intercept, width: wide, shape };
}
