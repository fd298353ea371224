import { readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import type { ImportReport } from '@negatoscope/contract';
import { buildZip, ctVolume } from '@negatoscope/testkit';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../../access/index.ts';
import { createIngestFixture, formOf, type IngestFixture } from '../ingest-fixture.ts';
import { removeUnacceptedSpools } from './accepted.ts';

let fixture: IngestFixture;
beforeAll(async () => {
  fixture = await createIngestFixture();
});
afterAll(() => fixture.close());

const zipOf = (seed: string, slices: number): Uint8Array =>
  buildZip(
    [...ctVolume({ seed, slices, rows: 8, columns: 8 })].map(({ fileName, bytes }) => ({
      name: fileName,
      bytes,
    })),
  );
const spooled = (): Promise<string[]> => readdir(path.join(fixture.folder, 'spool')).catch(() => []);

interface Accepted {
  readonly id: string;
  readonly actor: Person;
  readonly app: FastifyInstance;
  report(): Promise<ImportReport>;
  run(options?: { signal?: AbortSignal; isLast?: boolean }): Promise<unknown>;
}

/** Sends ZIPs for later and is answered 202. */
async function accept(archives: readonly Uint8Array[], actor?: Person): Promise<Accepted> {
  const who = actor ?? (await fixture.actor());
  const app = await fixture.http(who);
  const form = formOf(archives.map((bytes, index) => ({ name: `${index}.zip`, bytes })));
  const headers = { ...form.headers, prefer: 'respond-async' };
  const response = await app.inject({ method: 'POST', url: '/api/patients/import', payload: form.payload, headers });
  expect(response.statusCode).toBe(202);
  const { id } = response.json<ImportReport>();
  return {
    id,
    actor: who,
    app,
    report: async () => (await app.inject({ url: `/api/imports/${id}` })).json<ImportReport>(),
    run: (options = {}) => fixture.runJob('read-spool', { importId: id }, options),
  };
}

describe('an import that was accepted for later', () => {
  test('is a job and a file of its own before it is answered, and is read from there', async () => {
    const { id, report, run } = await accept([zipOf('accepted', 3), zipOf('accepted too', 2)]);
    expect(fixture.sent).toContainEqual({ name: 'read-spool', payload: { importId: id } });
    expect(await spooled()).toHaveLength(2);
    expect(await readdir(path.join(fixture.folder, 'tmp'))).toEqual([]);
    expect(await report()).toMatchObject({ status: 'RUNNING', stored: 0 });
    await run();
    expect(await report()).toMatchObject({ status: 'DONE', received: 5, stored: 5 });
    expect(await spooled()).toEqual([]);
    // The job may run again, after a kill between its last step and the queue's note of it.
    await run();
    expect(await report()).toMatchObject({ status: 'DONE', received: 5, stored: 5 });
  });

  test('goes on behind what an interrupted run stored: each file is in the report once', async () => {
    const { id, report, run } = await accept([zipOf('interrupted', 200), zipOf('interrupted too', 210)]);
    let isDone = false;
    let runs = 0;
    while (!isDone) {
      const control = new AbortController();
      const before = (await report()).received;
      const running = run({ signal: control.signal }).then(
        () => {
          isDone = true;
        },
        () => undefined,
      );
      await expect.poll(async () => isDone || (await report()).received > before, { timeout: 20_000, interval: 5 }).toBe(true);
      control.abort();
      await running;
      runs += 1;
    }
    expect(runs).toBeGreaterThan(1);
    const { files, ...counts } = await report();
    expect(counts).toMatchObject({ status: 'DONE', received: 410, stored: 410, duplicates: 0 });
    expect(new Set(files.map(({ sopInstanceUid }) => sopInstanceUid)).size).toBe(410);
    const rows = await fixture.db.withSystem((tx) => tx.rows('SELECT id FROM import_spools WHERE import_id = $1', [id]));
    expect(rows).toEqual([]);
  });

  test.each([
    ['was suspended', "UPDATE users SET status = 'SUSPENDED' WHERE id = $1"],
    ['was given another group', 'UPDATE users SET group_id = (SELECT id FROM groups LIMIT 1) WHERE id = $1'],
    ['may not import any more', "UPDATE users SET level = 'READ', role = 'STAFF' WHERE id = $1"],
  ] as const)('says CANCELLED, and stores nothing, when its sender %s meanwhile', async (what, statement) => {
    await fixture.group();
    const { actor, report, run } = await accept([zipOf(what, 2)]);
    await fixture.db.withSystem((tx) => tx.run(statement, [actor.userId]));
    await run();
    expect(await report()).toMatchObject({ status: 'CANCELLED', stored: 0 });
    expect(await spooled()).toEqual([]);
  });

  test('does no more than the token could with which it was sent', async () => {
    const person = await fixture.actor('PHYSICIAN');
    const { id, run } = await accept([zipOf('token', 1)], { ...person, permissions: new Set(['imports.create']), via: 'token' });
    const rows = await fixture.db.withSystem((tx) => tx.rows('SELECT permissions FROM import_spools WHERE import_id = $1', [id]));
    expect(rows).toEqual([{ permissions: ['imports.create'] }]);
    await run();
  });

  test('is tried again while the store can’t be written, and says CANCELLED after the last attempt', async () => {
    const { report, run } = await accept([zipOf('no store', 2)]);
    const mark = path.join(fixture.folder, 'objects', '.negatoscope-objects');
    await rename(mark, `${mark}-away`);
    await expect(run()).rejects.toThrow();
    expect(await report()).toMatchObject({ status: 'RUNNING' });
    await expect(run({ isLast: true })).rejects.toThrow();
    await rename(`${mark}-away`, mark);
    expect(await report()).toMatchObject({ status: 'CANCELLED', stored: 0 });
    expect(await spooled()).toEqual([]);
  });

  test('says CANCELLED when its file is gone, and when its job has ended without it', async () => {
    const gone = await accept([zipOf('gone', 1)]);
    for (const name of await spooled()) await rename(path.join(fixture.folder, 'spool', name), path.join(fixture.folder, name));
    await gone.run();
    expect(await gone.report()).toMatchObject({ status: 'CANCELLED' });

    const [forgotten, waiting] = [await accept([zipOf('forgotten', 1)]), await accept([zipOf('waiting', 1)])];
    fixture.sent.splice(
      fixture.sent.findIndex(({ payload }) => 'importId' in payload && payload.importId === forgotten.id),
      1,
    );
    await fixture.runJob('remove-orphans', {});
    expect(await forgotten.report()).toMatchObject({ status: 'CANCELLED' });
    expect(await waiting.report()).toMatchObject({ status: 'RUNNING' });
    await waiting.run();
    expect(await waiting.report()).toMatchObject({ status: 'DONE', stored: 1 });
  });

  test('that its sender cancels ends there', async () => {
    const { app, id, report, run } = await accept([zipOf('cancelled', 2)]);
    await app.inject({ method: 'POST', url: `/api/imports/${id}/finish`, payload: { cancelled: true } });
    await run();
    expect(await report()).toMatchObject({ status: 'CANCELLED', stored: 0 });
    expect(await spooled()).toEqual([]);
  });

  test('leaves no file behind after a crash before its row, which is an hour old', async () => {
    const { db, scratch } = fixture;
    const waiting = await accept([zipOf('beside', 1)]);
    const lost = await scratch.create();
    await lost.write(Buffer.from('half'));
    await scratch.keep([lost]);
    const clean = (ms: number) =>
      removeUnacceptedSpools({ db, by: fixture.by, scratch, clock: { now: () => new Date(Date.now() + ms) } });
    expect(await clean(0)).toBe(0);
    expect(await clean(7_200_000)).toBe(1);
    await waiting.run();
    expect(await waiting.report()).toMatchObject({ status: 'DONE', stored: 1 });
  });
});
