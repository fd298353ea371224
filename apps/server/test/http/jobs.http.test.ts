import { JobCare, JobName } from '@negatoscope/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../support/app.ts';

let server: TestApp;
beforeAll(async () => {
  server = await createTestApp();
});
afterAll(() => server.close());

test('the system page is told of every job: when it is sent, what follows, what waits and what its runs came to', async () => {
  const admin = await server.login('ADMIN');
  const ask = async (): Promise<JobCare> => {
    const answer = await server.app.inject({ url: '/api/system/jobs', headers: { cookie: admin.cookie } });
    expect(answer.statusCode).toBe(200);
    return JobCare.parse(answer.json());
  };
  const before = await ask();
  expect(before.items.map(({ name }) => name).sort()).toEqual([...JobName.options].sort());
  expect(before.items.find(({ name }) => name === 'pack-series')).toMatchObject({
    ...{
      schedule: '* * * * *',
      followedBy: ['map-series'],
      waiting: 0,
      running: 0,
      since: null,
      runs: 0,
      lastRunAt: null,
      lastFailure: null,
    },
  });
  await server.db.withSystem(async (tx) => {
    await tx.run(`INSERT INTO job_counts (name, runs, failures, total_ms, longest_ms, last_ms, last_run_at, last_failed_at, last_failure)
      VALUES ('scrub', 12, 1, 3456, 900, 40, '2026-11-26T08:00:00Z', '2026-11-25T08:00:00Z', 'STORAGE_FULL')`);
    await tx.run(`INSERT INTO pgboss.job (name, data) VALUES ('scrub', '{}')`);
  });
  const { items } = await ask();
  expect(items.find(({ name }) => name === 'scrub')).toMatchObject({
    ...{ waiting: 1, running: 0, runs: 12, failures: 1, totalMs: 3456, longestMs: 900, lastMs: 40, lastFailure: 'STORAGE_FULL' },
    ...{ lastRunAt: '2026-11-26T08:00:00.000Z', lastFailedAt: '2026-11-25T08:00:00.000Z', since: expect.any(String) },
  });
  for (const role of ['RADIOLOGIST', 'RESEARCHER'] as const) {
    const other = await server.login(role);
    expect((await server.app.inject({ url: '/api/system/jobs', headers: { cookie: other.cookie } })).statusCode).toBe(403);
  }
});
