import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { withDatabase } from '../../../test/support/cluster.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { GENERATED_GROUPS } from '../../../test/support/index-requests.ts';
import { ALL, ofGroup, type Scope, UNGROUPED } from '../../access/scope.ts';
import { findArrivalDelays, findOpen, findOpeningDelays, findReportDelays } from '../../archive/records/delays.ts';
import { findReceived, findReferrers, keptBefore } from '../../archive/records/received-studies.ts';
import { steppedPeriod } from '../../kernel/periods.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import { scopeSetting } from '../../platform/db/row-scope.ts';

const STUDIES = 1_000_000;
const NOW = new Date('2026-11-28T12:00:00Z');
/** One study every hundred seconds: three years and two months of them. */
const FILL = `
  INSERT INTO groups (id, name) SELECT id::uuid, 'Groupe ' || n FROM unnest($1::text[]) WITH ORDINALITY AS g (id, n);
`;
const PATIENTS = `INSERT INTO patients (id, group_id, family_name)
  SELECT ('019a0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, CASE WHEN n % 4 > 0 THEN ($1::uuid[])[1 + n % cardinality($1::uuid[])] END, 'Sow'
  FROM generate_series(0, 19999) AS n`;
const INSERT_STUDIES = `INSERT INTO studies (id, group_id, patient_id, study_instance_uid, study_date, study_time, referrer, modalities, instance_count, size_bytes, status,
    received_at, first_opened_at, reported_at, urgency)
  SELECT ('019a0000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, p.group_id, p.id, '2.25.' || n, (at - interval '1 hour')::date, to_char(at - interval '1 hour', 'HH24:MI:SS'),
    CASE WHEN n % 7 > 0 THEN 'Médecin ' || (n::bigint * 7919) % 2000 END, (ARRAY['{CT}', '{MR}', '{CR}', '{DX,SR}', '{US}'])[1 + n % 5]::text[], 100, 52428800,
    CASE WHEN n % 50 = 0 THEN 'TO_READ' ELSE 'VALIDATED' END, at, CASE WHEN n % 50 > 0 THEN at + interval '1 minute' * (n % 600) END,
    CASE WHEN n % 50 > 0 THEN at + interval '1 minute' * (n % 1800) END, (ARRAY['ROUTINE', 'ROUTINE', 'URGENT', 'STAT'])[1 + n % 4]
  FROM (SELECT n, $1::timestamptz - interval '100 seconds' * n AS at FROM generate_series($2::int, $3::int) AS n) AS made
    JOIN patients p ON p.id = ('019a0000-0000-7000-8000-' || lpad(to_hex(n % 20000), 12, '0'))::uuid`;

let database: TestDatabase;
let client: pg.Client;
const plans: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const owner = new pg.Client(database.ownerConfig);
  await owner.connect();
  const { rows: inverted } = await owner.query<{ indexname: string }>(
    "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexdef LIKE '% USING gin %'",
  );
  // None of these figures is found by text, and these indexes take longest.
  for (const { indexname } of inverted) await owner.query(`DROP INDEX ${indexname}`);
  await owner.query(FILL.trim().replace(/;$/, ''), [GENERATED_GROUPS]);
  await owner.query(PATIENTS, [GENERATED_GROUPS]);
  for (let from = 0; from < STUDIES; from += 100_000) await owner.query(INSERT_STUDIES, [NOW, from, from + 99_999]);
  await owner.query('VACUUM (ANALYZE) studies, patients');
  const { rows } = await owner.query<{ name: string }>('SELECT current_database() AS name');
  await owner.end();
  // Only a superuser may load auto_explain; it then becomes the application.
  client = new pg.Client(withDatabase(inject('testCluster').admin, rows[0]?.name ?? ''));
  client.on('notice', (notice) => plans.push(notice.message ?? ''));
  await client.connect();
  await client.query(
    `LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_level = notice; SET ROLE negatoscope_app`,
  );
}, 1_800_000);
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** The same as a transaction of the server's, on the client that is told the plans. */
const tx = {
  rows: async (text: string, values: unknown[]) => (await client.query(text, values)).rows,
  first: async (text: string, values: unknown[]) => (await client.query(text, values)).rows[0],
} as unknown as ReadTx; // Only these two are asked for.

const SCOPES: Readonly<Record<string, Scope>> = {
  administrator: [ALL],
  'member of a group': [ofGroup(GENERATED_GROUPS[3] ?? ''), UNGROUPED],
};
const PERIODS = { 'thirty days': '2026-10-30', 'a year': '2025-11-29' } as const;

describe.each(Object.entries(SCOPES))('a million studies, %s', (who, scope) => {
  test.each(Object.entries(PERIODS))('figures of %s come from indexes; how long they took is printed', async (what, from) => {
    const { bounds } = steppedPeriod({ from, to: '2026-11-28', timeZone: 'UTC' }, NOW, () => 'WEEK');
    const [first, last] = [bounds[0] ?? NOW, bounds.at(-1) ?? NOW];
    const counted = { scope, site: null, modality: null };
    const asked = {
      received: () => findReceived(tx, counted, bounds),
      referrers: () => findReferrers(tx, counted, first, last),
      arrivals: () => findArrivalDelays(tx, counted, bounds, 'Europe/Paris'),
      openings: () => findOpeningDelays(tx, counted, bounds),
      reports: () => findReportDelays(tx, counted, bounds, null),
      open: () => findOpen(tx, counted, [first, last]),
      kept: () => keptBefore(tx, counted, first),
    };
    const took: Record<string, number> = {};
    for (const [name, ask] of Object.entries(asked)) {
      await client.query(`BEGIN; ${scopeSetting(scope)}`);
      plans.length = 0;
      const began = performance.now();
      const found = await ask();
      took[name] = Math.round(performance.now() - began);
      await client.query('COMMIT');
      expect(found).toBeTruthy();
      // What is kept in all is a sum over the whole; a year of three may be read as a whole as well.
      const isOfLittle = what === 'thirty days' && name !== 'kept';
      const whole = plans.filter((plan) => /Seq Scan on studies/.test(plan));
      if (isOfLittle) expect(whole, name).toEqual([]);
    }
    process.stdout.write(`statistics, ${who}, ${what}, ms: ${JSON.stringify(took)}\n`);
  });
});
