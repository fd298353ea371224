// Written by `npm run sql`, which asks the migrated database about each statement (docs/decisions/0035); `npm run check` compares. Not edited by hand.
import type { ColumnTypes } from '../../platform/db/statements.ts';

declare module '../../platform/db/statements.ts' {
  interface Statements {
    // feed/repository.ts
    'SELECT pg_try_advisory_xact_lock($1) AS locked': { values: readonly [number | bigint | null]; row: { locked: boolean | null } };
    'SELECT id, last_seq, anchors, epoch, sweep_from, begun_again, reached_at, failing_since, failure FROM orthanc_feeds WHERE url = $1': { values: readonly [string | null]; row: { id: number; last_seq: number; anchors: ColumnTypes['orthanc_feeds.anchors']; epoch: string; sweep_from: number | null; begun_again: number; reached_at: Date | null; failing_since: Date | null; failure: string | null } };
    'INSERT INTO orthanc_feeds (url, epoch) VALUES ($1, $2) ON CONFLICT (url) DO NOTHING': { values: readonly [string, string] };
    'UPDATE orthanc_feeds SET last_seq = $2, anchors = $3 WHERE id = $1': { values: readonly [number | null, number | bigint, string] };
    'UPDATE orthanc_feeds SET last_seq = 0, anchors = \'[]\', epoch = $2, sweep_from = 0, begun_again = begun_again + 1 WHERE id = $1': { values: readonly [number | null, string] };
    'UPDATE orthanc_feeds SET sweep_from = $2 WHERE id = $1': { values: readonly [number | null, number | bigint | null] };
    'UPDATE orthanc_feeds SET reached_at = $2::timestamptz, failing_since = NULL, failure = NULL\n     WHERE id = $1 AND (failure IS NOT NULL OR reached_at IS NULL OR reached_at < $2::timestamptz - interval \'10 seconds\')': { values: readonly [number | null, Date | string | null] };
    'UPDATE orthanc_feeds SET failure = $2, failing_since = coalesce(failing_since, $3) WHERE id = $1': { values: readonly [number | null, string | null, Date | string | null] };
    'SELECT orthanc_id, epoch, md5, outcome, attempts FROM orthanc_instances WHERE feed_id = $1 AND orthanc_id = ANY($2::text[])': { values: readonly [number | null, readonly string[]]; row: { orthanc_id: string; epoch: string; md5: Buffer | null; outcome: 'stored' | 'duplicate' | 'conflict' | 'rejected' | 'ignored' | 'failed'; attempts: number } };
    'SELECT orthanc_id FROM orthanc_instances WHERE feed_id = $1 AND retry_at <= $2 ORDER BY retry_at LIMIT $3': { values: readonly [number | null, Date | string | null, number | bigint]; row: { orthanc_id: string } };
    'INSERT INTO orthanc_instances AS o (feed_id, orthanc_id, epoch, md5, outcome, reason, attempts, retry_at, seen_at)\n     SELECT $1, n.orthanc_id, $2::uuid, n.md5, n.outcome, n.reason, n.attempts, n.retry_at, $3\n     FROM unnest($4::text[], $5::bytea[], $6::text[], $7::text[], $8::integer[], $9::timestamptz[])\n       AS n(orthanc_id, md5, outcome, reason, attempts, retry_at)\n     ON CONFLICT (feed_id, orthanc_id) DO UPDATE SET epoch = excluded.epoch, md5 = coalesce(excluded.md5, o.md5), outcome = excluded.outcome,\n       reason = excluded.reason, attempts = excluded.attempts, retry_at = excluded.retry_at, seen_at = excluded.seen_at': { values: readonly [number, string, Date | string, readonly string[], readonly (Buffer | null)[], readonly ('stored' | 'duplicate' | 'conflict' | 'rejected' | 'ignored' | 'failed')[], readonly (string | null)[], readonly number[], readonly (Date | string | null)[]] };
    'UPDATE orthanc_instances SET epoch = $2, retry_at = CASE WHEN outcome = \'failed\' THEN NULL ELSE retry_at END,\n       outcome = CASE WHEN outcome = \'failed\' THEN \'duplicate\' ELSE outcome END\n     WHERE feed_id = $1 AND orthanc_id = ANY($3::text[])': { values: readonly [number | null, string, readonly string[]] };
    'UPDATE orthanc_instances SET retry_at = NULL WHERE feed_id = $1 AND orthanc_id = ANY($2::text[]) AND retry_at IS NOT NULL': { values: readonly [number | null, readonly string[]] };
    // send/outbox.ts
    'INSERT INTO orthanc_outbox (instance_id) SELECT * FROM unnest($1::uuid[]) ON CONFLICT DO NOTHING': { values: readonly [readonly string[]] };
    'SELECT instance_id, attempts FROM orthanc_outbox WHERE retry_at <= $1 ORDER BY retry_at, instance_id LIMIT $2': { values: readonly [Date | string | null, number | bigint]; row: { instance_id: string; attempts: number } };
    'UPDATE orthanc_outbox SET md5s = CASE WHEN $2::bytea = ANY(md5s) THEN md5s ELSE md5s || $2::bytea END\n     WHERE instance_id = $1 RETURNING md5s': { values: readonly [string | null, Buffer | null]; row: { md5s: Buffer[] } };
    'INSERT INTO orthanc_sent (md5) VALUES ($1) ON CONFLICT DO NOTHING': { values: readonly [Buffer] };
    'DELETE FROM orthanc_outbox WHERE instance_id = $1': { values: readonly [string | null] };
    'UPDATE orthanc_outbox SET attempts = $2, retry_at = $3, failure = $4 WHERE instance_id = $1': { values: readonly [string | null, number, Date | string, string | null] };
    'SELECT 1 AS found FROM orthanc_sent WHERE md5 = $1': { values: readonly [Buffer | null]; row: { found: number } };
    'SELECT count(*)::int AS waiting, (count(*) FILTER (WHERE failure IS NOT NULL))::int AS failing FROM orthanc_outbox': { values: readonly []; row: { waiting: number; failing: number } };
    // watch/repository.ts
    'UPDATE orthanc_feeds SET version = $2, warnings = $3, checked_at = $4 WHERE id = $1': { values: readonly [number | null, string | null, readonly string[], Date | string | null] };
    'SELECT id, last_seq, reached_at, failing_since, failure, version, warnings, checked_at,\n       (SELECT count(*)::int FROM orthanc_instances i WHERE i.feed_id = f.id AND i.retry_at IS NOT NULL) AS waiting\n     FROM orthanc_feeds f WHERE url = $1': { values: readonly [string | null]; row: { id: number; last_seq: number; reached_at: Date | null; failing_since: Date | null; failure: string | null; version: string | null; warnings: ColumnTypes['orthanc_feeds.warnings']; checked_at: Date | null; waiting: number } };
    'SELECT orthanc_id, outcome, reason, attempts, retry_at FROM orthanc_instances WHERE feed_id = $1 AND retry_at IS NOT NULL\n     ORDER BY retry_at LIMIT $2': { values: readonly [number | null, number | bigint]; row: { orthanc_id: string; outcome: 'stored' | 'duplicate' | 'conflict' | 'rejected' | 'ignored' | 'failed'; reason: string | null; attempts: number; retry_at: Date } };
  }
}
