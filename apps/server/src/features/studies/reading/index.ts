import type { Reading, ReadingStatus, Study } from '@negatoscope/contract';
import { type Actor, type Person, type Service, scopeOf } from '../../../access/index.ts';
import type { ArchiveWriter } from '../../../archive/doors.ts';
import { notifyStudy } from '../../../archive/notify.ts';
import { refreshPatients } from '../../../archive/records/patients.ts';
import { timesAfter } from '../../../archive/records/reading-status.ts';
import { findStudies, findStudyPlace, lockStudy, requireStudy, requireStudyToWrite } from '../../../archive/records/studies.ts';
import { updateStudyRow } from '../../../archive/records/study-changes.ts';
import type { StudyRow } from '../../../archive/records/study-rows.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { LiveEvents } from '../../../platform/shared-state/index.ts';
import type { Audit } from '../../audit/index.ts';
import { aliveAt, MOST_SHOWN, readerOf, readingOf } from './readers.ts';
import * as repository from './repository.ts';

export interface ReadingDeps {
  readonly db: ArchiveWriter;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly events: Pick<LiveEvents, 'publish'>;
}
/** What of it a decision about a result needs. */
export type ResultDeps = Pick<ReadingDeps, 'audit' | 'clock' | 'events'>;

/** A Study Instance UID, and the group that is meant where several have it. */
export interface StudyPath {
  readonly uid: string;
  readonly groupId: string | undefined;
}

/** A person has some windows of a study open, not hundreds. */
const MOST_OF_ONE = 10;

/** Whether there is something to read. */
const isOpen = (status: ReadingStatus): boolean => status === 'TO_READ' || status === 'IN_PROGRESS';

/** Studies of a list, those in progress with who reads them now. Asks only where one is. */
export async function withReaders(
  { db, clock }: Pick<ReadingDeps, 'db' | 'clock'>,
  actor: Actor,
  studies: readonly Study[],
): Promise<Study[]> {
  const ids = studies.filter(({ status }) => status === 'IN_PROGRESS').map(({ id }) => id);
  if (ids.length === 0) return [...studies];
  const scope = scopeOf(actor);
  const rows = await db.reading(scope, (tx) => repository.findReaders(tx, scope, ids, aliveAt(clock.now())));
  return studies.map((study) => {
    if (study.status !== 'IN_PROGRESS') return study;
    const own = rows.filter(({ study_id }) => study_id === study.id).slice(0, MOST_SHOWN);
    return { ...study, readers: own.map((row) => readerOf(row, actor)) };
  });
}

/** How far the reading is, and who reads; its use is audited. Fails with NOT_FOUND for a study out of scope. */
export async function get({ db, audit, clock }: ReadingDeps, actor: Actor, path: StudyPath): Promise<Reading> {
  const { study, reading } = await db.reading(scopeOf(actor), async (tx) => {
    const study = await requireStudy(tx, actor, path.uid, path.groupId);
    return { study, reading: await readingOf(tx, actor, study, clock.now()) };
  });
  await audit.use(actor, { studyId: study.id, patientId: study.patient_id, groupId: study.group_id, kind: 'read' });
  return reading;
}

/**
 * Begins a reading or goes on with it. A study to be read is in progress from then on; of one that is validated or archived no reading begins, for who
 * opens it only looks. Fails with NOT_FOUND, OPEN_FOR_READING, CONFLICT for a study that moves at this moment or an id that is somebody else's, UNPROCESSABLE for too many.
 */
export async function keep(deps: ReadingDeps, actor: Person, path: StudyPath, id: string): Promise<Reading> {
  const { db, clock } = deps;
  return db.withScope(scopeOf(actor), async (tx) => {
    const study = await requireStudyToWrite(tx, actor, path.uid, path.groupId);
    const now = clock.now();
    const own = { studyId: study.id, id, userId: actor.userId, now, alive: aliveAt(now) };
    if (await repository.touchReading(tx, own)) return readingOf(tx, actor, study, now);
    await begin(deps, tx, actor, { study, id, now });
    return readingOf(tx, actor, await studyNow(tx, actor, study.id), now);
  });
}

async function studyNow(tx: ReadTx, actor: Actor, id: string): Promise<StudyRow> {
  const [study] = await findStudies(tx, scopeOf(actor), [id]);
  if (study === undefined) throw notFound();
  return study;
}

async function lockedStudy(tx: Tx, actor: Actor, seen: StudyRow): Promise<StudyRow> {
  if (!(await lockStudy(tx, seen, []))) throw new Failure('CONFLICT');
  return studyNow(tx, actor, seen.id);
}

interface Begun {
  readonly study: StudyRow;
  readonly id: string;
  readonly now: Date;
}

async function begin(deps: ReadingDeps, tx: Tx, actor: Person, { study: seen, id, now }: Begun): Promise<void> {
  const study = await lockedStudy(tx, actor, seen);
  if (!isOpen(study.status)) return;
  const others = await repository.findReadings(tx, scopeOf(actor), study.id, aliveAt(now));
  if (others.filter(({ user_id }) => user_id === actor.userId).length >= MOST_OF_ONE)
    throw new Failure('UNPROCESSABLE', { detail: 'Too many readings of this study by one person.' });
  const marks = study.status === 'TO_READ';
  const hasMarked = marks || others.some(({ has_marked }) => has_marked);
  const place = { studyId: study.id, groupId: study.group_id };
  if (!(await repository.insertReading(tx, { ...place, id, userId: actor.userId, now, hasMarked })))
    throw new Failure('CONFLICT');
  if (marks) await setStatus(tx, study, 'IN_PROGRESS', now);
  await tell(deps, tx, actor, { action: 'study.reading-began', study, details: { marks } });
}

async function setStatus(tx: Tx, study: StudyRow, status: 'TO_READ' | 'IN_PROGRESS', now: Date): Promise<void> {
  const present = { firstOpenedAt: study.first_opened_at, readAt: study.read_at, validatedAt: study.validated_at };
  const { description, text_uncertain: textUncertain } = study;
  await updateStudyRow(tx, study.id, { status, times: timesAfter(status, present, now), description, textUncertain }, now);
  await refreshPatients(tx, [study.patient_id]);
}

interface Told {
  readonly action: 'study.reading-began' | 'study.reading-ended';
  readonly study: Pick<StudyRow, 'id' | 'patient_id' | 'group_id'>;
  readonly details: Readonly<Record<string, string | boolean>>;
}

async function tell({ audit, events }: ReadingDeps, tx: Tx, actor: Actor, { action, study, details }: Told): Promise<void> {
  const { id, patient_id: patientId, group_id: groupId } = study;
  await audit.record(tx, { action, actor, entityType: 'study', entityId: id, patientId, groupId, details });
  await notifyStudy(tx, { id, patientId });
  await events.publish('reading-changed', id, tx);
}

/** A study that readings had marked, and that nobody reads any more, is to be read again; whether it is. */
async function release(tx: Tx, actor: Actor, study: StudyRow, now: Date): Promise<boolean> {
  if (study.status !== 'IN_PROGRESS') return false;
  if ((await repository.findReadings(tx, scopeOf(actor), study.id, aliveAt(now))).length > 0) return false;
  await setStatus(tx, study, 'TO_READ', now);
  return true;
}

/** Ends a reading of one's own; one that is over already is no failure. Fails with NOT_FOUND, CONFLICT for a study that moves at this moment. */
export async function end(deps: ReadingDeps, actor: Person, path: StudyPath, id: string): Promise<void> {
  await deps.db.withScope(scopeOf(actor), async (tx) => {
    const study = await lockedStudy(tx, actor, await requireStudyToWrite(tx, actor, path.uid, path.groupId));
    const hadMarked = await repository.deleteReading(tx, study.id, id, actor.userId);
    if (hadMarked === undefined) return;
    const isReleased = hadMarked && (await release(tx, actor, study, deps.clock.now()));
    await tell(deps, tx, actor, { action: 'study.reading-ended', study, details: { isReleased } });
  });
}

/** A person has said how far the reading is, in the transaction that writes it: what is done is read by nobody any more. */
export async function statusWasSet(
  { events }: Pick<ReadingDeps, 'events'>,
  tx: Tx,
  studyId: string,
  status: ReadingStatus,
): Promise<void> {
  if (isOpen(status)) await repository.unmarkReadings(tx, studyId);
  else await repository.deleteReadings(tx, studyId);
  await events.publish('reading-changed', studyId, tx);
}

const SWEPT_AT_ONCE = 200;

/** Takes away readings whose pages have gone without a word; gives of how many studies. */
export async function sweep(deps: ReadingDeps, by: Service, signal: AbortSignal): Promise<number> {
  const scope = scopeOf(by);
  const ids = await deps.db.reading(scope, (tx) => repository.findAbandoned(tx, aliveAt(deps.clock.now()), SWEPT_AT_ONCE));
  let swept = 0;
  for (const id of ids) {
    if (signal.aborted) break;
    if (await deps.db.withScope(scope, (tx) => sweepOne(deps, tx, by, id))) swept += 1;
  }
  return swept;
}

/** A study that moves at this moment, or is in the trash, has its turn later. */
async function sweepOne(deps: ReadingDeps, tx: Tx, by: Service, id: string): Promise<boolean> {
  const place = await findStudyPlace(tx, scopeOf(by), id);
  const now = deps.clock.now();
  if (place === undefined) return (await repository.deleteAbandoned(tx, id, aliveAt(now))).length > 0;
  if (!(await lockStudy(tx, place, []))) return false;
  const [study] = await findStudies(tx, scopeOf(by), [id]);
  if (study === undefined) return false;
  const gone = await repository.deleteAbandoned(tx, id, aliveAt(now));
  if (gone.length === 0) return false;
  const isReleased = gone.some(({ has_marked }) => has_marked) && (await release(tx, by, study, now));
  await tell(deps, tx, by, { action: 'study.reading-ended', study, details: { isReleased, isAbandoned: true } });
  return true;
}
