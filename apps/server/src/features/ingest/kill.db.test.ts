import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeOrphans } from '../../archive/objects/orphans.ts';
import { createIngestFixture, type IngestFixture } from './ingest-fixture.ts';

const KILLS = process.env.NEGATOSCOPE_LONG_TESTS === '1' ? 50 : 1;

let fixture: IngestFixture;
let bundleFolder: string;
beforeAll(async () => {
  fixture = await createIngestFixture();
  // Inside the repository, so that packages are found from there.
  const cache = fileURLToPath(new URL('../../../../../node_modules/.cache/', import.meta.url));
  await mkdir(cache, { recursive: true });
  bundleFolder = await mkdtemp(path.join(cache, 'negatoscope-kill-test-'));
  await writeFile(path.join(bundleFolder, 'package.json'), '{"type":"module"}');
  await build({
    entryPoints: {
      child: fileURLToPath(new URL('../../../test/fixtures/import-child.ts', import.meta.url)),
      'stage.worker': fileURLToPath(new URL('../../stage.worker.ts', import.meta.url)),
    },
    outdir: bundleFolder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'silent',
    plugins: [
      {
        name: 'npm-stays-outside',
        setup: (builder) => {
          builder.onResolve({ filter: /^[^./]/ }, ({ path: name, kind }) =>
            kind === 'entry-point' || name.startsWith('@negatoscope/') ? undefined : { path: name, external: true },
          );
        },
      },
    ],
  });
});
afterAll(async () => {
  await fixture.close();
  await rm(bundleFolder, { recursive: true, force: true });
});

interface Child {
  readonly process: ChildProcess;
  readonly lines: string[];
  readonly ended: Promise<unknown>;
}

function start(userId: string, series: number): Child {
  const { database, folder } = fixture;
  const args = [
    JSON.stringify(database.appConfig),
    path.join(folder, 'objects'),
    path.join(folder, 'tmp'),
    userId,
    String(series),
  ];
  const child = spawn(process.execPath, [path.join(bundleFolder, 'child.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return { process: child, lines, ended: new Promise((resolve) => child.once('close', resolve)) };
}

test(`${KILLS} kill(s) in mid-import lose nothing that was acknowledged and leave nothing half-made (R1)`, {
  timeout: 30_000 + KILLS * 8_000,
}, async () => {
  const { userId } = await fixture.actor();
  const acknowledged = new Map<string, string>();
  for (let kill = 0; kill < KILLS; kill += 1) {
    const child = start(userId, kill * 1000);
    while (!child.lines.some((line) => line.startsWith('stored'))) await sleep(10);
    await sleep(Math.random() * 300);
    child.process.kill('SIGKILL');
    await child.ended;
    for (const line of child.lines) {
      const [outcome, id, sha256] = line.split(' ');
      if (outcome === 'stored' && id !== undefined && sha256 !== undefined) acknowledged.set(id, sha256);
    }
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(KILLS * 7);
  await fixture.ingest.cleanTemporary();
  expect(await readdir(path.join(fixture.folder, 'objects', 'tmp'))).toEqual([]);
  await removeOrphans({ ...fixture, clock: { now: () => new Date(Date.now() + 7_200_000) } });

  const rows = await fixture.db.withSystem((tx) => tx.rows('SELECT id, size_bytes FROM instances'));
  const known = new Map(rows.map((row) => [row.id, row.size_bytes]));
  for (const [id, sha256] of acknowledged) {
    const bytes = await fixture.objects.read(id, 0, known.get(id) ?? 0);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  }
  let objects = 0;
  for await (const ids of fixture.objects.list()) objects += ids.length;
  expect(objects).toBe(rows.length);
  const wrong = await fixture.db.withSystem((tx) =>
    tx.rows('SELECT s.id FROM series s WHERE instance_count <> (SELECT count(*) FROM instances WHERE series_id = s.id)'),
  );
  expect(wrong).toEqual([]);
});
