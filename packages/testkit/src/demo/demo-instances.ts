import type { Dataset } from '../part10/dataset.ts';
import { chestXray } from '../phantom/chest-xray.ts';
import { ctVolume } from '../phantom/ct.ts';
import type { GeneratedInstance, PhantomOptions } from '../phantom/instance.ts';
import { mrSeries } from '../phantom/mr.ts';
import { secondaryCapture } from '../phantom/secondary-capture.ts';
import { ultrasoundClip } from '../phantom/ultrasound.ts';
import type { Seed } from '../prng.ts';
import type { DemoPatient, DemoStudy } from './hospital.ts';

export interface Context {
  readonly seed: Seed;
  readonly studyInstanceUid: string;
  readonly dataset: Dataset;
}

function* brain(context: PhantomOptions): Generator<GeneratedInstance> {
  yield* mrSeries({ ...context, anatomy: 'brain', weighting: 'T1', orientation: 'sagittal', seriesNumber: 1 });
  yield* mrSeries({ ...context, anatomy: 'brain', weighting: 'T2', orientation: 'axial', seriesNumber: 2 });
  yield* mrSeries({ ...context, anatomy: 'brain', weighting: 'FLAIR', orientation: 'coronal', seriesNumber: 3 });
}

function* knee(context: PhantomOptions): Generator<GeneratedInstance> {
  yield* mrSeries({ ...context, anatomy: 'knee', weighting: 'PD', orientation: 'sagittal', seriesNumber: 1 });
  yield* mrSeries({ ...context, anatomy: 'knee', weighting: 'T1', orientation: 'coronal', seriesNumber: 2 });
}

function* thorax(context: PhantomOptions, study: DemoStudy, isFemale: boolean): Generator<GeneratedInstance> {
  const nodule = { x: -64, y: 22, s: 88, radius: 6.5, value: 35 };
  const body = { isFemale, lesions: [nodule], ...study.ct?.body };
  yield* ctVolume({ ...context, ...study.ct, body, slices: 120, seriesNumber: 2 });
  yield* secondaryCapture({ ...context, seriesNumber: 999 });
}

export function instancesOf(study: DemoStudy, patient: DemoPatient, context: Context): Iterable<GeneratedInstance> {
  const isFemale = patient.sex === 'F';
  const bodySeed = patient.patientId;
  switch (study.phantom) {
    case 'ct-thorax':
      return thorax(context, study, isFemale);
    case 'ct-head':
      return ctVolume({ ...context, ...study.ct, anatomy: 'head', slices: 60, seriesNumber: 2 });
    case 'mr-brain':
      return brain(context);
    case 'mr-knee':
      return knee(context);
    case 'chest':
      return chestXray({ ...context, bodySeed, ...study.chest, body: { isFemale, ...study.chest?.body } });
    case 'us':
      return ultrasoundClip({ ...context, frames: 12, encoding: 'rle' });
    case 'sc':
      return secondaryCapture(context);
  }
}
