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
