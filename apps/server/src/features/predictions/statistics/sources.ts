import type { FinalDiagnosis, Reference } from '@negatoscope/contract';

/** What a final diagnosis may be known by, as figures are asked for. */
export const SOURCES: Readonly<Record<Reference, readonly FinalDiagnosis['source'][]>> = {
  ANY: ['CULTURE', 'XPERT', 'CLINICAL'],
  BACTERIOLOGICAL: ['CULTURE', 'XPERT'],
  CULTURE: ['CULTURE'],
  XPERT: ['XPERT'],
  CLINICAL: ['CLINICAL'],
};
