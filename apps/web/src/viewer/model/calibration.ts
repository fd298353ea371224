import { type DicomJson, readItems, readNumber, readNumbers, readString, TAG } from './dicom-json.ts';

/**
 * How a distance in pixels becomes millimetres.
 * `calibrated`: spacing in the patient. `detector`: spacing at the detector, so what lies in the patient is smaller by an unknown
 * magnification. `estimated`: detector spacing divided by an estimated magnification. `none`: no millimetres may be shown.
 */
export type Calibration =
  | { readonly kind: 'calibrated' | 'detector' | 'estimated'; readonly spacing: Spacing }
  | { readonly kind: 'none' };

export interface Spacing {
  /** Distance between rows: vertical (mm). */
  readonly rowMm: number;
  /** Distance between columns: horizontal (mm). */
  readonly columnMm: number;
}

export const UNCALIBRATED: Calibration = { kind: 'none' };

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

function projectionCalibration(dataset: DicomJson, pixel: Spacing | undefined, imager: Spacing | undefined): Calibration {
  const type = readString(dataset, TAG.PixelSpacingCalibrationType);
  if (pixel !== undefined && (type === 'GEOMETRY' || type === 'FIDUCIAL')) return { kind: 'calibrated', spacing: pixel };
  if (pixel !== undefined && imager !== undefined && !isSame(pixel, imager)) return { kind: 'estimated', spacing: pixel };
  const detector = imager ?? pixel;
  if (detector === undefined) return UNCALIBRATED;
  const magnification = readNumber(dataset, TAG.EstimatedRadiographicMagnificationFactor);
  if (imager !== undefined && magnification !== undefined && magnification > 1) {
    return { kind: 'estimated', spacing: { rowMm: imager.rowMm / magnification, columnMm: imager.columnMm / magnification } };
  }
  return { kind: 'detector', spacing: detector };
}

/** A single region measured in centimetres on both axes; several regions may differ in scale and give nothing for the whole frame. */
function ultrasoundSpacing(dataset: DicomJson): Spacing | undefined {
  const regions = readItems(dataset, TAG.SequenceOfUltrasoundRegions);
  const region = regions[0];
  if (regions.length !== 1 || region === undefined) return undefined;
  const isSpatial =
    readNumber(region, TAG.PhysicalUnitsXDirection) === CENTIMETRES &&
    readNumber(region, TAG.PhysicalUnitsYDirection) === CENTIMETRES;
  const deltaX = Math.abs(readNumber(region, TAG.PhysicalDeltaX) ?? 0);
  const deltaY = Math.abs(readNumber(region, TAG.PhysicalDeltaY) ?? 0);
  return isSpatial ? toSpacing([deltaY * 10, deltaX * 10]) : undefined;
}

/**
 * Calibration of a frame from its dataset and, for enhanced objects, its Pixel Measures item.
 * Sources: PS3.3 10.7 (basic pixel spacing calibration), C.8.5.5 (US region calibration), C.7.6.16.2.1 (pixel measures).
 * Not handled: Pixel Aspect Ratio without a spacing, several ultrasound regions.
 */
export function readCalibration(dataset: DicomJson, pixelMeasures?: DicomJson): Calibration {
  const pixel = toSpacing(readNumbers(pixelMeasures, TAG.PixelSpacing) ?? readNumbers(dataset, TAG.PixelSpacing));
  const imager = toSpacing(readNumbers(dataset, TAG.ImagerPixelSpacing));
  if (PROJECTION_MODALITIES.has(readString(dataset, TAG.Modality) ?? '')) return projectionCalibration(dataset, pixel, imager);
  if (pixel !== undefined) return { kind: 'calibrated', spacing: pixel };
  const ultrasound = ultrasoundSpacing(dataset);
  if (ultrasound !== undefined) return { kind: 'calibrated', spacing: ultrasound };
  return imager === undefined ? UNCALIBRATED : { kind: 'detector', spacing: imager };
}

/** A position in image pixels: x along the row, y along the column, from the corner of the frame. */
export type PixelPoint = readonly [number, number];

export type Measurement = { readonly value: number; readonly unit: 'mm' | 'px'; readonly kind: Calibration['kind'] };

export function measureLength(a: PixelPoint, b: PixelPoint, calibration: Calibration): Measurement {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  if (calibration.kind === 'none') return { value: Math.hypot(dx, dy), unit: 'px', kind: 'none' };
  const { rowMm, columnMm } = calibration.spacing;
  return { value: Math.hypot(dx * columnMm, dy * rowMm), unit: 'mm', kind: calibration.kind };
}

/** Angle at `vertex` in degrees, 0 to 180, measured in millimetres where known so that anisotropic pixels do not distort it. */
export function measureAngle(a: PixelPoint, vertex: PixelPoint, b: PixelPoint, calibration: Calibration): number {
  const { rowMm, columnMm } = calibration.kind === 'none' ? { rowMm: 1, columnMm: 1 } : calibration.spacing;
  const ux = (a[0] - vertex[0]) * columnMm;
  const uy = (a[1] - vertex[1]) * rowMm;
  const vx = (b[0] - vertex[0]) * columnMm;
  const vy = (b[1] - vertex[1]) * rowMm;
  return (Math.abs(Math.atan2(ux * vy - uy * vx, ux * vx + uy * vy)) * 180) / Math.PI;
}

/** The longest round length (1, 2, 5 × 10ⁿ mm) not longer than `limitMm`; undefined for a useless limit. */
export function roundScaleLengthMm(limitMm: number): number | undefined {
  if (!Number.isFinite(limitMm) || limitMm <= 0) return undefined;
  const power = 10 ** Math.floor(Math.log10(limitMm));
  const factor = [5, 2, 1].find((step) => step * power <= limitMm * (1 + 1e-9)) ?? 1;
  return factor * power;
}
