import { DEID_EXPORT_CODES } from '@negatoscope/contract';
import { type Person, type Service, scopeKey, scopeOf } from '../../../access/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Logger } from '../../../platform/log/log.ts';
import type { JobRun } from '../../../platform/queue/job.ts';
import { type ZipEntry, zipBytes } from '../../../platform/zip/zip-writer.ts';
import type { Selection } from '../archive.ts';
import { DeidentifiedArchive } from '../deidentified-archive.ts';
import type { DecodeFrame } from '../nifti/index.ts';
import { selectAgain } from '../service.ts';
import type { DeidExportDeps } from './exports.ts';
import { Arrivals, intoGroup, type TakeInto } from './into-group.ts';
import { GONE_AFTER_MS, Making, type PersonOf, personNow } from './making.ts';
import { treatmentFor } from './projects.ts';
import { leavingFor, mayLetInto } from './target.ts';
import { tidy } from './tidy.ts';
import * as rows from './work-rows.ts';

export interface MakingPorts extends Omit<DeidExportDeps, 'queue'> {
  readonly personOf: PersonOf;
  readonly log: Pick<Logger, 'error' | 'warn'>;
  /** Decodes frames, in threads. */
  readonly decode: DecodeFrame;
  readonly takeInto: TakeInto;
}

const DAY_MS = 86_400_000;
const KEPT_MS = 7 * DAY_MS;
const MOST_REFUSALS = 1_000;
/** A file that ends its process would be begun for ever. */
const MOST_TRIES = 5;

type Working = rows.Claimed & rows.Held;
type Code = (typeof DEID_EXPORT_CODES)[number];

/** Makes every export that waits, one after another, until none does. Another process may do the same. */
export async function runExports(ports: MakingPorts, by: Service, { signal }: Pick<JobRun, 'signal'>): Promise<number> {
  await tidy(ports, by, KEPT_MS);
  for (let ran = 0; ; ran += 1) {
    signal.throwIfAborted();
    const now = ports.clock.now();
    const claim = newId();
    const goneBefore = new Date(now.getTime() - GONE_AFTER_MS);
    const claimed = await ports.db.withScope(scopeOf(by), (tx) => rows.claimNext(tx, { claim, now, goneBefore }));
    if (claimed === undefined) return ran;
    await runOne(ports, by, { ...claimed, claim }, signal);
  }
}

function codeOf(error: unknown): Code {
  const code = error instanceof Failure ? DEID_EXPORT_CODES.find((one) => one === error.code) : undefined;
  return code ?? 'INTERNAL';
}

async function runOne(ports: MakingPorts, by: Service, work: Working, stop: AbortSignal): Promise<void> {
  if (work.is_cancelled || work.tries > MOST_TRIES) {
    await endWithout(ports, by, work, work.is_cancelled ? null : 'INTERNAL');
    return;
  }
  const person = await personNow(ports.personOf, work);
  if (person === undefined || !mayLetInto(person, work.form, work.target_group_id)) {
    await endWithout(ports, by, work, 'FORBIDDEN');
    return;
  }
  const scope = scopeKey(scopeOf(person));
  const making = new Making(ports, by, work, async () => {
    const now = await personNow(ports.personOf, work);
    return now !== undefined && scopeKey(scopeOf(now)) === scope && mayLetInto(now, work.form, work.target_group_id);
  });
  try {
    await make(ports, by, { work, person, making, stop });
  } catch (error) {
    await endBadly(ports, by, work, { error, making, stop });
  } finally {
    making.end();
  }
}

interface Broken {
  readonly error: unknown;
  readonly making: Making;
  readonly stop: AbortSignal;
}
async function endBadly(ports: MakingPorts, by: Service, work: Working, { error, making, stop }: Broken): Promise<void> {
  const why = making.stoppedFor;
  if (why === 'LOST') return;
  if (why === undefined && stop.aborted) {
    await ports.db.withScope(scopeOf(by), (tx) => rows.putBack(tx, work));
    return;
  }
  if (why === undefined) ports.log.error({ err: error, export: work.id }, 'an export without identity failed');
  await endWithout(ports, by, work, why === 'CANCELLED' ? null : (why ?? codeOf(error)));
}

/** Without a code: nobody wants it. */
async function endWithout({ db, audit, clock }: MakingPorts, by: Service, work: Working, code: Code | null): Promise<void> {
  const status = code === null ? 'CANCELLED' : 'FAILED';
  await db.withScope(scopeOf(by), async (tx) => {
    if ((await rows.endWithout(tx, work, { status, code, now: clock.now() })) === 0) return;
    const of = { entityType: 'deid-export', entityId: work.id };
    await audit.record(tx, { action: 'deid-export.ended', outcome: 'FAILURE', actor: by, ...of, details: { status, code } });
  });
}

interface Given {
  readonly work: Working;
  readonly person: Person;
  readonly making: Making;
  readonly stop: AbortSignal;
}
/** Writes the ZIP aside and keeps it whole, or not at all. Who lost the right while the last file was written gets nothing. */
async function make(ports: MakingPorts, by: Service, { work, person, making, stop }: Given): Promise<void> {
  const treatment = await treatmentFor(ports, person, work.project_id ?? undefined);
  const wanted = { patientIds: work.patient_ids, studyInstanceUids: work.study_uids ?? undefined };
  const selection = leavingFor(await selectAgain(ports, person, wanted), work.target_group_id);
  making.total = selection.studies.reduce((sum, { json }) => sum + json.instanceCount, 0);
  const signal = AbortSignal.any([stop, making.signal]);
  const nifti = work.form === 'NIFTI' ? { decode: ports.decode, scratch: ports.scratch, signal } : undefined;
  const archive = new DeidentifiedArchive({ ...ports, reader: ports.objects }, person, treatment, nifti);
  const arrivals = new Arrivals();
  const bytes = await ports.exports.create();
  try {
    for await (const piece of zipBytes(entriesOf(ports, by, { work, archive, selection, arrivals, signal, making }))) {
      signal.throwIfAborted();
      await bytes.write(Buffer.from(piece));
      making.done = archive.left;
      making.refused = archive.refused.length;
    }
    await making.keep();
    signal.throwIfAborted();
    const studyIds = selection.studies.map(({ json }) => json.id);
    await keepResult(ports, by, work, { bytes, archive, arrivals, studyIds, total: making.total });
  } finally {
    await bytes.remove();
  }
}

interface Leaving {
  readonly work: Working;
  readonly archive: DeidentifiedArchive;
  readonly selection: Selection;
  readonly arrivals: Arrivals;
  readonly signal: AbortSignal;
  readonly making: Making;
}
/** What the ZIP has: all that leaves or, of what goes into a group, what is told of it. */
function entriesOf(
  { takeInto, clock }: MakingPorts,
  by: Service,
  { work, archive, selection, arrivals, signal, making }: Leaving,
): AsyncGenerator<ZipEntry> {
  const entries = archive.entries(selection);
  const { target_group_id: groupId } = work;
  if (work.form !== 'GROUP' || groupId === null) return entries;
  const progress = (): void => {
    making.done = archive.left;
    making.refused = archive.refused.length;
  };
  return intoGroup(entries, { takeInto, clock, by, groupId, arrivals, signal, progress });
}

interface Made {
  readonly bytes: Awaited<ReturnType<MakingPorts['exports']['create']>>;
  readonly archive: DeidentifiedArchive;
  readonly arrivals: Arrivals;
  readonly studyIds: readonly string[];
  readonly total: number;
}
async function keepResult(
  ports: MakingPorts,
  by: Service,
  work: Working,
  { bytes, archive, arrivals, studyIds, total }: Made,
): Promise<void> {
  const { db, audit, clock, exports } = ports;
  await exports.keep([bytes]);
  const now = clock.now();
  const refused = [...archive.refused, ...arrivals.notTaken];
  const [done, { unchanged }] = [archive.left - arrivals.notTaken.length, arrivals];
  const counts = { total, done, unchanged, refused: refused.length, now, studyIds, refusals: refused.slice(0, MOST_REFUSALS) };
  const result = { ...counts, resultId: bytes.id, sizeBytes: bytes.sizeBytes, expiresAt: new Date(now.getTime() + KEPT_MS) };
  const ended = await db.withScope(scopeOf(by), async (tx) => {
    const rowsEnded = await rows.endDone(tx, work, result);
    const into = work.target_group_id === null ? {} : { targetGroupId: work.target_group_id, unchanged };
    const details = { files: done, refused: refused.length, form: work.form, ...into };
    if (rowsEnded > 0)
      await audit.record(tx, { action: 'deid-export.ended', actor: by, entityType: 'deid-export', entityId: work.id, details });
    return rowsEnded;
  });
  if (ended > 0) return;
  await exports.remove([bytes.id]);
  await endWithout(ports, by, work, null);
}
