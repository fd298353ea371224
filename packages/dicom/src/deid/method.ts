import type { DicomJsonObject } from '../types.ts';
import type { DeidCode, DeidOption } from './types.ts';

const BASIC: DeidCode = { value: '113100', meaning: 'Basic Application Confidentiality Profile' };
/** CID 7050 (PS3.16). */
const CODES: Readonly<Record<DeidOption, DeidCode>> = {
  cleanPixelData: { value: '113101', meaning: 'Clean Pixel Data Option' },
  cleanRecognisableFeatures: { value: '113102', meaning: 'Clean Recognizable Visual Features Option' },
  cleanGraphics: { value: '113103', meaning: 'Clean Graphics Option' },
  cleanStructuredContent: { value: '113104', meaning: 'Clean Structured Content Option' },
  cleanDescriptors: { value: '113105', meaning: 'Clean Descriptors Option' },
  retainFullDates: { value: '113106', meaning: 'Retain Longitudinal Temporal Information Full Dates Option' },
  retainModifiedDates: { value: '113107', meaning: 'Retain Longitudinal Temporal Information Modified Dates Option' },
  retainPatientCharacteristics: { value: '113108', meaning: 'Retain Patient Characteristics Option' },
  retainDeviceIdentity: { value: '113109', meaning: 'Retain Device Identity Option' },
  retainUids: { value: '113110', meaning: 'Retain UIDs Option' },
  retainSafePrivate: { value: '113111', meaning: 'Retain Safe Private Option' },
  retainInstitutionIdentity: { value: '113112', meaning: 'Retain Institution Identity Option' },
};

export const codesOf = (options: ReadonlySet<DeidOption>): DeidCode[] =>
  [BASIC, ...[...options].map((option) => CODES[option])].sort((left, right) => left.value.localeCompare(right.value));

function temporal(options: ReadonlySet<DeidOption>): string {
  if (options.has('retainFullDates')) return 'UNMODIFIED';
  return options.has('retainModifiedDates') ? 'MODIFIED' : 'REMOVED';
}

/** What the file says of what was done to it (PS3.3 C.7.1.1, C.12.1). */
export function methodAttributes(options: ReadonlySet<DeidOption>): DicomJsonObject {
  const codes = codesOf(options);
  const items = codes.map(
    ({ value, meaning }): DicomJsonObject => ({
      '00080100': { vr: 'SH', Value: [value] },
      '00080102': { vr: 'SH', Value: ['DCM'] },
      '00080104': { vr: 'LO', Value: [meaning] },
    }),
  );
  return {
    '00120062': { vr: 'CS', Value: ['YES'] },
    '00120063': { vr: 'LO', Value: ['DICOM PS3.15 2024 E.1', ...codes.map(({ value }) => value)] },
    '00120064': { vr: 'SQ', Value: items },
    '00280303': { vr: 'CS', Value: [temporal(options)] },
  };
}
