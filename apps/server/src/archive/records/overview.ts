import type { Overview } from '@negatoscope/contract';
import type { Scope } from '../../access/scope.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import { inPartition, inScope, scopeValues } from '../in-scope.ts';

/**
 * Instances and bytes are sums over the studies' own counters, which imports keep right, so that no count ever touches the instances.
 * Everything is exact and at most ten seconds old. receivedToday counts from midnight UTC.
 */
const QUERY = `
  SELECT
    (SELECT count(*) FROM patients p WHERE p.deleted_at IS NULL AND p.merged_into IS NULL AND ${inScope('patients', 'p', 1)}) AS patients,
    s.*,
    (SELECT count(*) FROM conflicts c WHERE c.status = 'OPEN' AND ${inPartition('c', 1)}) AS "openConflicts"
  FROM (
    SELECT count(*) AS studies, coalesce(sum(instance_count), 0)::bigint AS instances, coalesce(sum(size_bytes), 0)::bigint AS "sizeBytes",
      count(*) FILTER (WHERE status = 'TO_READ') AS "toRead", count(*) FILTER (WHERE status = 'IN_PROGRESS') AS "inProgress",
      count(*) FILTER (WHERE received_at >= $5) AS "receivedToday"
    FROM studies s WHERE s.deleted_at IS NULL AND ${inScope('studies', 's', 1)}
  ) s` as const;

/** All but the identities that wait: these are counted as each person's own list has them (reviews.ts). */
export type Counters = Omit<Overview, 'identityReviews'>;

/** The counters of a scope; `since` is when the day of `receivedToday` began. */
export const readOverview = (tx: ReadTx, scope: Scope, since: Date): Promise<Counters | undefined> =>
  tx.first(QUERY, [...scopeValues(scope), since], 'overview');
