import { setImmediate } from 'node:timers/promises';
import { dicomDate, dicomTime } from '../batch/rows.ts';
import type { Dataset } from '../part10/dataset.ts';
import type { GeneratedInstance } from '../phantom/instance.ts';
import { createPrng, type Seed, seededUid } from '../prng.ts';
import { type Context, instancesOf } from './demo-instances.ts';
import { type DemoPatient, type DemoStudy, PATIENTS, STUDIES } from './hospital.ts';

export interface DemoOptions {
  readonly seed: Seed;
  /** Study dates count back from this day (UTC). Default 15 January 2026. */
  readonly today?: Date;
}

const DAY_MS = 86_400_000;

/** Age in years as AS (PS3.5 6.2), from two dates YYYYMMDD. */
function ageOf(birthDate: string, studyDate: string): string {
  return `${String(Math.floor((Number(studyDate) - Number(birthDate)) / 10_000)).padStart(3, '0')}Y`;
}

function studyElements(options: DemoOptions, study: DemoStudy, patient: DemoPatient, number: number): Dataset {
  const prng = createPrng('demo study', options.seed, number);
  const today = Math.floor((options.today ?? new Date(Date.UTC(2026, 0, 15))).getTime() / DAY_MS);
  const date = dicomDate(today - study.daysAgo);
  const time = dicomTime(prng);
  return {
    SpecificCharacterSet: patient.characterSet,
    PatientName: patient.name,
    PatientID: patient.patientId,
    PatientBirthDate: patient.birthDate,
    PatientSex: patient.sex,
    PatientAge: ageOf(patient.birthDate, date),
    StudyDate: date,
    SeriesDate: date,
    AcquisitionDate: date,
    ContentDate: date,
    StudyTime: time,
    SeriesTime: time,
    AcquisitionTime: time,
    ContentTime: time,
    AccessionNumber: `${date.slice(2)}-${String(400 + number)}`,
    StudyID: String(7000 + number),
    StudyDescription: study.description,
    ReasonForTheRequestedProcedure: study.reason,
    ReferringPhysicianName: study.referrer,
    InstitutionName: study.institution,
  };
}

/**
 * Yields the files of a small invented hospital, one at a time: 12 patients, 17 studies, under 150 MB. Names, dates, reports and institutions are
 * fictitious. The event loop gets a turn between files. `fileName` holds folders: patient ID, accession number, file.
 */
export async function* demoSet(options: DemoOptions): AsyncGenerator<GeneratedInstance> {
  for (const [number, study] of STUDIES.entries()) {
    const patient = PATIENTS[study.patient];
    if (!patient) throw new RangeError(`testkit: demo study ${number} names no patient`);
    const dataset = studyElements(options, study, patient, number);
    const seed = `${options.seed}/${number}`;
    const context: Context = { seed, studyInstanceUid: seededUid(options.seed, 'demo study', number), dataset };
    for (const instance of instancesOf(study, patient, context)) {
      yield { ...instance, fileName: `${patient.patientId}/${String(dataset.AccessionNumber)}/${instance.fileName}` };
      await setImmediate();
    }
  }
}
