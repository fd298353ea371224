import { type Person, scopeOf } from '../../access/index.ts';
import { findStudies } from '../../archive/records/studies.ts';
import type { StudyRow } from '../../archive/records/study-rows.ts';
import { notFound } from '../../kernel/failure.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import * as repository from './repository.ts';
import * as said from './said/repository.ts';
import { tooYoungAmong } from './too-young.ts';

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
