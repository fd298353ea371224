import type { Dataset } from '../part10/dataset.ts';
import { TransferSyntax } from '../part10/transfer-syntax.ts';
import { writePart10 } from '../part10/writer.ts';
import { createPrng, type Seed, seededUid } from '../prng.ts';

/** One generated file. */
export interface GeneratedInstance {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

/** What every phantom takes. `dataset` replaces or adds elements in every instance (an undefined value leaves one out). */
export interface PhantomOptions {
  readonly seed: Seed;
  readonly studyInstanceUid?: string;
  readonly seriesInstanceUid?: string;
  readonly seriesNumber?: number;
  readonly transferSyntaxUid?: string;
  readonly dataset?: Dataset;
}

const SEXES = ['F', 'M'] as const;

/** Patient, study and series elements of a phantom that nobody named: plainly artificial, complete enough for any reader. */
export function baseDataset(kind: string, options: PhantomOptions): Dataset {
  const prng = createPrng('identity', options.seed);
  const number = prng.integer(10000, 99999);
  return {
    SpecificCharacterSet: 'ISO_IR 192',
    StudyDate: '20260115',
    SeriesDate: '20260115',
    ContentDate: '20260115',
    StudyTime: '093000',
    SeriesTime: '093500',
    ContentTime: '093500',
    AccessionNumber: `A${number}`,
    Manufacturer: 'Negatoscope testkit',
    ManufacturerModelName: 'Phantom',
    InstitutionName: 'Hôpital fictif',
    ReferringPhysicianName: 'MARTIN^Zoé^^Dr',
    PatientName: `PHANTOM^${kind}`,
    PatientID: `P${number}`,
    PatientBirthDate: `19${prng.integer(30, 99)}0${prng.integer(1, 9)}1${prng.integer(0, 9)}`,
    PatientSex: prng.pick(SEXES),
    StudyInstanceUID: options.studyInstanceUid ?? seededUid(options.seed, kind, 'study'),
    SeriesInstanceUID: options.seriesInstanceUid ?? seededUid(options.seed, kind, 'series', options.seriesNumber ?? 1),
    StudyID: String(number % 1000),
    SeriesNumber: options.seriesNumber ?? 1,
  };
}

/** Writes one instance of a phantom: `own` over the base, the caller's elements over both. */
export function buildInstance(
  kind: string,
  options: PhantomOptions,
  own: Dataset & { readonly InstanceNumber: number },
): GeneratedInstance {
  const base = baseDataset(kind, options);
  const seriesInstanceUid = String(base.SeriesInstanceUID);
  const sopInstanceUid = seededUid(options.seed, kind, seriesInstanceUid, own.InstanceNumber);
  const dataset: Dataset = { ...base, SOPInstanceUID: sopInstanceUid, ...own, ...options.dataset };
  const bytes = writePart10(dataset, { transferSyntaxUid: options.transferSyntaxUid ?? TransferSyntax.explicitVrLittleEndian });
  return {
    fileName: `${kind}-${String(own.SeriesNumber ?? base.SeriesNumber)}-${String(own.InstanceNumber).padStart(4, '0')}.dcm`,
    bytes,
    studyInstanceUid: String(dataset.StudyInstanceUID),
    seriesInstanceUid: String(dataset.SeriesInstanceUID),
    sopInstanceUid: String(dataset.SOPInstanceUID),
  };
}

/** The bytes of 16-bit samples in little endian order; a view, no copy, on the little-endian machines Node.js runs on. */
export function sampleBytes(values: Int16Array | Uint16Array): Uint8Array {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? bytes : Buffer.from(bytes).swap16();
}
