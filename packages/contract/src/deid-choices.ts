/** Options of PS3.15 Table E.1-1 that a project may have. Dates are a choice of their own; that pixels were cleaned is said by each file that somebody masked. */
export const DEID_PROJECT_OPTIONS = [
  'cleanDescriptors',
  'cleanStructuredContent',
  'retainPatientCharacteristics',
  'retainDeviceIdentity',
  'retainInstitutionIdentity',
  'retainSafePrivate',
  'retainUids',
] as const;
export type DeidProjectOption = (typeof DEID_PROJECT_OPTIONS)[number];
/** Removed, or moved back by a number of days that each patient has in the project. */
export const DEID_DATES = ['REMOVED', 'SHIFTED'] as const;
/** `P-` and ten characters. */
export const DEID_PSEUDONYM = /^P-[2-9A-Z]{10}$/;
/** A ZIP of DICOM files, a ZIP of NIfTI files where the geometry of a series allows it, or a research group of this server. */
export const DEID_FORMS = ['DICOM', 'NIFTI', 'GROUP'] as const;
export type DeidForm = (typeof DEID_FORMS)[number];
/** Of one export. */
export const MOST_DEID_PATIENTS = 1000;
export const MOST_DEID_STUDIES = 5000;
