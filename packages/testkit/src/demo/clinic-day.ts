import { setImmediate } from 'node:timers/promises';
import { dicomDate } from '../batch/rows.ts';
import type { Dataset } from '../part10/dataset.ts';
import { chestXray } from '../phantom/chest-xray.ts';
import type { GeneratedInstance } from '../phantom/instance.ts';
import { smallPicture } from '../phantom/small-picture.ts';
import { type Seed, seededUid } from '../prng.ts';
import { type ClinicFilm, FILMS } from './clinic-films.ts';

export interface ClinicDayOptions {
  readonly seed: Seed;
  /** The day of the clinic (UTC). */
  readonly today: Date;
}

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
