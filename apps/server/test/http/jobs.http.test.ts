import { type BackupCare, JobCare, JobName } from '@negatoscope/contract';
import { ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { installationFigures } from '../../src/installation-figures.ts';
import { createMetrics } from '../../src/platform/metrics/index.ts';
import { type DicomwebServer, openDicomweb } from '../dicomweb/support.ts';

let server: DicomwebServer;
const metrics = createMetrics();
beforeAll(async () => {
  server = await openDicomweb({ metrics });
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
  // Nobody asked for backups (BACKUP_EVERY): nothing looks each minute whether one is due.
  expect(before.items.find(({ name }) => name === 'backup')?.schedule).toBeNull();
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

test('what is counted tells of work, by templates of routes and words of this server: never of a patient, a UID or an id', async () => {
  const admin = await server.login('ADMIN');
  const get = (url: string) => server.app.inject({ url, headers: { cookie: admin.cookie } });
  const [file] = ctVolume({ seed: 'what is counted', slices: 1, rows: 8, columns: 8 });
  if (file === undefined) throw new Error('The phantom has no slice.');
  await server.store(admin, [Buffer.from(file.bytes), Buffer.from('no file')]);
  await get(`/dicom-web/studies/${file.studyInstanceUid}/metadata?PatientName=DUPONT`);
  await get('/dicom-web/studies/1.2.3.4.5/metadata');
  await get('/nobody/knows/DUPONT');
  metrics.figures(() => installationFigures(server.parts));
  const text = await metrics.text();
  expect(text).toMatch(/^negatoscope_instances_total\{entrance="STOW",outcome="stored",reason=""\} 1$/m);
  expect(text).toMatch(/^negatoscope_instances_total\{entrance="STOW",outcome="rejected",reason="NOT_DICOM"\} 1$/m);
  expect(text).toMatch(/^negatoscope_http_request_seconds_count\{.*route="\/dicom-web\/studies\/:\w+\/metadata".*\} 1$/m);
  expect(text).toMatch(/^negatoscope_http_request_seconds_count\{.*route="unknown".*\} 1$/m);
  expect(text).toMatch(/^negatoscope_object_store_bytes_total\{operation="put"\} \d{3,}$/m);
  expect(text).toMatch(/^negatoscope_db_statement_seconds_count\{outcome="ok"\} \d+$/m);
  expect(text).toMatch(/^negatoscope_db_connections\{state="used"\} \d+$/m);
  expect(text).toMatch(/^negatoscope_audit_pending [1-9]\d*$/m);
  expect(text).toMatch(/^negatoscope_job_runs_total\{job="scrub"\} 12$/m);
  const values = [...text.matchAll(/"([^"]*)"/g)].map(([, value = '']) => value);
  expect(values.filter((value) => /\d+\.\d+\.\d+|DUPONT|[0-9a-f]{8}-/i.test(value) && !/^v?\d+\.\d+\.\d+$/.test(value))).toEqual(
    [],
  );
});

test('administrators are told of the last backups: what can be restored, what failed, what was cut off, and when one is late', async () => {
  const admin = await server.login('ADMIN');
  const ask = async (): Promise<BackupCare> => {
    const response = await server.app.inject({ url: '/api/system/backups', headers: { cookie: admin.cookie } });
    expect(response.statusCode).toBe(200);
    return response.json();
  };
  expect(await ask()).toEqual({ everyMs: null, isLate: true, last: null, items: [] });
  await server.db.withSystem((tx) =>
    tx.run(`INSERT INTO backups (id, started_at, seen_at, ended_at, outcome, failure, target, is_encrypted, has_database, point_at, objects) VALUES
      ('019a0000-0000-7000-8000-000000000001', now() - interval '3 hours', now(), now() - interval '3 hours', 'DONE', NULL, '/mnt/backup', true, true, now() - interval '3 hours', 12),
      ('019a0000-0000-7000-8000-000000000002', now() - interval '2 hours', now(), now(), 'FAILED', 'TARGET_FULL', '/mnt/backup', true, true, NULL, 0),
      ('019a0000-0000-7000-8000-000000000003', now() - interval '1 hour', now() - interval '1 hour', NULL, NULL, NULL, '/mnt/backup', true, true, NULL, 0),
      ('019a0000-0000-7000-8000-000000000004', now(), now(), NULL, NULL, NULL, '/mnt/backup', true, true, NULL, 0)`),
  );
  const { isLate, last, items } = await ask();
  expect(items.map(({ outcome }) => outcome)).toEqual(['RUNNING', 'CUT', 'FAILED', 'DONE']);
  expect({ isLate, last }).toMatchObject({ isLate: false, last: { outcome: 'DONE', objects: 12 } });
  await server.db.withSystem((tx) => tx.run("UPDATE backups SET point_at = now() - interval '8 days' WHERE outcome = 'DONE'"));
  expect((await ask()).isLate).toBe(true);
  const text = await metrics.text();
  expect(text).toMatch(/^negatoscope_backup_age_seconds 6912\d\d/m);
  expect(text).toMatch(/^negatoscope_backup_late 1$/m);
  // The one that runs has not ended, the one before it will not.
  expect(text).toMatch(/^negatoscope_backup_last_outcome\{outcome="CUT"\} 1$/m);
});
