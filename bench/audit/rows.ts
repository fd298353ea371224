import type pg from 'pg';

const EACH = 1_000_000;
/** No month of the clock of whoever runs it. */
const SEGMENT = '2024-01';
const TABLES = ['audit_events', 'audit_chain', 'audit_shown'];

/** Fills tables without their keys and indexes, which are made when the rows are there: ten million rows in minutes rather than hours. */
async function withoutIndexes(owner: pg.Client, fill: () => Promise<void>): Promise<void> {
  const keys = await owner.query<{ table: string; name: string; made: string }>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS made
     FROM pg_constraint WHERE conrelid = ANY ($1::text[]::regclass[]) AND contype IN ('p', 'u')`,
    [TABLES],
  );
  const indexes = await owner.query<{ name: string; made: string }>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS made FROM pg_index
     WHERE indrelid = ANY ($1::text[]::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`,
    [TABLES],
  );
  for (const { table, name } of keys.rows) await owner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`);
  for (const { name } of indexes.rows) await owner.query(`DROP INDEX ${name}`);
  await fill();
  for (const { table, name, made } of keys.rows) await owner.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${made}`);
  for (const { made } of indexes.rows) await owner.query(made);
}

/** How many events were filled by a run before: they alone have links of the chain in one segment. */
export async function countFilled(owner: pg.Client): Promise<number> {
  const found = await owner.query<{ count: string }>(`SELECT count(*) FROM audit_chain WHERE segment = '${SEGMENT}'`);
  return Number(found.rows[0]?.count ?? 0);
}

/**
 * Events as a hospital leaves them in two years: 300 people, 200,000 patients, mostly uses of images and lists; one in 500 refused, one in 1,000 failed, of the rarest action one
 * in 10,000. They have links of the chain (without hashes that hold) and what lists showed; the sequencer is not told of them. As the owner of the tables.
 */
export async function fillEvents(owner: pg.Client, events: number, say: (text: string) => void): Promise<void> {
  await owner.query(
    "ALTER TABLE audit_events DISABLE TRIGGER audit_enqueue; SET synchronous_commit = off; SET work_mem = '256MB'; SET maintenance_work_mem = '1GB'",
  );
  await owner.query('TRUNCATE audit_events, audit_chain, audit_pending, audit_shown, audit_shown_lists');
  await withoutIndexes(owner, async () => {
    for (let from = 1; from <= events; from += EACH) {
      const to = Math.min(events, from + EACH - 1);
      await insertEvents(owner, [from, to, events]);
      say(`${to.toLocaleString('en')} events`);
    }
  });
  say('indexed');
  await owner.query(
    'ALTER TABLE audit_events ENABLE TRIGGER audit_enqueue; ANALYZE audit_events; ANALYZE audit_chain; ANALYZE audit_shown',
  );
}

async function insertEvents(owner: pg.Client, [from, to, events]: readonly [number, number, number]): Promise<void> {
  const id = (what: string, number: string): string => `('${what}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
  const at = "'2024-01-01T00:00:00Z'::timestamptz + n * (interval '730 days' / $3::int)";
  await owner.query(
    `INSERT INTO audit_events (id, occurred_at, action, outcome, actor_id, entity_type, entity_id, patient_id, ip, details)
     SELECT ${id('019c0000', 'n')}, ${at},
       CASE WHEN n % 10000 = 0 THEN 'patient.exported' ELSE (ARRAY['study.frames', 'study.metadata', 'study.list', 'patient.read', 'search.studies', 'study.import', 'auth.login', 'patient.list'])[1 + n % 8] END,
       CASE WHEN n % 1000 = 7 THEN 'FAILURE' WHEN n % 500 = 3 THEN 'DENIED' ELSE 'SUCCESS' END,
       ${id('019a0000', '((n * 7919::bigint) % 300)')}, 'study', ${id('019b0000', '((n * 104729::bigint) % 400000)')}::text,
       CASE WHEN n % 8 IN (2, 4, 6, 7) THEN NULL ELSE ${id('019d0000', '((n * 15485863::bigint) % 200000)')} END, '10.0.0.7', '{"results": 25}'
     FROM generate_series($1::int, $2::int) n`,
    [from, to, events],
  );
  await owner.query(
    `INSERT INTO audit_chain (sequence, event_id, segment, previous_hash, hash) SELECT n, ${id('019c0000', 'n')}, '${SEGMENT}', '\\x00', '\\x00' FROM generate_series($1::int, $2::int) n`,
    [from, to],
  );
  await owner.query(
    `INSERT INTO audit_shown (patient_id, occurred_at, event_id)
     SELECT ${id('019d0000', '((n * 32452843::bigint + k) % 200000)')}, ${at}, ${id('019c0000', 'n')} FROM generate_series($1::int, $2::int) n
     CROSS JOIN generate_series(1, 5) k WHERE n % 8 IN (2, 4, 7)`,
    [from, to, events],
  );
}

/** What people ask of the page, each with a value that the rows above have. */
export const AUDIT_FILTERS: Readonly<Record<string, object>> = {
  nothing: {},
  'a person': { actor: '019a0000-0000-7000-8000-00000000002a' },
  'a patient': { patients: ['019d0000-0000-7000-8000-000000000fff'] },
  'a frequent action': { action: 'study.frames' },
  'a kind of action': { action: 'study' },
  'a rare action': { action: 'patient.exported' },
  'an action that there is not': { action: 'nothing.of-the-kind' },
  refused: { outcome: 'DENIED' },
  failed: { outcome: 'FAILURE' },
  'a study': { entity: '019b0000-0000-7000-8000-000000000777' },
  'a month': { from: '2024-06-01T00:00:00Z', to: '2024-07-01T00:00:00Z' },
  'a person in a month': {
    actor: '019a0000-0000-7000-8000-00000000002a',
    ...{ from: '2024-06-01T00:00:00Z', to: '2024-07-01T00:00:00Z' },
  },
  'a patient’s refusals': { patients: ['019d0000-0000-7000-8000-000000000fff'], outcome: 'DENIED' },
  'a rare action of a person': { actor: '019a0000-0000-7000-8000-00000000002a', action: 'patient.exported' },
};
