import { type Overview, overview } from '@negatoscope/contract';
import { scopeOf, seesIdentity } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import type { ArchiveReader } from '../../archive/doors.ts';
import { readOverview } from '../../archive/records/overview.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { RowScope } from '../../platform/db/database.ts';

export interface StatsDeps {
  readonly db: ArchiveReader;
  readonly clock: Clock;
}

/** How long an overview may be old: every dashboard of a scope asks at once, and one answer serves them all. */
const FRESH_MS = 10_000;

export function registerStats(router: Router, { db, clock }: StatsDeps): void {
  const kept = new Map<string, { at: number; answer: Promise<Overview> }>();

  async function count(scope: RowScope): Promise<Overview> {
    const midnight = new Date(clock.now());
    midnight.setUTCHours(0, 0, 0, 0);
    const row = await db.reading(scope, (tx) => readOverview(tx, scope, midnight));
    if (row === undefined) throw new Error('The overview gave no row.');
    return row;
  }

  router.handle(overview, async ({ actor }) => {
    // Only who imports into a partition of their own has other numbers than their group.
    const scope = seesIdentity(actor) ? { ...scopeOf(actor), actorId: null } : scopeOf(actor);
    const key = scope.all ? 'all' : `${scope.groupId} ${scope.ungrouped} ${scope.actorId}`;
    const now = clock.now().getTime();
    const last = kept.get(key);
    if (last !== undefined && now - last.at < FRESH_MS) return last.answer;
    const answer = count(scope);
    kept.set(key, { at: now, answer });
    answer.catch(() => kept.delete(key));
    return answer;
  });
}
