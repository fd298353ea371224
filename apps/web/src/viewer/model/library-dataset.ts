import type { Calibration } from './calibration.ts';
import { type DicomElement, type DicomJson, readNumbers, readString, TAG } from './dicom-json.ts';
import { parsePlaneOrientation } from './geometry.ts';

const isPositivePair = (values: readonly number[] | undefined): boolean =>
  values !== undefined && values.length >= 2 && values.every((value) => value > 0);

/** Spacing for drawing only: true millimetres where known, else the proportions of Pixel Aspect Ratio (PS3.3 C.7.6.3.1.7). */
function drawingSpacing(dataset: DicomJson, calibration: Calibration): number[] | undefined {
  if (calibration.kind !== 'none') return [calibration.spacing.rowMm, calibration.spacing.columnMm];
  const ratio = readNumbers(dataset, TAG.PixelAspectRatio);
  const [vertical, horizontal] = ratio ?? [];
  return vertical && horizontal && isPositivePair(ratio) ? [vertical / horizontal, 1] : undefined;
}

/**
 * The dataset as the drawing library can bear it: a modality always, spacing positive or absent, orientation whole or absent.
 * With zeros there it draws nothing. What measurements say comes from {@link Calibration}, never from this copy.
 */
export function toLibraryDataset(dataset: DicomJson, calibration: Calibration): DicomJson {
  const copy: Record<string, DicomElement> = { ...dataset };
  if (readString(dataset, TAG.Modality) === undefined) copy[TAG.Modality] = { vr: 'CS', Value: ['OT'] };
  if (!isPositivePair(readNumbers(dataset, TAG.PixelSpacing))) {
    const spacing = drawingSpacing(dataset, calibration);
    if (spacing === undefined) delete copy[TAG.PixelSpacing];
    else copy[TAG.PixelSpacing] = { vr: 'DS', Value: spacing };
  }
  if (parsePlaneOrientation(readNumbers(dataset, TAG.ImageOrientationPatient)) === undefined) {
    delete copy[TAG.ImageOrientationPatient];
    delete copy[TAG.ImagePositionPatient];
  }
  // The library reads the first of several values, and of a single one its first letter; LINEAR is what it takes when there is none.
  const windowFunction = readString(dataset, TAG.VOILUTFunction);
  if (windowFunction === 'SIGMOID' || windowFunction === 'LINEAR_EXACT') {
    copy[TAG.VOILUTFunction] = { vr: 'CS', Value: [windowFunction, windowFunction] };
  } else delete copy[TAG.VOILUTFunction];
  return copy;
}
