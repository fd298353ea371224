import type { FilmOrder, Symptoms, VitalSigns } from '@negatoscope/contract';
import type { DicomJsonObject } from '@negatoscope/dicom';
import type { Before } from './policy.ts';

declare module '../../platform/db/statements.ts' {
  interface ColumnTypes {
    'consultations.symptoms': Symptoms;
    'consultations.vital_signs': VitalSigns;
    'consultations.before': Before;
    'performed_steps.status': NonNullable<FilmOrder['step']>;
    'performed_steps.attributes': DicomJsonObject;
    'film_orders.modality': FilmOrder['modality'];
    'film_orders.body_part': FilmOrder['bodyPart'];
  }
}
