import type {
  BodyOf,
  giveOpinion,
  listBlindReading,
  listSaid,
  ResultOf,
  saveBlindReading,
  validatePrediction,
} from '@negatoscope/contract';
import { type Person, scopeOf } from '../../../access/index.ts';
import { groupExists } from '../../../archive/partitions.ts';
import { holdStudy } from '../../../archive/records/images.ts';
import { lockStudy } from '../../../archive/records/studies.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import { NO_ROWS, type Tx } from '../../../platform/db/database.ts';
import { type Found, find } from '../find.ts';
import { tellChanged } from '../live.ts';
import { orderResult, withdrawResult } from '../results/decided.ts';
import { noteUse, type PredictionDeps } from '../service.ts';
import { opinionOf, seesScore, validationOf } from '../shown.ts';
import * as repository from './repository.ts';

/** A prediction that nobody else decides on until the transaction ends, its study where it has one not leaving meanwhile. Fails with NOT_FOUND. */
async function held(tx: Tx, actor: Person, id: string): Promise<Found> {
  const { study } = await find(tx, actor, id);
  if (study !== undefined && (await holdStudy(tx, study.id)) === undefined) throw notFound();
  if ((await repository.holdPrediction(tx, id)) === undefined) throw notFound();
  return find(tx, actor, id);
}

/** The same with the study's patient, whose status a decision changes: patients are held before studies. Fails with NOT_FOUND, CONFLICT. */
async function heldForDecision(tx: Tx, actor: Person, id: string): Promise<Found> {
  const { study } = await find(tx, actor, id);
  if (study !== undefined && !(await lockStudy(tx, study, []))) throw new Failure('CONFLICT');
  if ((await repository.holdPrediction(tx, id)) === undefined) throw notFound();
  return find(tx, actor, id);
}

/** Word of what was said, without what it says: whoever reads the journal may be blind. */
async function tell(
  { audit, events }: PredictionDeps,
  tx: Tx,
  actor: Person,
  { row, study }: Found,
  { action, details }: { action: 'prediction.opinion' | 'prediction.decided'; details: Record<string, string | boolean | null> },
): Promise<void> {
  await audit.record(tx, {
    action,
    outcome: 'SUCCESS',
    actor,
    entityType: 'prediction',
    entityId: row.id,
    patientId: study?.patient_id ?? null,
    groupId: study === undefined ? null : row.group_id,
    details: { studyId: study?.id ?? null, ...details },
  });
  await tellChanged(events, tx, { id: row.id, studyId: row.study_id });
}

/** Keeps what a physician sees on the film. Fails with NOT_FOUND, CONFLICT for one that was refused, OPINION_GIVEN unless the newest of one's own is named. */
export async function opine(deps: PredictionDeps, actor: Person, id: string, body: BodyOf<typeof giveOpinion>): Promise<void> {
  const now = deps.clock.now();
  await deps.db.withScope(scopeOf(actor), async (tx) => {
    const found = await held(tx, actor, id);
    const { row, opinion } = found;
    if (row.status === 'FAILED')
      throw new Failure('CONFLICT', { detail: 'The film was refused: there is no score to read beside.' });
    if ((opinion?.id ?? null) !== body.amends) throw new Failure('OPINION_GIVEN');
    const isBlind =
      row.is_blind && opinion === undefined && !(await repository.hasSeenScore(tx, row.study_id, actor.userId, now));
    await repository.insertOpinion(tx, {
      ...{ id: newId(), predictionId: id, studyId: row.study_id, groupId: row.group_id, userId: actor.userId, now },
      ...{ number: (opinion?.number ?? 0) + 1, opinion: body.opinion, comment: body.comment, isBlind },
    });
    await repository.markRead(tx, id, now);
    await tell(deps, tx, actor, found, {
      action: 'prediction.opinion',
      details: { isBlind, isAmendment: opinion !== undefined },
    });
  });
}

/**
 * Keeps a decision, which stands until the next one. Fails with NOT_FOUND, UPLOAD_IS_NO_RESULT, PREDICTION_NOT_DONE, OPINION_FIRST, PATIENT_TOO_YOUNG for what would stand, CONFLICT for a study that moves at this moment,
 * VALIDATED_MEANWHILE where another stands than the actor has seen, which is handed along.
 */
export async function decide(
  deps: PredictionDeps,
  actor: Person,
  id: string,
  { status, comment, finalDiagnosis, after }: BodyOf<typeof validatePrediction>,
): Promise<void> {
  const now = deps.clock.now();
  const stands = status !== 'REJECTED';
  const withdrawn = await deps.db.withScope(scopeOf(actor), async (tx) => {
    const found = await heldForDecision(tx, actor, id);
    const { row, validation } = found;
    if (row.study_id === null || found.study === undefined) throw new Failure('UPLOAD_IS_NO_RESULT');
    if (row.status !== 'DONE') throw new Failure('PREDICTION_NOT_DONE');
    if (!seesScore(actor, found)) throw new Failure('OPINION_FIRST');
    if (stands && found.isTooYoung) throw new Failure('PATIENT_TOO_YOUNG');
    if ((validation?.id ?? null) !== after)
      throw new Failure('VALIDATED_MEANWHILE', validation === undefined ? {} : { current: validationOf(validation, actor) });
    const validationId = newId();
    await repository.insertValidation(tx, {
      ...{ id: validationId, predictionId: id, studyId: row.study_id, groupId: row.group_id, userId: actor.userId, now },
      ...{ number: (validation?.number ?? 0) + 1, status, comment, finalDiagnosis },
    });
    if (!(await repository.markDecided(tx, id, status, now))) throw new Failure('PREDICTION_NOT_DONE');
    const standing = { row, study: found.study, validationId, now };
    const gone = stands ? [] : await withdrawResult(tx, standing);
    if (stands) await orderResult(deps, tx, standing);
    await deps.resultDecided(tx, actor, {
      studyId: row.study_id,
      stands,
      wasLast: row.validated_at !== null && !(await repository.hasStanding(tx, row.study_id)),
    });
    await tell(deps, tx, actor, found, {
      action: 'prediction.decided',
      details: { status, source: finalDiagnosis?.source ?? null },
    });
    return gone;
  });
  // What is left behind here, nothing names: orphans are removed.
  await deps.objects.delete(withdrawn).catch(() => undefined);
}

/** What was decided and said of a prediction; nothing for who does not see its score. Fails with NOT_FOUND. */
export async function history(deps: PredictionDeps, actor: Person, id: string): Promise<ResultOf<typeof listSaid>> {
  const { found, validations, opinions } = await deps.db.reading(scopeOf(actor), async (tx) => {
    const found = await find(tx, actor, id);
    return {
      found,
      validations: await repository.findValidations(tx, id),
      opinions: await repository.findOpinions(tx, id),
    };
  });
  await noteUse(deps, actor, found);
  if (found.row.status !== 'DONE' || !seesScore(actor, found)) return { items: [], opinions: [] };
  return {
    items: validations.map((row) => validationOf(row, actor)),
    opinions: opinions.map((row) => opinionOf(row, actor)),
  };
}

export async function blindReadings({ db }: Pick<PredictionDeps, 'db'>): Promise<ResultOf<typeof listBlindReading>> {
  const rows = await db.reading(NO_ROWS, (tx) => repository.findBlindReadings(tx));
  return {
    items: rows.map(({ site_id, is_on, changed_at }) => ({ siteId: site_id, isOn: is_on, changedAt: changed_at.toISOString() })),
  };
}

/** Has a site read blind, or not, from now on. Fails with UNPROCESSABLE for an unknown group. */
export async function setBlindReading(
  { db, audit, clock }: PredictionDeps,
  actor: Person,
  { siteId, isOn }: BodyOf<typeof saveBlindReading>,
): Promise<void> {
  await db.withScope(NO_ROWS, async (tx) => {
    if (siteId !== null && !(await groupExists(tx, siteId))) throw new Failure('UNPROCESSABLE', { detail: 'No such group.' });
    if (isOn === null) await repository.deleteBlindReading(tx, siteId);
    else await repository.putBlindReading(tx, { siteId, isOn, by: actor.userId, now: clock.now() });
    await audit.record(tx, {
      ...{
        action: 'blind-reading.changed',
        outcome: 'SUCCESS',
        actor,
        entityType: 'group',
        entityId: siteId ?? 'installation',
        groupId: siteId,
      },
      details: { isOn },
    });
  });
}
