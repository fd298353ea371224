import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PERMISSIONS } from '@negatoscope/contract';
import { describe, expect, test } from 'vitest';
import { ingestJobs } from '../src/features/ingest/jobs.ts';
import { JOB_KINDS } from '../src/job-kinds.ts';
import { jobsOf } from '../src/jobs.ts';
import type { Logger } from '../src/platform/log/log.ts';
import type { ServerParts } from '../src/server-parts.ts';

const SOURCES = path.resolve(import.meta.dirname, '../src');

/** Where the server sees all rows without being anybody: at its start, and to know who somebody is. */
const AS_SYSTEM = /^(platform\/db\/|features\/identity\/|cli\/demo\.ts$)/;
/** Where the arm of all rows is given to somebody, or stands for them. */
const ALL_ROWS = /^(access\/|features\/stats\/index\.ts$)/;
/** Who makes a service: jobs do by their kinds. */
const SERVICES = [
  'access/service-job.ts',
  'archive/objects/damage.ts',
  // By hand what the job of the same name does, and what no job can do.
  'cli/backup.ts',
  'cli/demo.ts',
  'cli/move-objects.ts',
  'cli/restore.ts',
  'features/annotations/documents/index.ts',
  'features/dimse/index.ts',
  // What is fetched from a node is the node's.
  'features/dimse/transfers/run-retrieval.ts',
  // Of files that the caller has in scope.
  'features/export/deid/held-files.ts',
  'features/orthanc/index.ts',
  'features/reports/documents.ts',
  // Nobody is known before their secret was looked up.
  'features/sharing/deps.ts',
];

const sources = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.endsWith('-fixture.ts'))
  .map((file) => ({ file, source: readFileSync(path.join(SOURCES, file), 'utf8') }));
const filesWith = (pattern: RegExp): string[] =>
  sources
    .filter(({ source }) => pattern.test(source))
    .map(({ file }) => file)
    .sort();

describe('who acts', () => {
  test('only the start of the server and identity act as the system', () => {
    const found = filesWith(/\bwithSystem\b|\bSYSTEM_SCOPE\b/);
    expect(found.length).toBeGreaterThan(5);
    expect(found.filter((file) => !AS_SYSTEM.test(file))).toEqual([]);
  });

  test('all rows are given to administrators and services, by nobody else than who says who acts', () => {
    const found = filesWith(/import \{[^}]*\bALL\b[^}]*\} from|kind: 'all'/);
    expect(found.filter((file) => !ALL_ROWS.test(file) && file !== 'platform/db/row-scope.ts')).toEqual([]);
  });

  test('services are made by their jobs, and where a comment says why', () => {
    expect(filesWith(/\bservice\(/)).toEqual(SERVICES);
  });
});

describe('jobs', () => {
  // None of the server's parts is asked for before a job runs; settings are.
  const jobs = jobsOf(
    { ingest: { jobs: ingestJobs({} as Parameters<typeof ingestJobs>[0]) }, backup: {}, journal: {} } as unknown as ServerParts,
    {} as Logger,
  );

  test('every kind is run by a service of its name, with permissions that it names', () => {
    expect(jobs.map(({ kind }) => kind.name).sort()).toEqual(JOB_KINDS.map(({ name }) => name).sort());
    for (const { kind, by } of jobs) {
      expect(by).toMatchObject({ kind: 'service', name: kind.name });
      expect([...by.permissions].filter((permission) => !PERMISSIONS.includes(permission))).toEqual([]);
      expect(by.permissions.size, kind.name).toBeGreaterThan(0);
      // What reads a result, the film that it is about, and stores what it makes needs three.
      expect(by.permissions.size, kind.name).toBeLessThan(4);
    }
  });
});
