import { type Service, scopeOf } from '../../../access/index.ts';
import { findThere } from '../../../archive/records/exported.ts';
import type { DeidExportDeps } from './exports.ts';
import { endGone, findKept, knownResults, removeEnded } from './work-rows.ts';

/** What was kept by a process that died before it said so is nobody's after this time. */
const UNSAID_MS = 86_400_000;

/** Takes away files in which something is that was erased or purged since: nobody gets them any more, and they are of who is gone. */
async function removeGone({ db, exports }: Pick<DeidExportDeps, 'db' | 'exports'>, by: Service): Promise<void> {
  const scope = scopeOf(by);
  const kept = await db.withScope(scope, findKept);
  const ids = [...new Set(kept.flatMap(({ study_ids }) => study_ids ?? []))];
  if (ids.length === 0) return;
  const there = new Set(await db.reading(scope, (tx) => findThere(tx, ids)));
  const gone = kept.filter(({ study_ids }) => study_ids?.some((id) => !there.has(id)));
  if (gone.length === 0) return;
  await exports.remove(gone.flatMap(({ result_id: id }) => id ?? []));
  await db.withScope(scope, (tx) =>
    endGone(
      tx,
      gone.map(({ id }) => id),
    ),
  );
}

/** Takes away what ended so long ago, what is of who is gone, and files that no export has. */
export async function tidy(
  { db, clock, exports }: Pick<DeidExportDeps, 'db' | 'clock' | 'exports'>,
  by: Service,
  keptMs: number,
): Promise<void> {
  await removeGone({ db, exports }, by);
  const now = clock.now().getTime();
  const ended = await db.withScope(scopeOf(by), (tx) => removeEnded(tx, new Date(now - keptMs)));
  await exports.remove(ended.flatMap(({ result_id: id }) => (id === null ? [] : [id])));
  const old = await exports.list(new Date(now - UNSAID_MS));
  if (old.length === 0) return;
  const known = await db.withScope(scopeOf(by), (tx) => knownResults(tx, old));
  const kept = new Set(known.map(({ result_id: id }) => id));
  await exports.remove(old.filter((id) => !kept.has(id)));
}
