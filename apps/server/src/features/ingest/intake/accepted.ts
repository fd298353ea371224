import { type Person, requirePermission, type Service, scopeOf } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { RowOf } from '../../../platform/db/statements.ts';
import type { Scratch, ScratchReader } from '../../../platform/objects/scratch/index.ts';
import type { GuardedObjects } from '../../../platform/objects/store/index.ts';
import type { JobReport, JobRun } from '../../../platform/queue/job.ts';
import type { Queue } from '../../../platform/queue/queue.ts';
import { READ_SPOOL } from '../job-kinds.ts';
import type { ImportTarget, IngestLimits, ResolvedTarget } from '../types.ts';
import { closeImport } from './close-import.ts';
import { type Archive, readArchives } from './run.ts';
import { askingBefore, type IngestSession } from './session.ts';
import { resolveTarget } from './target.ts';

/** Imports that were accepted with 202: their archives are kept durably until a job has read them. */
export interface AcceptedTools {
  readonly db: Db;
  readonly objects: GuardedObjects;
  readonly scratch: Scratch;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'send' | 'waiting'>;
  readonly limits: IngestLimits;
  readonly openResolved: (actor: Person, target: ResolvedTarget) => IngestSession;
  /** The same for a request: it goes on only as long as what it was begun with. */
  readonly openForRequest: (actor: Person, target: ResolvedTarget) => IngestSession;
  /** A person as they are now, without a session; undefined when they may not sign in. */
  readonly personOf: (userId: string) => Promise<Person | undefined>;
}

/** What the jobs need: they see every import, and act in it as its person. */
export interface SpoolReading extends AcceptedTools {
  readonly by: Service;
}

/** An archive is kept, then its row is committed: what is younger may be on its way. */
const ORPHAN_AFTER_MS = 3_600_000;

const ACCEPTED = `SELECT user_id, group_id, patient_id, on_mismatch, accept_mismatch, mismatch_reason, entrance, status, spool_read FROM imports WHERE id = $1`;
type AcceptedRow = RowOf<typeof ACCEPTED>;

const SPOOLS = 'SELECT id, name, size_bytes, permissions FROM import_spools WHERE import_id = $1 ORDER BY place';
type SpoolRow = RowOf<typeof SPOOLS>;

/**
 * Reads the archives of an import from where an earlier run came to, as the person who sent them and with the rights that they have now. Idempotent.
 * An import whose person may no longer do it, whose archives are gone or whose last attempt failed is CANCELLED; what was stored stays.
 */
export async function readAccepted(tools: SpoolReading, importId: string, run: JobRun): Promise<JobReport> {
  const { db, scratch, by } = tools;
  requirePermission(by, 'imports.create');
  const { row, spools } = await db.reading(scopeOf(by), async (tx) => ({
    row: await tx.first(ACCEPTED, [importId]),
    spools: await tx.rows(SPOOLS, [importId]),
  }));
  const finish = (outcome: Outcome): Promise<JobReport> => endImport(tools, importId, outcome);
  if (row === undefined) return { importId, outcome: 'GONE' };
  if (row.status !== 'RUNNING') return finish('CANCELLED');
  try {
    if (!(await areWhole(scratch, spools))) return await finish('CANCELLED');
    const session = await sessionFor(tools, importId, { ...row, permissions: spools[0]?.permissions ?? [] });
    const archives = spools.map(({ id, name }): Archive => ({ name, open: () => openKept(scratch, id) }));
    await readArchives({ ...tools, session, opensZips: true }, archives, { skip: row.spool_read, signal: run.signal });
  } catch (error) {
    if (run.signal.aborted) throw error;
    // Closed by its person meanwhile, or the person's rights ended.
    const isOver = error instanceof Failure && (error.code === 'IMPORT_FINISHED' || error.code === 'FORBIDDEN');
    if (isOver) return finish('CANCELLED');
    if (run.isLast) await finish('CANCELLED');
    throw error;
  }
  return finish('DONE');
}

type Outcome = 'DONE' | 'CANCELLED';

async function openKept(scratch: Scratch, id: string): Promise<ScratchReader> {
  const kept = await scratch.kept(id);
  if (kept === undefined) throw new Failure('UNAVAILABLE', { detail: 'An accepted archive is gone.' });
  return kept;
}

/** Closes the import together with its archives' rows; archives last, so that a crash leaves some that nobody misses. */
async function endImport(
  { db, scratch, by }: Pick<SpoolReading, 'db' | 'scratch' | 'by'>,
  importId: string,
  outcome: Outcome,
): Promise<JobReport> {
  const ids = await db.withScope(scopeOf(by), async (tx) => {
    await closeImport(tx, importId, outcome === 'CANCELLED');
    return tx.rows('DELETE FROM import_spools WHERE import_id = $1 RETURNING id', [importId]);
  });
  await scratch.remove(ids.map(({ id }) => id));
  return { importId, outcome, archives: ids.length };
}

type Order = AcceptedRow & { readonly permissions: readonly string[] };

/** A session for the import that asks before each commit whether the person may still do it. Fails with FORBIDDEN when they may not now. */
async function sessionFor(tools: AcceptedTools, importId: string, row: Order): Promise<IngestSession> {
  const { group_id: groupId, patient_id: patientId, accept_mismatch: acceptMismatch, entrance } = row;
  const actor = await allowed(tools, row);
  const mismatch = { onMismatch: row.on_mismatch, acceptMismatch, mismatchReason: row.mismatch_reason };
  const target: ResolvedTarget = { entrance, importId, isOpen: true, isSpooled: true, groupId, patientId, ...mismatch };
  return askingBefore(tools.openResolved(actor, target), () => allowed(tools, row));
}

/** The person as they are now, when they could open this very import now: their group may have changed, the patient may have gone out of sight. */
async function allowed({ db, personOf }: AcceptedTools, row: Order): Promise<Person> {
  const { group_id: groupId, patient_id: patientId, entrance } = row;
  const person = row.user_id === null ? undefined : await personOf(row.user_id);
  if (person === undefined) throw new Failure('FORBIDDEN');
  const permissions = new Set([...person.permissions].filter((permission) => row.permissions.includes(permission)));
  const actor = { ...person, permissions };
  requirePermission(actor, 'imports.create');
  const wanted: ImportTarget = {
    entrance,
    ...(groupId === null ? {} : { groupId }),
    ...(patientId === null ? {} : { patientId }),
    // Another identity is attached by who may decide that now, not only when the archive was sent.
    ...(row.accept_mismatch ? { acceptMismatch: true, mismatchReason: row.mismatch_reason ?? '' } : {}),
  };
  const decided = await db
    .withScope(scopeOf(actor), (tx) => resolveTarget(tx, actor, wanted))
    .catch((error: unknown) => {
      throw error instanceof Failure && error.code !== 'UNAVAILABLE' ? new Failure('FORBIDDEN', { cause: error }) : error;
    });
  // Administrators may put files where no group is, whatever their own is.
  if (decided.groupId !== groupId && actor.role !== 'ADMIN') throw new Failure('FORBIDDEN');
  return actor;
}

async function areWhole(scratch: Scratch, spools: readonly SpoolRow[]): Promise<boolean> {
  for (const { id, size_bytes } of spools) {
    const kept = await scratch.kept(id).catch(() => undefined);
    await kept?.close();
    if (kept?.sizeBytes !== size_bytes) return false;
  }
  return spools.length > 0;
}

/** Cancels imports whose job ended without them: each of its attempts killed its process. Gives their number. */
export async function cancelForgotten({ db, queue, scratch, by }: SpoolReading): Promise<number> {
  const rows = await db.reading(scopeOf(by), (tx) => tx.rows('SELECT DISTINCT import_id AS id FROM import_spools'));
  if (rows.length === 0) return 0;
  const waiting = (await queue.waiting(READ_SPOOL)).map((payload) => READ_SPOOL.payload.safeParse(payload).data?.importId);
  const forgotten = rows.filter(({ id }) => !waiting.includes(id));
  for (const { id } of forgotten) await endImport({ db, scratch, by }, id, 'CANCELLED');
  return forgotten.length;
}

/** Removes archives that no row names: a crash between the archive and its row, or between the end of an import and its archive. */
export async function removeUnacceptedSpools({
  db,
  scratch,
  clock,
  by,
}: Pick<SpoolReading, 'db' | 'scratch' | 'clock' | 'by'>): Promise<number> {
  let removed = 0;
  for (const id of await scratch.list(new Date(clock.now().getTime() - ORPHAN_AFTER_MS))) {
    const row = await db.reading(scopeOf(by), (tx) => tx.first('SELECT id FROM import_spools WHERE id::text = $1', [id]));
    if (row !== undefined) continue;
    await scratch.remove([id]);
    removed += 1;
  }
  return removed;
}
