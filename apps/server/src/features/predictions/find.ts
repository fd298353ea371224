import { type Person, scopeOf } from '../../access/index.ts';
import { findStudies } from '../../archive/records/studies.ts';
import type { StudyRow } from '../../archive/records/study-rows.ts';
import { notFound } from '../../kernel/failure.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import { isTooYoung, knownOfStudy } from './gates.ts';
import { YOUNGEST } from './models/manifest.ts';
import { findLeastAges } from './models/repository.ts';
import * as repository from './repository.ts';
import * as said from './said/repository.ts';

/** A prediction with its study, what its reader said of it last, and what was decided last. */
export interface Found {
  readonly row: repository.PredictionRow;
  readonly study: StudyRow | undefined;
  readonly opinion: said.OwnOpinionRow | undefined;
  readonly validation: said.ValidationRow | undefined;
  /** Of an upload: whether the same file is a film that its sender is to read blind, and has not read yet. */
  readonly waitsElsewhere: boolean;
  /** Whether the patient whose film it is now was too young for the model. */
  readonly isTooYoung: boolean;
}

/** Of films those whose patient, as the record has them now, was too young for the model that answered. */
export async function tooYoungAmong(
  tx: ReadTx,
  rows: readonly Pick<repository.PredictionRow, 'id' | 'study_id' | 'model_name' | 'model_version' | 'created_at'>[],
  studies: ReadonlyMap<string, StudyRow>,
): Promise<ReadonlySet<string>> {
  const names = [
    ...new Set(rows.flatMap(({ model_name, study_id }) => (study_id === null || model_name === '' ? [] : [model_name]))),
  ];
  if (names.length === 0) return new Set();
  const ages = await findLeastAges(tx, names);
  // No model may be asked of anybody younger, also one that has been removed.
  const leastOf = ({ model_name, model_version }: (typeof rows)[number]): number =>
    ages.find(({ name, version }) => name === model_name && version === model_version)?.years ?? YOUNGEST;
  const young = rows.filter((row) => {
    const study = studies.get(row.study_id ?? '');
    return study !== undefined && isTooYoung(knownOfStudy(study), row.created_at, { minAgeYears: leastOf(row) });
  });
  return new Set(young.map(({ id }) => id));
}

/** Rows with what hangs on them, in their order. */
export async function withSaid(tx: ReadTx, actor: Person, rows: readonly repository.PredictionRow[]): Promise<Found[]> {
  const ids = rows.map(({ id }) => id);
  const studyIds = [...new Set(rows.flatMap(({ study_id }) => study_id ?? []))];
  const studies = new Map((await findStudies(tx, scopeOf(actor), studyIds)).map((study) => [study.id, study]));
  const opinions = new Map((await said.findOwnOpinions(tx, actor.userId, ids)).map((one) => [one.prediction_id, one]));
  const validations = new Map((await said.findStanding(tx, ids)).map((one) => [one.prediction_id, one]));
  const uploads = rows.flatMap(({ id, study_id }) => (study_id === null ? [id] : []));
  const waiting = uploads.length === 0 ? [] : await said.findWaitingElsewhere(tx, actor.userId, uploads);
  const young = await tooYoungAmong(
    tx,
    rows.filter(({ status }) => status === 'DONE'),
    studies,
  );
  return rows.map((row) => ({
    row,
    study: studies.get(row.study_id ?? ''),
    opinion: opinions.get(row.id),
    validation: validations.get(row.id),
    waitsElsewhere: waiting.includes(row.id),
    isTooYoung: young.has(row.id),
  }));
}

/** A prediction of the actor's scope. Fails with NOT_FOUND. */
export async function find(tx: ReadTx, actor: Person, id: string): Promise<Found> {
  const row = await repository.findPrediction(tx, scopeOf(actor), actor.userId, id);
  const [found] = row === undefined ? [] : await withSaid(tx, actor, [row]);
  if (found === undefined || (found.row.study_id !== null && found.study === undefined)) throw notFound();
  return found;
}
