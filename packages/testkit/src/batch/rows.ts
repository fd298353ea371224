import { createPrng, type Prng, type Seed, seededUid } from '../prng.ts';
import { MEN, WOMEN } from './given-names.ts';
import { FAMILY_NAMES } from './names.ts';

export interface PatientRow {
  readonly patientId: string;
  readonly familyName: string;
  readonly givenName: string;
  /** PN with its first two components. */
  readonly patientName: string;
  /** YYYYMMDD, empty in about one of 200. */
  readonly birthDate: string;
  readonly sex: 'F' | 'M' | 'O';
}

export interface StudyRow {
  readonly studyInstanceUid: string;
  readonly patientId: string;
  /** Place of the patient in `patientBatch` of the same seed, from 0. */
  readonly patientIndex: number;
  readonly accessionNumber: string;
  readonly studyDate: string;
  readonly studyTime: string;
  readonly modality: string;
  readonly description: string;
  readonly bodyPart: string;
  readonly seriesCount: number;
  readonly instanceCount: number;
  readonly referringPhysician: string;
}

export interface BatchOptions {
  readonly seed: Seed;
  readonly count: number;
}

const DAY_MS = 86_400_000;

/** A date as YYYYMMDD, `days` from 1 January 1970 (UTC). */
export function dicomDate(days: number): string {
  return new Date(days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

export function dicomTime(prng: Prng): string {
  const part = (low: number, high: number): string => String(prng.integer(low, high)).padStart(2, '0');
  return `${part(7, 19)}${part(0, 59)}${part(0, 59)}`;
}

function patientIdOf(seed: Seed, index: number): string {
  return `${String(seed).slice(0, 8).toUpperCase()}${String(index + 1).padStart(7, '0')}`;
}

/** Common names come more often, as in a real town: the square of a uniform number leans to the front of the list. */
function familyName(prng: Prng): string {
  const draw = (): string => FAMILY_NAMES[Math.floor(prng.next() ** 1.7 * FAMILY_NAMES.length)] ?? 'MARTIN';
  const first = draw();
  if (prng.next() > 0.06 || first.includes('-')) return first;
  return `${first}-${draw().split('-')[0]}`;
}

/** Yields plausible patients for search benchmarks; patient IDs are unique within a batch. */
export function* patientBatch({ seed, count }: BatchOptions): Generator<PatientRow> {
  const prng = createPrng('patients', seed);
  for (let index = 0; index < count; index++) {
    const sex = prng.next() < 0.003 ? 'O' : prng.next() < 0.52 ? 'F' : 'M';
    const family = familyName(prng);
    const given = prng.pick(sex === 'M' ? MEN : WOMEN);
    const hasBirthDate = prng.next() > 0.005;
    // Ages lean to the middle of life: between 0 and 98 years before 2026.
    const days = 20454 - Math.floor((prng.next() + prng.next()) * 0.5 * 98 * 365.25);
    yield {
      patientId: patientIdOf(seed, index),
      familyName: family,
      givenName: given,
      patientName: `${family}^${given}`,
      birthDate: hasBirthDate ? dicomDate(days) : '',
      sex,
    };
  }
}

const EXAMINATIONS = [
  ['CR', 'Radiographie du thorax', 'CHEST', 1, 2],
  ['DX', 'Radiographie du thorax face', 'CHEST', 1, 2],
  ['DX', 'Radiographie du poignet gauche', 'WRIST', 2, 3],
  ['DX', 'Radiographie du bassin', 'PELVIS', 1, 1],
  ['CT', 'Scanner thoracique', 'CHEST', 3, 420],
  ['CT', 'Scanner abdomino-pelvien', 'ABDOMEN', 4, 900],
  ['CT', 'Scanner cérébral', 'HEAD', 3, 180],
  ['MR', 'IRM encéphalique', 'BRAIN', 7, 380],
  ['MR', 'IRM du genou', 'KNEE', 5, 150],
  ['MR', 'IRM du rachis lombaire', 'LSPINE', 5, 120],
  ['US', 'Échographie abdominale', 'ABDOMEN', 1, 24],
  ['US', 'Échographie obstétricale', 'UTERUS', 1, 30],
  ['MG', 'Mammographie bilatérale', 'BREAST', 4, 4],
] as const;

/** Yields plausible studies of the first `patients` patients of `patientBatch` with the same seed (default: a third of `count`). */
export function* studyRowBatch({ seed, count, patients }: BatchOptions & { readonly patients?: number }): Generator<StudyRow> {
  const prng = createPrng('studies', seed);
  const among = patients ?? Math.max(1, Math.ceil(count / 3));
  for (let index = 0; index < count; index++) {
    const patientIndex = prng.integer(0, among - 1);
    const [modality, description, bodyPart, seriesCount, instances] = prng.pick(EXAMINATIONS);
    yield {
      studyInstanceUid: seededUid(seed, 'study row', index),
      patientId: patientIdOf(seed, patientIndex),
      patientIndex,
      accessionNumber: `ACC${String(index + 1).padStart(9, '0')}`,
      studyDate: dicomDate(20454 - Math.floor(prng.next() ** 2 * 2900)),
      studyTime: dicomTime(prng),
      modality,
      description,
      bodyPart,
      seriesCount,
      instanceCount: Math.max(seriesCount, Math.round(instances * prng.between(0.6, 1.4))),
      referringPhysician: `${prng.pick(FAMILY_NAMES)}^${prng.pick(prng.next() < 0.5 ? WOMEN : MEN)}^^Dr`,
    };
  }
}
