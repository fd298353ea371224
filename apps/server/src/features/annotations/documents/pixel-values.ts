import type { AnnotationKind } from '@negatoscope/contract';
import { type MadeValue, type PixelPoint, type Region, regionOfDrawing } from '@negatoscope/dicom';
import type { RegionValues } from '../../../archive/pixels/index.ts';
import { conceptOf, DERIVATIONS, unitCode } from './pixel-codes.ts';

/** The part of a frame whose values an annotation reads: a region, or for a probe the pixel that holds it; undefined for others. */
export function readRegion(kind: AnnotationKind, points: readonly PixelPoint[]): Region | undefined {
  const [first] = points;
  if (kind !== 'PROBE' || first === undefined) return regionOfDrawing(kind, points);
  const [left, top] = [Math.floor(first[0]), Math.floor(first[1])];
  const corners = [[0, 0] as const, [1, 0] as const, [1, 1] as const, [0, 1] as const];
  return { kind: 'polygon', points: corners.map(([x, y]) => [left + x, top + y] as const) };
}

/** What was read of a frame for one annotation, as numbers of a report: of a probe one value, of a region its mean, deviation, minimum and maximum. */
export function pixelValues(
  kind: AnnotationKind,
  { unit, statistics }: RegionValues,
  { at, modality }: { readonly at: number; readonly modality: string | undefined },
): MadeValue[] {
  const found = statistics[at];
  if (found === undefined) return [];
  const concept = conceptOf(unit, modality);
  const code = unitCode(unit);
  if (kind === 'PROBE') return [{ concept, value: found.mean, unit: code }];
  return (['mean', 'deviation', 'min', 'max'] as const).map((name) => ({
    ...{ concept, derivation: DERIVATIONS[name], value: found[name], unit: code },
  }));
}
