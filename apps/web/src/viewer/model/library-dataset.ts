import type { Calibration } from './calibration.ts';
import { type DicomElement, type DicomJson, readNumber, readNumbers, readString, TAG } from './dicom-json.ts';
import { parsePlaneOrientation } from './geometry.ts';
import { isSingleBit } from './stored-frame.ts';

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
  // Frames of single bits reach the library as bytes.
  if (isSingleBit(dataset)) Object.assign(copy, SINGLE_BYTE);
  adaptWindow(copy);
  return copy;
}

const SINGLE_BYTE = { [TAG.BitsAllocated]: us(8), [TAG.BitsStored]: us(8), [TAG.HighBit]: us(7) };
function us(value: number): DicomElement {
  return { vr: 'US', Value: [value] };
}

/** Soft tissue, for a CT in Hounsfield units that names no window: from air to metal everything would be grey. */
const CT_WINDOW = { [TAG.WindowCenter]: { vr: 'DS', Value: [40] }, [TAG.WindowWidth]: { vr: 'DS', Value: [400] } };

/**
 * The VOI LUT function an image is drawn with. LINEAR is not defined for a width below 1 (PS3.3 C.11.2.1.2.1), where it would draw nothing
 * but black; images in small units, such as doses in Gy, mean LINEAR_EXACT.
 */
export function windowFunction(dataset: DicomJson): 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID' {
  const name = readString(dataset, TAG.VOILUTFunction);
  if (name === 'SIGMOID' || name === 'LINEAR_EXACT') return name;
  const width = readNumber(dataset, TAG.WindowWidth);
  return width !== undefined && width > 0 && width < 1 ? 'LINEAR_EXACT' : 'LINEAR';
}

function adaptWindow(copy: Record<string, DicomElement>): void {
  // The library reads the first of several values, and of a single one its first letter; LINEAR is what it takes when there is none.
  const name = windowFunction(copy);
  if (name === 'LINEAR') delete copy[TAG.VOILUTFunction];
  else copy[TAG.VOILUTFunction] = { vr: 'CS', Value: [name, name] };
  const hasWindow = readNumber(copy, TAG.WindowWidth) !== undefined || copy[TAG.VOILUTSequence] !== undefined;
  const isHounsfield = readString(copy, TAG.Modality) === 'CT' && readNumber(copy, TAG.RescaleIntercept) !== undefined;
  if (isHounsfield && !hasWindow) Object.assign(copy, CT_WINDOW);
}
