import type { BodyOf, listStudies, listStudyMoves, QueryOf, ResultOf, Study, search, updateStudy } from '@negatoscope/contract';
import { isKnownCode } from '@negatoscope/dicom';
import { type Actor, type Person, requirePermission, scopeOf, seesIdentity, userOf } from '../../access/index.ts';
import type { ArchiveWriter } from '../../archive/doors.ts';
import { trashStudy } from '../../archive/lifecycle/trash.ts';
import { notifyStudy } from '../../archive/notify.ts';
import { refreshPatients } from '../../archive/records/patients.ts';
import { needsValidator, timesAfter } from '../../archive/records/reading-status.ts';
import * as repository from '../../archive/records/studies.ts';
import { updateStudyRow } from '../../archive/records/study-changes.ts';
import { type StudyRow, seriesOf, studyOf } from '../../archive/records/study-rows.ts';
import type { RowKinds } from '../../archive/row-kind.ts';
import { filterNames, type IndexListRequest, isCalendarDate, pageOf, storableText } from '../../archive/search/index-list.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import type { Page } from '../../kernel/list.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { Changes, LiveEvents } from '../../platform/shared-state/index.ts';
import type { Audit } from '../audit/index.ts';
import { listMoves } from './list-moves.ts';
import { moveStudy, undoMove } from './moves.ts';
import type { PatientSearch } from './ports.ts';
import { type StudyPath, statusWasSet, withReaders } from './reading/index.ts';
import type { WorkDeps } from './work/index.ts';

export interface StudyDeps {
  readonly db: ArchiveWriter;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly patients: PatientSearch;
  readonly kinds: RowKinds;
  readonly events: Pick<LiveEvents, 'publish'>;
  readonly changes: Pick<Changes, 'subscribe'>;
  readonly assigned: WorkDeps['assigned'];
}
type Detail = ResultOf<typeof import('@negatoscope/contract').getStudy>;

export async function list(deps: StudyDeps, actor: Actor, query: QueryOf<typeof listStudies>): Promise<Page<Study>> {
  const { q, limit, cursor, sort = '-studyDate', status, modality, patientId, accessionNumber, groupId } = query;
  const [from, to] = [requireDate('from', query.from), requireDate('to', query.to)];
  const { urgency, label } = query;
  const assignee = query.assignee === 'me' ? (userOf(actor) ?? undefined) : query.assignee;
  const prior = query.prior?.toString();
  const filters = { status, modality, patientId, accessionNumber, groupId, from, to, urgency, assignee, label, prior };
  const identity = seesIdentity(actor);
  const request: IndexListRequest = { kind: 'studies', sort, limit, cursor, q, filters, pseudonyms: !identity };
  const scope = scopeOf(actor);
  const rows = await repository.askStudies(deps.db, request, scope);
  const page = pageOf(request, rows, (row: StudyRow) => studyOf(row, actor));
  const [items] = await Promise.all([
    withReaders(deps, actor, page.items),
    deps.audit.show(actor, {
      action: 'study.list',
      entityType: 'study',
      patientId: patientId ?? null,
      shown: page.items.map(({ patient }) => patient.id),
      filters: filterNames({ q, ...filters }),
    }),
  ]);
  return { ...page, items };
}

/** The one search field: patients and studies found by a text. */
export async function searchBoth(
  { db, audit, patients }: StudyDeps,
  actor: Actor,
  { q, limit }: QueryOf<typeof search>,
): Promise<ResultOf<typeof search>> {
  if (storableText(q).trim() === '') return { patients: [], studies: [] };
  const scope = scopeOf(actor);
  const identity = seesIdentity(actor);
  const request: IndexListRequest = { kind: 'studies', sort: '-studyDate', limit, q, filters: {}, pseudonyms: !identity };
  const both = await db.reading(scope, async (tx) => {
    const [found, rows] = await Promise.all([
      patients.search(tx, actor, q, limit),
      tx.rows(repository.studyList(request, scope)),
    ]);
    return { patients: found, studies: pageOf(request, rows, (row: StudyRow) => studyOf(row, actor)).items };
  });
  const shown = [...both.patients.map(({ id }) => id), ...both.studies.map(({ patient }) => patient.id)];
  await audit.show(actor, { action: 'search.suggestions', entityType: 'patient', shown, filters: ['q'] });
  return both;
}

export async function modalities({ db }: StudyDeps, actor: Actor): Promise<string[]> {
  const scope = scopeOf(actor);
  const all = await db.reading(scope, (tx) => repository.findModalities(tx, scope));
  return seesIdentity(actor) ? all : all.filter(isKnownCode);
}

export async function get({ audit, db }: StudyDeps, actor: Actor, path: StudyPath): Promise<Detail> {
  const detail = await db.reading(scopeOf(actor), async (tx) =>
    detailOf(tx, actor, await repository.requireStudy(tx, actor, path.uid, path.groupId)),
  );
  await audit.use(actor, { studyId: detail.id, patientId: detail.patient.id, groupId: detail.groupId, kind: 'read' });
  return detail;
}

/** Changes a study's fields, gives it to another patient, or both in one transaction. */
export async function update(deps: StudyDeps, actor: Person, path: StudyPath, body: BodyOf<typeof updateStudy>): Promise<Detail> {
  if (typeof body.description === 'string' && storableText(body.description) !== body.description) {
    throw new Failure('VALIDATION_FAILED', { errors: [{ path: 'description', message: 'Not a text.' }] });
  }
  return deps.db.withScope(scopeOf(actor), async (tx) => {
    const seen = await repository.requireStudyToWrite(tx, actor, path.uid, path.groupId);
    const target = body.patientId === seen.patient_id ? undefined : body.patientId;
    if (body.fromPatientId !== undefined && body.fromPatientId !== seen.patient_id) throw new Failure('STALE_UPDATE');
    if (!(await repository.lockStudy(tx, seen, target === undefined ? [] : [target]))) throw new Failure('CONFLICT');
    const before = await requireFound(tx, actor, seen.id);
    const fields = await applyFields(deps, tx, actor, { before, body });
    if (fields.length > 0) await finish(deps, tx, actor, { study: before, fields, status: body.status });
    if (body.status !== undefined) await statusWasSet(deps, tx, before.id, body.status);
    if (target !== undefined) await moveStudy(deps, tx, actor, before, { ...body, patientId: target });
    return detailOf(tx, actor, await requireFound(tx, actor, before.id));
  });
}

/** Writes what differs; gives the names of the fields that changed. */
async function applyFields(
  { clock }: StudyDeps,
  tx: Tx,
  actor: Person,
  { before, body }: { readonly before: StudyRow; readonly body: BodyOf<typeof updateStudy> },
): Promise<string[]> {
  const status = body.status ?? before.status;
  const description = body.description === undefined ? before.description : body.description;
  const textUncertain = before.text_uncertain && body.textUncertain !== false && description === before.description;
  const fields = [
    ...(textUncertain === before.text_uncertain ? [] : ['textUncertain']),
    ...(status === before.status ? [] : ['status']),
    ...(description === before.description ? [] : ['description']),
  ];
  const present = { firstOpenedAt: before.first_opened_at, readAt: before.read_at, validatedAt: before.validated_at };
  const times = status === before.status ? present : timesAfter(status, present, clock.now());
  if (needsValidator(present, times)) requirePermission(actor, 'studies.validate');
  if (fields.length > 0) await updateStudyRow(tx, before.id, { status, times, description, textUncertain }, clock.now());
  return fields;
}

/** The patient's status, the journal and caches follow. */
async function finish(
  { audit }: StudyDeps,
  tx: Tx,
  actor: Person,
  {
    study,
    fields,
    status,
  }: { readonly study: StudyRow; readonly fields: readonly string[] } & Pick<BodyOf<typeof updateStudy>, 'status'>,
): Promise<void> {
  const { id, patient_id: patientId, group_id: groupId } = study;
  await refreshPatients(tx, [patientId]);
  await audit.record(tx, {
    action: 'study.updated',
    actor,
    entityType: 'study',
    entityId: id,
    patientId,
    groupId,
    details: { fields, ...(status !== undefined && fields.includes('status') ? { status } : {}) },
  });
  await notifyStudy(tx, { id, patientId });
}

export async function movesOf(deps: StudyDeps, actor: Person, path: StudyPath): Promise<ResultOf<typeof listStudyMoves>> {
  return deps.db.reading(scopeOf(actor), async (tx) => {
    const study = await repository.requireStudy(tx, actor, path.uid, path.groupId);
    return { items: await listMoves(deps, tx, actor, study) };
  });
}

export async function takeBackMove(deps: StudyDeps, actor: Person, moveId: string): Promise<Detail> {
  return deps.db.withScope(scopeOf(actor), async (tx) => {
    const studyId = await undoMove(deps, tx, actor, moveId);
    return detailOf(tx, actor, await requireFound(tx, actor, studyId));
  });
}

/** Moves a study to the trash. */
export async function remove({ audit, clock, db }: StudyDeps, actor: Person, path: StudyPath): Promise<void> {
  await db.withScope(scopeOf(actor), async (tx) => {
    const study = await repository.requireStudyToWrite(tx, actor, path.uid, path.groupId);
    if (!(await repository.lockStudy(tx, study, []))) throw new Failure('CONFLICT');
    await trashStudy(tx, study.id, clock.now());
    await refreshPatients(tx, [study.patient_id]);
    const { id, patient_id: patientId, group_id } = study;
    await audit.record(tx, { action: 'study.trashed', actor, entityType: 'study', entityId: id, patientId, groupId: group_id });
    await notifyStudy(tx, { id, patientId });
  });
}

function requireDate(path: string, value: string | undefined): string | undefined {
  if (value === undefined || isCalendarDate(value)) return value;
  throw new Failure('VALIDATION_FAILED', { errors: [{ path, message: 'Not a date of the calendar.' }] });
}

async function requireFound(tx: ReadTx, actor: Actor, id: string): Promise<StudyRow> {
  const [study] = await repository.findStudies(tx, scopeOf(actor), [id]);
  if (study === undefined) throw notFound();
  return study;
}

async function detailOf(tx: ReadTx, actor: Actor, row: StudyRow): Promise<Detail> {
  const series = await repository.findSeries(tx, scopeOf(actor), row.id);
  const identity = seesIdentity(actor);
  return { ...studyOf(row, actor), series: series.map((one) => seriesOf(one, identity)) };
}
