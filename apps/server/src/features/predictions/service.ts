import {
  type listPredictions,
  PREDICTION_FAILURES,
  type PredictBody,
  type Prediction,
  type QueryOf,
} from '@negatoscope/contract';
import { isAmbiguous, type Person, scopeOf } from '../../access/index.ts';
import type { ArchiveWriter } from '../../archive/doors.ts';
import { filmsOf, placesOfImage } from '../../archive/records/films.ts';
import { holdStudy } from '../../archive/records/images.ts';
import { requireStudy, requireStudyToWrite } from '../../archive/records/studies.ts';
import type { StudyRow } from '../../archive/records/study-rows.ts';
import { BrokenInvariant } from '../../kernel/broken-invariant.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import { aUuid, decodeCursor, encodeCursor, type Page, TOTAL_CAP } from '../../kernel/list.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { GuardedObjects } from '../../platform/objects/store/index.ts';
import type { Queue } from '../../platform/queue/queue.ts';
import type { LiveEvents } from '../../platform/shared-state/index.ts';
import type { Audit } from '../audit/index.ts';
import { type Found, find, withSaid } from './find.ts';
import { PREDICT } from './job-kinds.ts';
import { tellChanged } from './live.ts';
import * as repository from './repository.ts';
import { noteUploadsSeen } from './said/repository.ts';
import { mayCancel, predictionOf, seesScore } from './shown.ts';

export type ResultDecided = (
  tx: Tx,
  actor: Person,
  decided: { readonly studyId: string; readonly stands: boolean; readonly wasLast: boolean },
) => Promise<void>;

export interface PredictionDeps {
  readonly db: ArchiveWriter;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly objects: GuardedObjects;
  readonly queue: Pick<Queue, 'send'>;
  readonly events: Pick<LiveEvents, 'publish' | 'subscribe'>;
  /** Has the study follow a decision, whose row and patient are held: the door of studies. */
  readonly resultDecided: ResultDecided;
}

/** The one question so far; a choice of a model says for which it is. */
export const TUBERCULOSIS = 'tuberculosis';
/** Of one person, without an answer. */
const MOST_WAITING = 5_000;

/** The study that is meant, and the image where one is named. Fails with NOT_FOUND, AMBIGUOUS_UID. */
async function target(tx: ReadTx, actor: Person, { sopInstanceUid, studyInstanceUid, groupId }: PredictBody) {
  const scope = scopeOf(actor);
  if (sopInstanceUid === undefined)
    return { study: await requireStudyToWrite(tx, actor, studyInstanceUid ?? '', groupId), image: undefined };
  if (studyInstanceUid === undefined) {
    const places = await placesOfImage(tx, scope, sopInstanceUid, groupId ?? null);
    const [first] = places;
    if (first === undefined) throw notFound();
    if (isAmbiguous(scope, places)) throw new Failure('AMBIGUOUS_UID');
    return target(tx, actor, { sopInstanceUid, studyInstanceUid: first.study_instance_uid, groupId });
  }
  const study = await requireStudyToWrite(tx, actor, studyInstanceUid, groupId);
  const [image] = await filmsOf(tx, scope, { studyId: study.id, sopInstanceUid, modalities: [] });
  if (image === undefined) throw notFound();
  return { study, image };
}

/** Asks the model about an image or study. `consultationId`: from where it is asked. Fails with NOT_FOUND, AMBIGUOUS_UID, TOO_MANY_PREDICTIONS. */
export async function ask(
  deps: PredictionDeps,
  actor: Person,
  body: PredictBody,
  consultationId: string | null = null,
): Promise<string> {
  return deps.db.withScope(scopeOf(actor), async (tx) => {
    const { study, image } = await target(tx, actor, body);
    const held = await holdStudy(tx, study.id);
    if (held === undefined) throw notFound();
    const id = newId();
    await put(deps, tx, actor, study, {
      ...{ id, consultationId, studyId: study.id, groupId: held.group_id, siteId: held.group_id, question: TUBERCULOSIS },
      ...{ seriesInstanceUid: image?.series_instance_uid ?? null, sopInstanceUid: image?.sop_instance_uid ?? null },
    });
    return id;
  });
}

type Wanted = Omit<repository.NewPrediction, 'requestedBy' | 'now'>;

/** Writes a prediction that waits, its job, its event and word of it, all or nothing. */
export async function put(
  { audit, clock, queue, events }: PredictionDeps,
  tx: Tx,
  actor: Person,
  study: Pick<StudyRow, 'id' | 'patient_id' | 'group_id'> | undefined,
  wanted: Wanted,
): Promise<void> {
  if ((await repository.countWaiting(tx, actor.userId)) >= MOST_WAITING)
    throw new Failure('TOO_MANY_PREDICTIONS', { retryAfterSeconds: 60 });
  await repository.insertPrediction(tx, { ...wanted, requestedBy: actor.userId, now: clock.now() });
  await queue.send(PREDICT, { predictionId: wanted.id }, tx);
  await audit.record(tx, {
    action: wanted.sentOn === undefined ? 'prediction.asked' : 'prediction.sent-on',
    outcome: 'SUCCESS',
    actor,
    entityType: 'prediction',
    entityId: wanted.id,
    patientId: study?.patient_id ?? null,
    groupId: study?.group_id ?? null,
    details: { studyId: study?.id ?? null, isUpload: study === undefined, refusedFor: wanted.sentOn?.code ?? null },
  });
  await tellChanged(events, tx, { id: wanted.id, studyId: study?.id ?? null });
}

/** The use of a study, audited; an upload is nobody's but its sender's. */
export const noteUse = async ({ audit }: PredictionDeps, actor: Person, { study }: Found): Promise<void> => {
  if (study !== undefined)
    await audit.use(actor, { studyId: study.id, patientId: study.patient_id, groupId: study.group_id, kind: 'predictions' });
};

/** Of files that were sent it is kept that their sender was shown the score: before they are. */
async function noteShown({ db }: Pick<PredictionDeps, 'db'>, actor: Person, founds: readonly Found[]): Promise<void> {
  const shown = founds.filter((one) => one.row.study_id === null && one.row.status === 'DONE' && seesScore(actor, one));
  if (shown.length === 0) return;
  const ids = shown.map(({ row }) => row.id);
  await db.withScope(scopeOf(actor), (tx) => noteUploadsSeen(tx, actor.userId, ids));
}

/** The same without a word to the journal: for who has just asked, or is told of changes. */
export async function look(deps: PredictionDeps, actor: Person, id: string): Promise<Prediction> {
  const found = await deps.db.reading(scopeOf(actor), (tx) => find(tx, actor, id));
  await noteShown(deps, actor, [found]);
  return predictionOf(found, actor);
}

/**
 * One that has changed, for who listens; undefined where they listen to another study. That somebody listens is in the journal, and so is each study whose score they are told then, as a read of it
 * (once in a quarter of an hour). A state without a score is told as a list tells it: no use of a study.
 */
export async function lookAsTold(
  deps: PredictionDeps,
  actor: Person,
  id: string,
  studyId: string | undefined,
): Promise<Prediction | undefined> {
  const found = await deps.db.reading(scopeOf(actor), (tx) => find(tx, actor, id));
  if (studyId !== undefined && found.row.study_id !== studyId) return undefined;
  const told = predictionOf(found, actor);
  if (told.probability !== null) await noteUse(deps, actor, found);
  await noteShown(deps, actor, [found]);
  return told;
}

export async function get(deps: PredictionDeps, actor: Person, id: string): Promise<Prediction> {
  const found = await deps.db.reading(scopeOf(actor), (tx) => find(tx, actor, id));
  await noteUse(deps, actor, found);
  await noteShown(deps, actor, [found]);
  return predictionOf(found, actor);
}

export async function list(
  { db, audit }: PredictionDeps,
  actor: Person,
  query: QueryOf<typeof listPredictions>,
): Promise<Page<Prediction>> {
  const scope = scopeOf(actor);
  const { limit, cursor, status = null, state = null, groupId = null, from = null, to = null, uploads, studyInstanceUid } = query;
  const [after] = cursor === undefined ? [null] : decodeCursor<[string]>(cursor, aUuid);
  const { rows, found, total } = await db.reading(scope, async (tx) => {
    const named = studyInstanceUid === undefined ? undefined : await requireStudy(tx, actor, studyInstanceUid, query.groupId);
    const studyId = named?.id ?? query.studyId ?? null;
    const isUpload = uploads === undefined ? null : uploads === 'true';
    const filter = { status, state, studyId, isUpload, partition: groupId, from, to };
    const rows = await repository.findPredictions(tx, scope, actor.userId, { ...filter, after, limit: limit + 1 });
    return {
      rows,
      found: await withSaid(tx, actor, rows.slice(0, limit)),
      total: await repository.countPredictions(tx, scope, actor.userId, { ...filter, most: TOTAL_CAP + 1 }),
    };
  });
  await noteShown({ db }, actor, found);
  const last = found.at(-1)?.row;
  await audit.noteLightly({
    action: 'prediction.list',
    actor,
    entityType: 'prediction',
    shown: found.flatMap(({ study }) => (study === undefined ? [] : [study.patient_id])),
    details: { filters: Object.keys(query).sort(), results: found.length },
  });
  return {
    items: found.map((one) => predictionOf(one, actor)),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor([last.id]) : null,
    total: Math.min(total, TOTAL_CAP),
    totalIsExact: total <= TOTAL_CAP,
  };
}

/** The heat map. Fails with NOT_FOUND where there is none that the actor may see, OBJECT_DAMAGED. */
export async function heatmap(deps: PredictionDeps, actor: Person, id: string): Promise<Buffer> {
  const found = await deps.db.reading(scopeOf(actor), (tx) => find(tx, actor, id));
  const { row } = found;
  if (row.heat_object === null || row.heat_size === null || !seesScore(actor, found)) throw notFound();
  await noteUse(deps, actor, found);
  await noteShown(deps, actor, [found]);
  return deps.objects.read(row.heat_object, 0, row.heat_size);
}

/** Ends a prediction that has no answer. Fails with NOT_FOUND, FORBIDDEN for who may cancel none of others', CONFLICT where it has one. */
export async function cancel(deps: PredictionDeps, actor: Person, id: string): Promise<Prediction> {
  const { db, audit, clock, events } = deps;
  await db.withScope(scopeOf(actor), async (tx) => {
    const { row, study } = await find(tx, actor, id);
    if (!mayCancel(actor, row)) throw new Failure('FORBIDDEN');
    const isEnded = await repository.failPrediction(tx, id, undefined, {
      ...{ code: 'CANCELLED', turnedDegrees: null, warnings: [], outputs: null, by: undefined, now: clock.now() },
    });
    if (!isEnded) throw new Failure('CONFLICT', { detail: 'It has an answer.' });
    await audit.record(tx, {
      action: 'prediction.cancelled',
      outcome: 'SUCCESS',
      actor,
      entityType: 'prediction',
      entityId: id,
      patientId: study?.patient_id ?? null,
      groupId: study === undefined ? null : row.group_id,
      details: { studyId: study?.id ?? null },
    });
    await tellChanged(events, tx, { id, studyId: study?.id ?? null });
  });
  return look(deps, actor, id);
}

/** Asks about a refused film all the same, as a prediction of its own. Fails with NOT_FOUND, CONFLICT for one that was not refused for what may be answered. */
export async function sendOn(deps: PredictionDeps, actor: Person, id: string, reason: string): Promise<string> {
  return deps.db.withScope(scopeOf(actor), async (tx) => {
    const { row, study } = await find(tx, actor, id);
    const { failure_code: code } = row;
    if (code === null || !PREDICTION_FAILURES[code].maySendOn)
      throw new Failure('CONFLICT', { detail: 'It was not refused for something that a physician may answer.' });
    if (study !== undefined && (await holdStudy(tx, study.id)) === undefined) throw notFound();
    const next = newId();
    await put(deps, tx, actor, study, {
      ...{ id: next, groupId: row.group_id, siteId: row.site_id, question: row.question, consultationId: row.consultation_id },
      ...{ seriesInstanceUid: row.series_instance_uid, sopInstanceUid: row.sop_instance_uid, ageYears: row.age_years },
      ...(row.study_id === null ? { upload: uploadOf(row) } : { studyId: row.study_id }),
      sentOn: { from: id, code, reason },
    });
    return next;
  });
}

function uploadOf({ upload_id, upload_type, upload_until }: repository.PredictionRow): NonNullable<Wanted['upload']> {
  if (upload_id === null || upload_type === null || upload_until === null)
    throw new BrokenInvariant('A prediction is of a study or of an upload.');
  return { id: upload_id, type: upload_type, until: upload_until };
}
