import { type Service, scopeOf } from '../../../access/index.ts';
import type { DeidExportDeps } from './exports.ts';
import { knownResults, removeEnded } from './work-rows.ts';

/** What was kept by a process that died before it said so is nobody's after this time. */
const UNSAID_MS = 86_400_000;

/** Takes away what ended so long ago, and files that no export has. */
export async function tidy(
  { db, clock, exports }: Pick<DeidExportDeps, 'db' | 'clock' | 'exports'>,
  by: Service,
  keptMs: number,
): Promise<void> {
  const now = clock.now().getTime();
  const ended = await db.withScope(scopeOf(by), (tx) => removeEnded(tx, new Date(now - keptMs)));
  await exports.remove(ended.flatMap(({ result_id: id }) => (id === null ? [] : [id])));
  const old = await exports.list(new Date(now - UNSAID_MS));
  if (old.length === 0) return;
  const known = await db.withScope(scopeOf(by), (tx) => knownResults(tx, old));
  const kept = new Set(known.map(({ result_id: id }) => id));
  await exports.remove(old.filter((id) => !kept.has(id)));
}
