import type { WorkFigures } from '@negatoscope/contract';
import type { Scope } from '../../access/scope.ts';
import { BrokenInvariant } from '../../kernel/broken-invariant.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import { inScope, scopeValues } from '../in-scope.ts';

const MOST_NOBODYS = 1_000;

const QUERY = `
  SELECT
    (SELECT count(*)::int FROM studies s WHERE s.assignee_id = $5 AND s.status IN ('TO_READ', 'IN_PROGRESS') AND s.deleted_at IS NULL AND ${inScope('studies', 's', 1)}) AS mine,
    (SELECT count(*)::int FROM (SELECT 1 FROM studies s WHERE s.assignee_id IS NULL AND s.status IN ('TO_READ', 'IN_PROGRESS') AND s.deleted_at IS NULL
      AND ${inScope('studies', 's', 1)} LIMIT ${MOST_NOBODYS}) n) AS nobodys,
    (SELECT count(*)::int FROM studies s WHERE s.urgency <> 'ROUTINE' AND s.status IN ('TO_READ', 'IN_PROGRESS') AND s.deleted_at IS NULL AND ${inScope('studies', 's', 1)}) AS pressing,
    t.studies, t.median, t.p90
  FROM (
    SELECT count(*)::int AS studies,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM coalesce(s.reported_at, s.validated_at) - s.received_at)::float8 / 60) AS median,
      percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM coalesce(s.reported_at, s.validated_at) - s.received_at)::float8 / 60) AS p90
    FROM studies s WHERE s.validated_at >= $6 AND coalesce(s.reported_at, s.validated_at) >= $6 AND s.deleted_at IS NULL AND ${inScope('studies', 's', 1)}
  ) t` as const;

/** What there is to read for a person in a scope, and how long reading took of what was validated since: to the first signed report where there is one, whatever was amended later. */
export async function readWork(tx: ReadTx, scope: Scope, userId: string, since: Date): Promise<WorkFigures> {
  const row = await tx.first(QUERY, [...scopeValues(scope), userId, since], 'work-figures');
  if (row === undefined) throw new BrokenInvariant('The figures gave no row.');
  const { mine, nobodys, pressing, studies, median, p90 } = row;
  const turnaround =
    studies === null || studies === 0 || median === null || p90 === null
      ? null
      : { studies, medianMinutes: median, p90Minutes: p90 };
  return { mine: mine ?? 0, nobodys: nobodys ?? 0, pressing: pressing ?? 0, turnaround };
}

/** What came since, bytes of studies by their own counters; at most as old as the index of receptions tells quickly. */
export const receivedBytes = async (tx: ReadTx, scope: Scope, since: Date): Promise<number> =>
  Number(
    (
      await tx.first(
        `SELECT coalesce(sum(s.size_bytes), 0)::float8 AS bytes FROM studies s WHERE s.received_at >= $5 AND s.deleted_at IS NULL AND ${inScope('studies', 's', 1)}`,
        [...scopeValues(scope), since],
      )
    )?.bytes ?? 0,
  );
