import type { Scope } from '../../access/scope.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import { inScope, scopeValues } from '../in-scope.ts';

/** Which studies are counted: in scope, of a site (a group's id or `none`) and with a modality where one is named. */
export interface CountedStudies {
  readonly scope: Scope;
  readonly site: string | null;
  readonly modality: string | null;
}
export const countedValues = ({ scope, site, modality }: CountedStudies) => [...scopeValues(scope), site, modality] as const;

/** The condition of `countedValues`, which are the first six parameters. */
export const COUNTED =
  `s.deleted_at IS NULL AND ${inScope('studies', 's', 1)} AND ($5::text IS NULL OR coalesce(s.group_id::text, 'none') = $5)
  AND ($6::text IS NULL OR s.modalities @> ARRAY[$6::text])` as const;

/** What came between the first of `bounds` and the last, by the number of its step from 1 on, its modalities and its group. */
export const findReceived = (tx: ReadTx, counted: CountedStudies, bounds: readonly Date[]) =>
  tx.rows(
    `SELECT width_bucket(s.received_at, $7::timestamptz[]) AS step, s.modalities, s.group_id, count(*)::int AS studies,
       sum(s.instance_count)::float8 AS instances, sum(s.size_bytes)::float8 AS bytes
     FROM studies s WHERE ${COUNTED} AND s.received_at >= $8 AND s.received_at < $9 GROUP BY 1, 2, 3`,
    [...countedValues(counted), bounds, bounds[0] ?? null, bounds.at(-1) ?? null],
    'statistics-received',
  );

const MOST_REFERRERS = 20;
/** Who sent what came in a time: those that sent most (`place` from 1 on), all others in one row (`place` 0), and what names nobody (no referrer, place -1). */
export const findReferrers = (tx: ReadTx, counted: CountedStudies, from: Date, until: Date) =>
  tx.rows(
    `WITH each AS (
       SELECT s.referrer, count(*)::int AS studies, sum(s.instance_count)::float8 AS instances, sum(s.size_bytes)::float8 AS bytes
       FROM studies s WHERE ${COUNTED} AND s.received_at >= $7 AND s.received_at < $8 GROUP BY 1
     ), placed AS (
       SELECT *, CASE WHEN referrer IS NULL THEN -1 ELSE (row_number() OVER (PARTITION BY referrer IS NULL ORDER BY studies DESC, referrer))::int END AS place FROM each
     )
     SELECT CASE WHEN place <= ${MOST_REFERRERS} THEN place ELSE 0 END AS place, CASE WHEN place <= ${MOST_REFERRERS} THEN referrer END AS referrer,
       count(*)::int AS referrers, sum(studies)::int AS studies, sum(instances)::float8 AS instances, sum(bytes)::float8 AS bytes
     FROM placed GROUP BY 1, 2 ORDER BY 1`,
    [...countedValues(counted), from, until],
    'statistics-referrers',
  );

/** Bytes of studies in scope that came before a moment. */
export const keptBefore = async (tx: ReadTx, counted: CountedStudies, before: Date): Promise<number> =>
  (
    await tx.first(
      `SELECT coalesce(sum(s.size_bytes), 0)::float8 AS bytes FROM studies s WHERE ${COUNTED} AND s.received_at < $7`,
      [...countedValues(counted), before],
      'statistics-kept',
    )
  )?.bytes ?? 0;

/** When the first study in scope came; null of an empty archive. */
export const firstReceived = async (tx: ReadTx, scope: Scope): Promise<Date | null> =>
  (
    await tx.first(
      `SELECT s.received_at FROM studies s WHERE s.deleted_at IS NULL AND ${inScope('studies', 's', 1)} ORDER BY s.received_at, s.id LIMIT 1`,
      [...scopeValues(scope)],
    )
  )?.received_at ?? null;
