import { setTimeout as sleep } from 'node:timers/promises';
import { ctVolume } from '@negatoscope/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changed, createIngestFixture, type IngestFixture, type NamedBytes } from '../ingest-fixture.ts';
import type { FileResult } from '../types.ts';

let fixture: IngestFixture;
let owner: Client;
beforeAll(async () => {
  fixture = await createIngestFixture();
  owner = new Client(fixture.database.ownerConfig);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await fixture.close();
});

const sql = async (text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> =>
  (await owner.query<Record<string, unknown>>(text, [...values])).rows;

const slicesOf = (seed: string, slices: number): NamedBytes[] =>
  [...ctVolume({ seed, slices, rows: 16, columns: 16 })].map(({ fileName: name, bytes }) => ({ name, bytes }));

/** One sender, who waits for the answer to each; what gets no answer is sent again. */
async function associate(files: readonly NamedBytes[]): Promise<Answered[]> {
  const answered: Answered[] = [];
  for (const file of files) {
    for (let attempt = 1; ; attempt += 1) {
      const results = await fixture.send([file]).catch((error: unknown) => {
        if (attempt === 50) throw error;
        return undefined;
      });
      const [result] = results ?? [];
      if (result !== undefined) {
        answered.push({ file, result });
        break;
      }
      await sleep(20);
    }
  }
  return answered;
}

interface Answered {
  readonly file: NamedBytes;
  readonly result: FileResult;
}

/** What must be true of the index at any time, whatever came and in what order. */
async function expectSound(): Promise<void> {
  expect(
    await sql(
      `SELECT t.id FROM studies t LEFT JOIN LATERAL (SELECT count(i.id)::int AS n, coalesce(sum(i.size_bytes), 0) AS bytes, count(DISTINCT r.id)::int AS series
         FROM series r LEFT JOIN instances i ON i.series_id = r.id WHERE r.study_id = t.id) c ON true
       WHERE (t.instance_count, t.size_bytes, t.series_count) IS DISTINCT FROM (c.n, c.bytes, c.series)`,
    ),
  ).toEqual([]);
  expect(
    await sql(
      `SELECT r.id FROM series r LEFT JOIN LATERAL (SELECT count(*)::int AS n, coalesce(sum(size_bytes), 0) AS bytes FROM instances i WHERE i.series_id = r.id) c ON true
       WHERE (r.instance_count, r.size_bytes) IS DISTINCT FROM (c.n, c.bytes)`,
    ),
  ).toEqual([]);
  expect(
    await sql(
      'SELECT id FROM patients p WHERE study_count <> (SELECT count(*) FROM studies t WHERE t.patient_id = p.id AND t.deleted_at IS NULL)',
    ),
  ).toEqual([]);
  expect(
    await sql(
      `SELECT i.sop_instance_uid FROM instances i LEFT JOIN instance_metadata m ON m.instance_id = i.id AND m.series_id = i.series_id
       GROUP BY i.group_id, i.sop_instance_uid HAVING count(*) <> 1 OR count(m.instance_id) <> 1`,
    ),
  ).toEqual([]);
}

/** What was answered as stored, or as here already, is in the index and on the disk with every byte. */
async function expectKept(answered: readonly Answered[]): Promise<void> {
  for (const { file, result } of answered) {
    expect(['stored', 'duplicate']).toContain(result.outcome);
    const id = result.instanceId ?? '';
    expect(await sql('SELECT sop_instance_uid FROM instances WHERE id = $1', [id])).toEqual([
      { sop_instance_uid: result.sopInstanceUid },
    ]);
    expect((await fixture.objects.read(id, 0, file.bytes.length)).equals(file.bytes)).toBe(true);
  }
}

/** Each transaction that stored tells the journal of its instances, once: as many as rows, whatever failed between. */
async function expectTold(answered: readonly Answered[]): Promise<void> {
  const uids = [...new Set(answered.map(({ result }) => result.studyInstanceUid))];
  expect(
    await sql(
      `SELECT t.id FROM studies t WHERE t.study_instance_uid = ANY($1::text[]) AND t.instance_count <>
         (SELECT sum((e.details->>'stored')::int) FROM audit_events e WHERE e.action = 'study.import' AND e.entity_id = t.id::text)`,
      [uids],
    ),
  ).toEqual([]);
}

describe('what follows in a series, attacked', () => {
  test('two that send one UID with different bytes at once: one is kept in the study, the other beside it, neither lost', async () => {
    const files = slicesOf('two contents', 12);
    await associate(files.slice(0, 2));
    const contested = files.slice(2);
    const [ours, theirs] = await Promise.all([associate(contested), associate(contested.map((file) => changed(file)))]);
    for (const [index, { result }] of ours.entries()) {
      const pair = [result, theirs[index]?.result];
      expect(pair.map((one) => one?.outcome).sort()).toEqual(['conflict', 'stored']);
    }
    await expectKept([...ours, ...theirs].filter(({ result }) => result.outcome === 'stored'));
    const [aside] = await sql('SELECT count(*)::int FROM conflicts WHERE sop_instance_uid = ANY($1::text[])', [
      ours.map(({ result }) => result.sopInstanceUid),
    ]);
    expect(aside?.count).toBe(contested.length);
    await expectSound();
  });

  test('the study trashed, its patient renamed, its words changed between any two instances: counts stay right, and nothing is lost', {
    timeout: 60_000,
  }, async () => {
    const seeds = ['changed 1', 'changed 2', 'changed 3'];
    const sending = { isDone: false };
    const meddle = async (): Promise<void> => {
      for (let turn = 0; !sending.isDone; turn += 1) {
        await owner.query('BEGIN');
        await sql('SELECT FROM patients ORDER BY id FOR UPDATE');
        if (turn % 3 === 0) await sql('UPDATE studies SET deleted_at = now() WHERE deleted_at IS NULL');
        if (turn % 3 === 1) await sql("UPDATE patients SET given_name = given_name || 'x'");
        if (turn % 3 === 2) await sql(`UPDATE studies SET received_identity = received_identity || '{"isUncertain": true}'`);
        await sql('SELECT ng_refresh_patients(array_agg(id)) FROM patients');
        await owner.query('COMMIT');
        await sleep(10);
      }
    };
    const meddling = meddle();
    const answered = (await Promise.all(seeds.map((seed) => associate(slicesOf(seed, 30))))).flat();
    sending.isDone = true;
    await meddling;
    expect(new Set(answered.map(({ result }) => result.outcome))).toEqual(new Set(['stored']));
    expect(new Set(answered.map(({ result }) => result.instanceId)).size).toBe(90);
    await expectKept(answered);
    await expectSound();
    await expectTold(answered);
  });

  test('connections of the database are killed within transactions: what is answered is kept, what is not can be sent again', {
    timeout: 60_000,
  }, async () => {
    const sending = { isDone: false, killed: 0 };
    // Only who has the same role sees what a connection is at, and may end it.
    const app = new Client(fixture.database.appConfig);
    await app.connect();
    // A new connection plans its statements anew: one that is cut at once never comes to an end.
    const kill = async (): Promise<void> => {
      while (!sending.isDone) {
        const { rowCount: killed } = await app.query(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%' AND backend_start < now() - interval '100 ms' LIMIT 1",
        );
        sending.killed += killed ?? 0;
        await sleep(killed === 0 ? 1 : 150);
      }
    };
    const killing = kill();
    killing.finally(() => app.end()).catch(() => undefined);
    const seeds = ['killed 1', 'killed 2', 'killed 3', 'killed 4'];
    const answered = (await Promise.all(seeds.map((seed) => associate(slicesOf(seed, 30))))).flat();
    sending.isDone = true;
    await killing;
    expect(sending.killed).toBeGreaterThan(0);
    await expectKept(answered);
    await expectSound();
    await expectTold(answered);
  });
});
