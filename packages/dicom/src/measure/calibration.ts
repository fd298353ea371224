import { jsonString } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';
import { decimal, decimals, itemsOf } from './decimals.ts';

/**
 * How a distance in pixels becomes millimetres.
 * `calibrated`: spacing in the patient. `detector`: spacing at the detector, so what lies in the patient is smaller by an unknown
 * magnification. `estimated`: detector spacing divided by an estimated magnification. `regions`: each region of an ultrasound frame has a
 * scale of its own, and outside of them there is none. `none`: no millimetres may be shown.
 */
export type Calibration =
  | { readonly kind: 'calibrated' | 'detector' | 'estimated'; readonly spacing: Spacing }
  | { readonly kind: 'regions'; readonly regions: readonly CalibratedRegion[] }
  | { readonly kind: 'none' };

/** A region of an ultrasound frame (PS3.3 C.8.5.5): pixels from `left`, `top` to `right`, `bottom`, all included. */
export interface CalibratedRegion {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Undefined where the axes are no distances: time, velocity, amplitude. */
  readonly spacing: Spacing | undefined;
}

export interface Spacing {
  /** Distance between rows: vertical (mm). */
  readonly rowMm: number;
  /** Distance between columns: horizontal (mm). */
  readonly columnMm: number;
}

export const UNCALIBRATED: Calibration = { kind: 'none' };

const TAG = {
  Modality: '00080060',
  EstimatedRadiographicMagnificationFactor: '00181114',
  ImagerPixelSpacing: '00181164',
  SequenceOfUltrasoundRegions: '00186011',
  RegionFlags: '00186016',
  RegionLocationMinX0: '00186018',
  RegionLocationMinY0: '0018601A',
  RegionLocationMaxX1: '0018601C',
  RegionLocationMaxY1: '0018601E',
  PhysicalUnitsXDirection: '00186024',
  PhysicalUnitsYDirection: '00186026',
  PhysicalDeltaX: '0018602C',
  PhysicalDeltaY: '0018602E',
  PixelSpacing: '00280030',
  PixelSpacingCalibrationType: '00280A02',
} as const;

/** Projection radiography: Pixel Spacing is not a distance in the patient unless its calibration says so (PS3.3 10.7.1.3). */
const PROJECTION_MODALITIES = new Set(['CR', 'DX', 'DR', 'MG', 'IO', 'PX', 'XA', 'RF', 'RG']);

const CENTIMETRES = 3;

function toSpacing(values: readonly number[] | undefined): Spacing | undefined {
  const rowMm = values?.[0];
  const columnMm = values?.[1] ?? rowMm;
  if (rowMm === undefined || columnMm === undefined || rowMm <= 0 || columnMm <= 0) return undefined;
  return { rowMm, columnMm };
}

const isSame = (a: Spacing, b: Spacing): boolean =>
  Math.abs(a.rowMm - b.rowMm) < 1e-6 && Math.abs(a.columnMm - b.columnMm) < 1e-6;

function projectionCalibration(dataset: DicomJsonObject, pixel: Spacing | undefined, imager: Spacing | undefined): Calibration {
  const type = jsonString(dataset, TAG.PixelSpacingCalibrationType);
  if (pixel !== undefined && (type === 'GEOMETRY' || type === 'FIDUCIAL')) return { kind: 'calibrated', spacing: pixel };
  if (pixel !== undefined && imager !== undefined && !isSame(pixel, imager)) return { kind: 'estimated', spacing: pixel };
  const detector = imager ?? pixel;
  if (detector === undefined) return UNCALIBRATED;
  const magnification = decimal(dataset, TAG.EstimatedRadiographicMagnificationFactor);
  if (imager !== undefined && magnification !== undefined && magnification > 1) {
    return { kind: 'estimated', spacing: { rowMm: imager.rowMm / magnification, columnMm: imager.columnMm / magnification } };
  }
  return { kind: 'detector', spacing: detector };
}

function readRegion(region: DicomJsonObject): CalibratedRegion | undefined {
  const [left, top, right, bottom] = [
    TAG.RegionLocationMinX0,
    TAG.RegionLocationMinY0,
    TAG.RegionLocationMaxX1,
    TAG.RegionLocationMaxY1,
  ].map((tag) => decimal(region, tag));
  if (left === undefined || top === undefined || right === undefined || bottom === undefined) return undefined;
  const isSpatial =
    decimal(region, TAG.PhysicalUnitsXDirection) === CENTIMETRES && decimal(region, TAG.PhysicalUnitsYDirection) === CENTIMETRES;
  const deltaX = Math.abs(decimal(region, TAG.PhysicalDeltaX) ?? 0);
  const deltaY = Math.abs(decimal(region, TAG.PhysicalDeltaY) ?? 0);
  return { left, top, right, bottom, spacing: isSpatial ? toSpacing([deltaY * 10, deltaX * 10]) : undefined };
}

/** Bit 0 of Region Flags: the pixels belong to another region where two overlap. */
const isLowPriority = (region: DicomJsonObject): boolean => ((decimal(region, TAG.RegionFlags) ?? 0) & 1) === 1;

/** The regions of an ultrasound frame, those that own shared pixels first. */
function readRegions(dataset: DicomJsonObject): CalibratedRegion[] {
  const items = itemsOf(dataset, TAG.SequenceOfUltrasoundRegions);
  const ordered = [...items.filter((item) => !isLowPriority(item)), ...items.filter(isLowPriority)];
  return ordered.map(readRegion).filter((region) => region !== undefined);
}

/**
 * Calibration of a frame from its dataset and, for enhanced objects, its Pixel Measures item.
 * Sources: PS3.3 10.7 (basic pixel spacing calibration), C.8.5.5 (US region calibration), C.7.6.16.2.1 (pixel measures).
 * Regions of an ultrasound frame say more than a Pixel Spacing beside them, which then counts for nothing.
 */
export function readCalibration(dataset: DicomJsonObject, pixelMeasures?: DicomJsonObject): Calibration {
  const pixel = toSpacing(decimals(pixelMeasures, TAG.PixelSpacing) ?? decimals(dataset, TAG.PixelSpacing));
  const imager = toSpacing(decimals(dataset, TAG.ImagerPixelSpacing));
  if (PROJECTION_MODALITIES.has(jsonString(dataset, TAG.Modality) ?? '')) return projectionCalibration(dataset, pixel, imager);
  const regions = readRegions(dataset);
  if (regions.length > 0) return { kind: 'regions', regions };
  if (pixel !== undefined) return { kind: 'calibrated', spacing: pixel };
  return imager === undefined ? UNCALIBRATED : { kind: 'detector', spacing: imager };
}

/** The one scale of a whole frame, for its scale bar; undefined where there is none, or several. */
export function frameSpacing(calibration: Calibration): Spacing | undefined {
  if (calibration.kind === 'none') return undefined;
  if (calibration.kind !== 'regions') return calibration.spacing;
  const spacings = calibration.regions.flatMap(({ spacing }) => (spacing === undefined ? [] : [spacing]));
  const [first] = spacings;
  return first !== undefined && spacings.every((one) => isSame(one, first)) ? first : undefined;
}

/** The longest round length (1, 2, 5 × 10ⁿ mm) not longer than `limitMm`; undefined for a useless limit. */
export function roundScaleLengthMm(limitMm: number): number | undefined {
  if (!Number.isFinite(limitMm) || limitMm <= 0) return undefined;
  const power = 10 ** Math.floor(Math.log10(limitMm));
  const factor = [5, 2, 1].find((step) => step * power <= limitMm * (1 + 1e-9)) ?? 1;
  return factor * power;
}
