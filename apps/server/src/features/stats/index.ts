import { type Overview, overview } from '@negatoscope/contract';
import { scopeOf, seesIdentity } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import { inScope, scopeValues } from '../../archive/search/index-list.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db, RowScope } from '../../platform/db/database.ts';

export interface StatsDeps {
  readonly db: Db;
  readonly clock: Clock;
}

/** How long an overview may be old: every dashboard of a scope asks at once, and one answer serves them all. */
const FRESH_MS = 10_000;

/**
 * Instances and bytes are sums over the studies' own counters, which imports keep right, so that no count ever touches the instances.
 * Everything is exact and at most ten seconds old. receivedToday counts from midnight UTC.
 */
const QUERY = `
  SELECT
    (SELECT count(*) FROM patients p WHERE p.deleted_at IS NULL AND p.merged_into IS NULL AND ${inScope('p', 1)}) AS patients,
    s.*,
    (SELECT count(*) FROM conflicts c WHERE c.status = 'OPEN' AND ${inScope('c', 1)}) AS "openConflicts",
    (SELECT count(*) FROM patients p WHERE p.identity_status = 'IDENTITY_REVIEW' AND p.deleted_at IS NULL AND p.merged_into IS NULL
      AND ${inScope('p', 1)}) AS "identityReviews"
  FROM (
    SELECT count(*) AS studies, coalesce(sum(instance_count), 0)::bigint AS instances, coalesce(sum(size_bytes), 0)::bigint AS "sizeBytes",
      count(*) FILTER (WHERE status = 'TO_READ') AS "toRead", count(*) FILTER (WHERE status = 'IN_PROGRESS') AS "inProgress",
      count(*) FILTER (WHERE received_at >= $4) AS "receivedToday"
    FROM studies s WHERE s.deleted_at IS NULL AND ${inScope('s', 1)}
  ) s`;

export function registerStats(router: Router, { db, clock }: StatsDeps): void {
  const kept = new Map<string, { at: number; answer: Promise<Overview> }>();

  async function count(scope: RowScope): Promise<Overview> {
    const midnight = new Date(clock.now());
    midnight.setUTCHours(0, 0, 0, 0);
    const row = await db.withScope(scope, (tx) => tx.first<Overview>(QUERY, [...scopeValues(scope), midnight], 'overview'));
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
