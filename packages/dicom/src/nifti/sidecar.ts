import { jsonNumber, jsonString, jsonStrings } from '../json-access.ts';
import { frameSources } from '../pixels/functional-groups.ts';
import type { DicomJsonObject } from '../types.ts';
import type { NiftiPlan } from './plan.ts';

/** Names as BIDS has them, the functional group where enhanced images have it (PS3.3 C.8.13.5), and by what DICOM's unit becomes that of BIDS (seconds); of several the first that is there. */
const NUMBERS = [
  ['MagneticFieldStrength', '00180087', '', 1],
  ['RepetitionTime', '00180080', '00189112', 1e-3],
  ['EchoTime', '00180081', '', 1e-3],
  ['EchoTime', '00189082', '00189114', 1e-3],
  ['InversionTime', '00180082', '', 1e-3],
  ['InversionTime', '00189079', '00189115', 1e-3],
  ['FlipAngle', '00181314', '00189112', 1],
  ['EchoTrainLength', '00180091', '00189112', 1],
  ['ImagingFrequency', '00180084', '', 1],
  ['ImagingFrequency', '00189098', '00189006', 1],
  ['PixelBandwidth', '00180095', '00189006', 1],
  ['SliceThickness', '00180050', '00289110', 1],
  ['SpacingBetweenSlices', '00180088', '00289110', 1],
  ['KVP', '00180060', '', 1],
  ['XRayTubeCurrent', '00181151', '', 1],
  ['ExposureTime', '00181150', '', 1e-3],
  ['SeriesNumber', '00200011', '', 1],
] as const;
/** Codes alone: a text may name somebody. */
const CODES = [
  ['Modality', '00080060'],
  ['BodyPartExamined', '00180015'],
  ['PatientPosition', '00185100'],
  ['MRAcquisitionType', '00180023'],
  ['PhotometricInterpretation', '00280004'],
] as const;
const CODE = /^[A-Z0-9_]{1,16}$/;

/**
 * What is said beside a file: how the images were acquired, in numbers and codes of a de-identified header, and how voxels become values. No text, date or
 * identifier of the header is taken.
 */
export function niftiSidecar(json: DicomJsonObject, { scale, type, volumes }: NiftiPlan): Record<string, unknown> {
  const told: Record<string, unknown> = {};
  for (const [name, tag] of CODES) {
    const code = jsonString(json, tag);
    if (code !== undefined && CODE.test(code)) told[name] = code;
  }
  const kinds = jsonStrings(json, '00080008').filter((code) => CODE.test(code));
  if (kinds.length > 0) told.ImageType = kinds;
  for (const [name, tag, sequence, factor] of NUMBERS) {
    const sources = sequence === '' ? [json] : frameSources(json, 0, sequence);
    const value = sources.map((source) => jsonNumber(source, tag)).find((one) => one !== undefined);
    if (value !== undefined && told[name] === undefined) told[name] = Number((value * factor).toPrecision(12));
  }
  return {
    ...told,
    Units: codeOf(json),
    DataType: type,
    ...scaleOf(scale),
    Volumes: volumes,
  };
}

/** (0028,1054), where it is a code. */
function codeOf(json: DicomJsonObject): string | undefined {
  const unit = jsonString(json, '00281054');
  return unit !== undefined && CODE.test(unit) ? unit : undefined;
}

const scaleOf = ({ slope, intercept }: NiftiPlan['scale']) => ({ RescaleSlope: slope, RescaleIntercept: intercept });
