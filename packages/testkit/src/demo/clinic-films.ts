import type { Dataset } from '../part10/dataset.ts';
import type { ChestXrayOptions } from '../phantom/chest-xray.ts';

/** A film of an invented person; nobody's lungs. */
export interface ClinicFilm {
  readonly patientId: string;
  readonly name: string;
  /** Years; the birth date follows, so that a child stays one. */
  readonly age: number;
  readonly sex: 'F' | 'M';
  readonly daysAgo: number;
  readonly film?: Partial<Pick<ChestXrayOptions, 'infiltrate' | 'modality'>>;
  readonly dataset?: Dataset;
  /** Of so few pixels that a model refuses it. */
  readonly isTiny?: boolean;
}

const RIGHT = { infiltrate: 'right-lower' } as const;
const LEFT = { infiltrate: 'left-upper' } as const;

/** Films of today for who has been X-rayed, earlier ones for who still waits; the last five are what a model refuses, one for each gate. */
export const FILMS: readonly ClinicFilm[] = [
  { patientId: 'CVF-30001', name: 'SARR^Ndèye', age: 34, sex: 'F', daysAgo: 380 },
  { patientId: 'CVF-30002', name: 'MENDY^Baptiste', age: 51, sex: 'M', daysAgo: 720 },
  { patientId: 'CVF-30003', name: 'GUEYE^Mame Diarra', age: 27, sex: 'F', daysAgo: 95 },
  { patientId: 'CVF-30004', name: 'TOURÉ^Salif', age: 62, sex: 'M', daysAgo: 0, film: RIGHT },
  { patientId: 'CVF-30005', name: 'HOUNKPÈ^Aurélie', age: 45, sex: 'F', daysAgo: 0, film: LEFT },
  { patientId: 'CVF-30006', name: 'BADJI^Ousmane', age: 38, sex: 'M', daysAgo: 0 },
  { patientId: 'CVF-30007', name: "D'ALMEIDA^Grâce", age: 57, sex: 'F', daysAgo: 0, film: { modality: 'CR' } },
  { patientId: 'CVF-30008', name: 'ZONGO^Issa', age: 70, sex: 'M', daysAgo: 40 },
  { patientId: 'CVF-30011', name: 'FAYE^Coumba', age: 41, sex: 'F', daysAgo: 0, dataset: { ViewPosition: 'LL' } },
  { patientId: 'CVF-30012', name: 'DIATTA^Lamine', age: 9, sex: 'M', daysAgo: 0 },
  { patientId: 'CVF-30013', name: 'CISSÉ^Rokhaya', age: 33, sex: 'F', daysAgo: 0, dataset: { BodyPartExamined: 'HAND' } },
  {
    ...{ patientId: 'CVF-30014', name: 'SENGHOR^Étienne', age: 48, sex: 'M', daysAgo: 0 },
    dataset: { PhotometricInterpretation: 'MONOCHROME1', PresentationLUTShape: 'INVERSE' },
  },
  { patientId: 'CVF-30015', name: 'LAWSON^Akoua', age: 29, sex: 'F', daysAgo: 0, isTiny: true },
];
