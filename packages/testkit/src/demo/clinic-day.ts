import { setImmediate } from 'node:timers/promises';
import { dicomDate } from '../batch/rows.ts';
import type { Dataset } from '../part10/dataset.ts';
import { type ChestXrayOptions, chestXray } from '../phantom/chest-xray.ts';
import type { GeneratedInstance } from '../phantom/instance.ts';
import { smallPicture } from '../phantom/small-picture.ts';
import { type Seed, seededUid } from '../prng.ts';

export interface ClinicDayOptions {
  readonly seed: Seed;
  /** The day of the clinic (UTC). */
  readonly today: Date;
}

/** A film of an invented person; nobody's lungs. */
interface ClinicFilm {
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
const FILMS: readonly ClinicFilm[] = [
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

const DAY_MS = 86_400_000;
const SIDE = 640;
const TINY = 48;

/** The Study Instance UID of the film of somebody of the clinic's day. */
export const clinicStudyUid = (seed: Seed, patientId: string): string => seededUid(seed, 'clinic day', patientId);

function elements({ patientId, name, age, sex, daysAgo, dataset }: ClinicFilm, { seed, today }: ClinicDayOptions): Dataset {
  const date = dicomDate(Math.floor(today.getTime() / DAY_MS) - daysAgo);
  return {
    SpecificCharacterSet: 'ISO_IR 192',
    PatientName: name,
    PatientID: patientId,
    PatientBirthDate: `${Number(date.slice(0, 4)) - age}0101`,
    PatientSex: sex,
    StudyInstanceUID: clinicStudyUid(seed, patientId),
    StudyDate: date,
    SeriesDate: date,
    ContentDate: date,
    AccessionNumber: `${date.slice(2)}-${patientId.slice(-3)}`,
    StudyDescription: 'Thorax de face (fantôme de démonstration)',
    InstitutionName: 'Clinique du Val-Fictif',
    ...dataset,
  };
}

/** Yields the chest films of a clinic's day, which are phantoms and say so; the event loop gets a turn between them. */
export async function* clinicDay(options: ClinicDayOptions): AsyncGenerator<GeneratedInstance> {
  for (const film of FILMS) {
    const dataset = elements(film, options);
    const seed = `${options.seed}/${film.patientId}`;
    if (film.isTiny === true) {
      const cells = Uint8Array.from({ length: TINY * TINY }, (_, at) => at % 251);
      yield smallPicture({ seed, columns: TINY, cells, modality: 'SC', dataset });
    } else {
      yield* chestXray({
        seed,
        bodySeed: film.patientId,
        ...{ rows: SIDE, columns: SIDE },
        ...film.film,
        body: { isFemale: film.sex === 'F' },
        studyInstanceUid: clinicStudyUid(options.seed, film.patientId),
        dataset,
      });
    }
    await setImmediate();
  }
}
