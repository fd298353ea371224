import type { AnnotationKind } from '@negatoscope/contract';
import { type Code, type MadeValue, type PixelPoint, type Region, regionOfDrawing, UCUM, ucumOf } from '@negatoscope/dicom';
import type { RegionValues } from '../../../archive/pixels/index.ts';

const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });
const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning });

/** What a value of a pixel is (PS3.16 CID 7469), by what is written beside it. */
const BY_UNIT: Readonly<Record<string, Code>> = {
  HU: dcm('112031', 'Attenuation Coefficient'),
  SUV: dcm('126401', 'SUVbw'),
  'Bq/ml': dcm('110821', 'Nuclear Medicine Tomographic Activity'),
  Gy: dcm('128513', 'Absorbed Dose'),
};
/** The same by the modality, where no unit tells. */
const BY_MODALITY: Readonly<Record<string, Code>> = {
  ...Object.fromEntries(['CR', 'DX', 'MG', 'XA', 'RF', 'IO', 'PX'].map((one) => [one, dcm('110850', 'X-Ray Attenuation')])),
  MR: dcm('110852', 'MR signal intensity'),
  US: dcm('110849', 'Echogenicity'),
  NM: dcm('110820', 'Nuclear Medicine Projection Activity'),
};
/** The standard has no code for a value of which nothing is known. */
const PIXEL_VALUE: Code = { value: 'PIXEL_VALUE', scheme: '99NEGATOSCOPE', meaning: 'Pixel value' };

/** PS3.16 CID 7464. */
const DERIVATIONS = {
  mean: sct('373098007', 'Mean'),
  deviation: sct('386136009', 'Standard Deviation'),
  min: sct('255605001', 'Minimum'),
  max: sct('56851009', 'Maximum'),
} as const;

const MEANINGS: Readonly<Record<string, string>> = {
  HU: 'Hounsfield unit',
  SUV: 'Standardized Uptake Value body weight',
  'Bq/ml': 'Becquerels per milliliter',
};

function unitCode(unit: string | undefined): Code {
  const value = unit === 'SUV' ? UCUM.suv : ucumOf(unit);
  return { value, scheme: 'UCUM', meaning: unit === undefined ? 'no units' : (MEANINGS[unit] ?? unit) };
}

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
  const concept = BY_UNIT[unit ?? ''] ?? BY_MODALITY[modality ?? ''] ?? PIXEL_VALUE;
  const code = unitCode(unit);
  if (kind === 'PROBE') return [{ concept, value: found.mean, unit: code }];
  return (['mean', 'deviation', 'min', 'max'] as const).map((name) => ({
    ...{ concept, derivation: DERIVATIONS[name], value: found[name], unit: code },
  }));
}
