import type { BodyOf, DeidExport, DeidExportDetails, startDeidExport } from '@negatoscope/contract';
import { noteLeavingStudies, type Person, scopeOf } from '../../../access/index.ts';
import { findStudies } from '../../../archive/records/exported.ts';
import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Scratch, ScratchReader } from '../../../platform/objects/scratch/index.ts';
import type { Queue } from '../../../platform/queue/queue.ts';
import type { ExportDeps } from '../deps.ts';
import { RUN_DEID_EXPORTS } from '../job-kinds.ts';
import { selectForExport } from '../service.ts';
import * as rows from './export-rows.ts';
import { hasChanged } from './held-rows.ts';
import { treatmentFor } from './projects.ts';
import { chosenOf, type SourcePorts } from './source.ts';
import { leavingFor, requireTarget } from './target.ts';

export interface DeidExportDeps extends ExportDeps {
  readonly exports: Scratch;
  readonly queue: Pick<Queue, 'send'>;
}

const MOST_LISTED = 100;
/** That wait or run, of one person. */
const MOST_OPEN = 20;

const exportOf = (row: rows.ExportRow): DeidExport => ({
  id: row.id,
  project: row.project_id === null ? null : { id: row.project_id, name: row.project_name ?? '' },
  status: row.status,
  code: row.code,
  form: row.form,
  target: row.target_group_id === null ? null : { id: row.target_group_id, name: row.target_name },
  patients: row.patient_ids.length,
  total: row.total,
  done: row.done,
  unchanged: row.unchanged,
  refused: row.refused,
  waiting: row.waiting ?? 0,
  decided: row.decided ?? 0,
  sizeBytes: row.size_bytes,
  createdAt: row.created_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
  expiresAt: row.expires_at?.toISOString() ?? null,
});

export async function list({ db }: DeidExportDeps, actor: Person): Promise<{ items: DeidExport[] }> {
  const found = await db.reading(scopeOf(actor), (tx) => rows.findExports(tx, actor.userId, MOST_LISTED));
  return { items: found.map(exportOf) };
}

export async function requireExport({ db }: Pick<DeidExportDeps, 'db'>, actor: Person, id: string): Promise<rows.ExportRow> {
  const row = await db.reading(scopeOf(actor), (tx) => rows.findExport(tx, actor.userId, id));
  if (row === undefined) throw notFound();
  return row;
}

/** Fails with NOT_FOUND for other people's. */
export async function read(deps: DeidExportDeps, actor: Person, id: string): Promise<DeidExportDetails> {
  const row = await requireExport(deps, actor, id);
  return { ...exportOf(row), refusals: row.refusals };
}

/** Notes whose images are to leave, and sends the job. Fails as the streamed export does; UNPROCESSABLE where too many wait. */
export async function start(
  deps: DeidExportDeps & SourcePorts,
  actor: Person,
  body: BodyOf<typeof startDeidExport>,
): Promise<DeidExport> {
  const { projectId, form, targetGroupId } = body;
  const treatment = await treatmentFor(deps, actor, projectId);
  if (targetGroupId !== undefined) await requireTarget(deps, actor, targetGroupId, treatment);
  const { patientIds, studyInstanceUids } = await chosenOf(deps, actor, body);
  const chosen = await selectForExport(deps, actor, { patientIds, studyInstanceUids, projectId, anonymize: true, partial: true });
  const isNothing = leavingFor(chosen, targetGroupId ?? null).studies.length === 0;
  if (targetGroupId !== undefined && isNothing) throw new Failure('UNPROCESSABLE', { detail: 'All of it is in this group.' });
  const { userId, permissions, via, sessionId } = actor;
  const id = newId();
  await deps.db.withScope(scopeOf(actor), async (tx) => {
    if ((await rows.countOpen(tx, userId)) >= MOST_OPEN) throw new Failure('UNPROCESSABLE', { detail: 'Too many exports wait.' });
    await rows.insertExport(tx, {
      ...{ id, userId, permissions: [...permissions], tokenId: via === 'token' ? sessionId : null },
      ...{ projectId: projectId ?? null, patientIds: [...new Set(patientIds)], studyUids: studyInstanceUids ?? null },
      ...{ form, targetGroupId: targetGroupId ?? null },
      now: deps.clock.now(),
    });
    const into = { ...(projectId && { projectId }), ...(targetGroupId && { targetGroupId }) };
    const details = { patients: patientIds.length, form, ...into };
    await deps.audit.record(tx, { action: 'deid-export.asked', actor, entityType: 'deid-export', entityId: id, details });
    await deps.queue.send(RUN_DEID_EXPORTS, {}, tx);
  });
  const row = await requireExport(deps, actor, id);
  return exportOf(row);
}

/** What has ended stays as it is. Fails with NOT_FOUND. */
export async function cancel(deps: DeidExportDeps, actor: Person, id: string): Promise<DeidExport> {
  await requireExport(deps, actor, id);
  return deps.db.withScope(scopeOf(actor), async (tx) => {
    if ((await rows.wishCancelled(tx, id, deps.clock.now())) > 0)
      await deps.audit.record(tx, { action: 'deid-export.cancelled', actor, entityType: 'deid-export', entityId: id });
    const row = await rows.findExport(tx, actor.userId, id);
    if (row === undefined) throw new BrokenInvariant('An export that was cancelled is not there.');
    return exportOf(row);
  });
}

/**
 * Goes on with what has ended, now that somebody has decided about files that were held: the ZIP is made anew, with one key where it is of no project. Fails with
 * NOT_FOUND for other people's, with CONFLICT for one that has not ended well, with UNPROCESSABLE where too many wait.
 */
export async function resume(deps: DeidExportDeps, actor: Person, id: string): Promise<DeidExport> {
  const before = await requireExport(deps, actor, id);
  await treatmentFor(deps, actor, before.project_id ?? undefined);
  await deps.db.withScope(scopeOf(actor), async (tx) => {
    if ((await rows.countOpen(tx, actor.userId)) >= MOST_OPEN)
      throw new Failure('UNPROCESSABLE', { detail: 'Too many exports wait.' });
    if ((await rows.resume(tx, id)) === 0) throw new Failure('CONFLICT');
    await deps.audit.record(tx, { action: 'deid-export.resumed', actor, entityType: 'deid-export', entityId: id });
    await deps.queue.send(RUN_DEID_EXPORTS, {}, tx);
  });
  if (before.result_id !== null) await deps.exports.remove([before.result_id]);
  return exportOf(await requireExport(deps, actor, id));
}

/** Whether all that is in it is still there and seen. */
async function seesAll({ db }: DeidExportDeps, actor: Person, row: rows.ExportRow): Promise<boolean> {
  const scope = scopeOf(actor);
  const now = await db.reading(scope, (tx) => findStudies(tx, scope, row.patient_ids, undefined));
  const seen = new Set(now.map(({ json }) => json.id));
  return row.study_ids?.every((id) => seen.has(id)) === true;
}

/** What has been made by what somebody has taken back since may show what they then saw. */
const isOutdated = ({ db }: DeidExportDeps, actor: Person, { study_ids, ended_at }: rows.ExportRow): Promise<boolean> =>
  db.reading(scopeOf(actor), async (tx) => ended_at !== null && hasChanged(tx, study_ids ?? [], ended_at));

/**
 * The ZIP, noted before its first byte. Fails with NOT_FOUND for other people's, one that has not ended and one whose week is over, with FORBIDDEN where
 * something in it is not there any more, or not for this person, and where somebody has decided otherwise about a picture in it since.
 */
export async function open(deps: DeidExportDeps, actor: Person, id: string): Promise<ScratchReader> {
  const row = await requireExport(deps, actor, id);
  const isOver = row.expires_at === null || row.expires_at <= deps.clock.now();
  if (row.status !== 'DONE' || row.result_id === null || isOver) throw notFound();
  if (!(await seesAll(deps, actor, row)))
    throw new Failure('FORBIDDEN', { detail: 'Something in this export is gone, or no longer yours to see: make another one.' });
  if (await isOutdated(deps, actor, row))
    throw new Failure('FORBIDDEN', {
      detail: 'What was said of a picture in this export has changed: go on with it, and it is made anew.',
    });
  noteLeavingStudies(actor, row.study_ids ?? []);
  const reader = await deps.exports.kept(row.result_id);
  if (reader === undefined) throw notFound();
  try {
    await deps.audit.note({ action: 'deid-export.downloaded', actor, entityType: 'deid-export', entityId: id });
  } catch (error) {
    await reader.close();
    throw error;
  }
  return reader;
}
