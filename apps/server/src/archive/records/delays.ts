import type { ReadTx } from '../../platform/db/database.ts';
import { COUNTED, type CountedStudies, countedValues } from './received-studies.ts';

/** Older images that are here to be compared with wait for nobody. */
const WAITED_FOR = `${COUNTED} AND NOT s.is_prior` as const;

/**
 * A delay in seconds by what it is told by: of each study one row of the total, of its period, of its urgency, of its reader where there is one, and of each of its modalities. Half
 * and nine tenths by a straight line between two of them.
 */
const SUMMED =
  `SELECT d.by, d.key, count(*)::int AS n, percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY f.seconds) AS seconds
  FROM facts f CROSS JOIN LATERAL (
    SELECT 'TOTAL' AS by, '' AS key UNION ALL SELECT 'PERIOD', f.step::text UNION ALL SELECT 'URGENCY', f.urgency
    UNION ALL SELECT 'READER', f.reader::text WHERE f.reader IS NOT NULL
    UNION ALL SELECT 'MODALITY', m FROM unnest(f.modalities) AS m) d
  GROUP BY 1, 2` as const;

/** From the examination to the arrival of what came within `bounds`; the examination's clock is that of a time zone. What has no time of day has no delay. */
export const findArrivalDelays = (tx: ReadTx, counted: CountedStudies, bounds: readonly Date[], timeZone: string) =>
  tx.rows(
    `WITH facts AS (
       SELECT extract(epoch FROM s.received_at - s.study_moment AT TIME ZONE $10::text)::float8 AS seconds, width_bucket(s.received_at, $7::timestamptz[]) AS step,
         s.urgency, NULL::uuid AS reader, s.modalities
       FROM studies s WHERE ${WAITED_FOR} AND s.received_at >= $8 AND s.received_at < $9 AND s.study_time IS NOT NULL AND s.study_date IS NOT NULL
         AND s.received_at >= s.study_moment AT TIME ZONE $10::text
     ) ${SUMMED}`,
    [...countedValues(counted), bounds, bounds[0] ?? null, bounds.at(-1) ?? null, timeZone],
    'statistics-arrival-delays',
  );

/** How many came before they were made, by the clocks. */
export const countImpossible = async (tx: ReadTx, counted: CountedStudies, from: Date, until: Date, timeZone: string) =>
  (
    await tx.first(
      `SELECT count(*)::int AS n FROM studies s WHERE ${WAITED_FOR} AND s.received_at >= $7 AND s.received_at < $8 AND s.study_time IS NOT NULL
         AND s.received_at < s.study_moment AT TIME ZONE $9::text`,
      [...countedValues(counted), from, until, timeZone],
      'statistics-impossible',
    )
  )?.n ?? 0;

/** From the arrival until somebody first opened it, of what was first opened within `bounds`. */
export const findOpeningDelays = (tx: ReadTx, counted: CountedStudies, bounds: readonly Date[]) =>
  tx.rows(
    `WITH facts AS (
       SELECT extract(epoch FROM s.first_opened_at - s.received_at)::float8 AS seconds, width_bucket(s.first_opened_at, $7::timestamptz[]) AS step,
         s.urgency, NULL::uuid AS reader, s.modalities
       FROM studies s WHERE ${WAITED_FOR} AND s.first_opened_at >= $8 AND s.first_opened_at < $9 AND s.first_opened_at >= s.received_at
     ) ${SUMMED}`,
    [...countedValues(counted), bounds, bounds[0] ?? null, bounds.at(-1) ?? null],
    'statistics-opening-delays',
  );

/** From the arrival until its report was first signed, of what was first signed within `bounds`. A reader is named to who asks for all (`null`) or is that reader. */
export const findReportDelays = (tx: ReadTx, counted: CountedStudies, bounds: readonly Date[], reader: string | null) =>
  tx.rows(
    `WITH facts AS (
       SELECT extract(epoch FROM s.reported_at - s.received_at)::float8 AS seconds, width_bucket(s.reported_at, $7::timestamptz[]) AS step,
         s.urgency, CASE WHEN $10::uuid IS NULL OR s.reported_by = $10 THEN s.reported_by END AS reader, s.modalities
       FROM studies s WHERE ${WAITED_FOR} AND s.reported_at >= $8 AND s.reported_at < $9 AND s.reported_at >= s.received_at
     ) ${SUMMED}`,
    [...countedValues(counted), bounds, bounds[0] ?? null, bounds.at(-1) ?? null, reader],
    'statistics-report-delays',
  );

/** What waits for a reader now by urgency, and by how many of these moments it came at or behind (0: before all of them). */
export const findOpen = (tx: ReadTx, counted: CountedStudies, before: readonly Date[]) =>
  tx.rows(
    `SELECT s.urgency, width_bucket(s.received_at, $7::timestamptz[]) AS passed, count(*)::int AS studies
     FROM studies s WHERE ${WAITED_FOR} AND s.status IN ('TO_READ', 'IN_PROGRESS') GROUP BY 1, 2`,
    [...countedValues(counted), before],
    'statistics-open',
  );

/** The names of people by their ids. */
export const namesOfReaders = (tx: ReadTx, ids: readonly string[]) =>
  tx.rows("SELECT u.id, btrim(u.first_name || ' ' || u.last_name) AS name FROM users u WHERE u.id = ANY($1::uuid[])", [ids]);
