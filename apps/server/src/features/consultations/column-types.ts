import type { FilmOrder, Symptoms, VitalSigns } from '@negatoscope/contract';
import type { Before } from './policy.ts';

declare module '../../platform/db/statements.ts' {
  interface ColumnTypes {
    'consultations.symptoms': Symptoms;
    'consultations.vital_signs': VitalSigns;
    'consultations.before': Before;
    'film_orders.modality': FilmOrder['modality'];
    'film_orders.body_part': FilmOrder['bodyPart'];
  }
}
