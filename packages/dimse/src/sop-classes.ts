/** SOP classes of services (PS3.4) that are spoken over associations; those of storage are in `@negatoscope/dicom`. */
export const SERVICE_CLASS = {
  VERIFICATION: '1.2.840.10008.1.1',
  STORAGE_COMMITMENT_PUSH: '1.2.840.10008.1.20.1',
  PATIENT_ROOT_FIND: '1.2.840.10008.5.1.4.1.2.1.1',
  PATIENT_ROOT_MOVE: '1.2.840.10008.5.1.4.1.2.1.2',
  PATIENT_ROOT_GET: '1.2.840.10008.5.1.4.1.2.1.3',
  STUDY_ROOT_FIND: '1.2.840.10008.5.1.4.1.2.2.1',
  STUDY_ROOT_MOVE: '1.2.840.10008.5.1.4.1.2.2.2',
  STUDY_ROOT_GET: '1.2.840.10008.5.1.4.1.2.2.3',
  MODALITY_WORKLIST: '1.2.840.10008.5.1.4.31',
  PERFORMED_PROCEDURE_STEP: '1.2.840.10008.3.1.2.3.3',
} as const;

/** The instance by which storage commitment is asked for (PS3.4 J.3.5). */
export const STORAGE_COMMITMENT_INSTANCE = '1.2.840.10008.1.20.1.1';
