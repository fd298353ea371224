import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { chestXray } from '@negatoscope/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { isLong } from '../../../../test/support/sample.ts';
import type { Db, Tx } from '../../../platform/db/database.ts';
import { nodeSyncFs } from '../../../platform/objects/disk/sync-fs.ts';
import {
  asParts,
  createIngestFixture,
  type IngestFixture,
  type IngestFixtureOptions,
  type NamedBytes,
  oneChunk,
} from '../ingest-fixture.ts';

const REQUESTS = 6;

let fixture: IngestFixture;
afterEach(() => fixture.close());
const open = async (options: IngestFixtureOptions): Promise<void> => {
  fixture = await createIngestFixture(options);
};

function xray(seed: string): NamedBytes {
  for (const { bytes } of chestXray({ seed, rows: 64, columns: 64 })) return { name: `${seed}.dcm`, bytes };
  throw new Error('The phantom has no instance.');
}

/** One file a request, all at once: the first two go alone, the others wait and share commits. */
const sendAll = (name: string): Promise<PromiseSettledResult<Awaited<ReturnType<IngestFixture['send']>>>[]> =>
  Promise.allSettled(Array.from({ length: REQUESTS }, (_, index) => fixture.send([xray(`${name} ${index}`)])));

/** As many objects as rows, and each whole; gives their number. */
async function wholeInstances(): Promise<number> {
  const rows = await fixture.db.withSystem((tx) => tx.rows('SELECT id, size_bytes AS size FROM instances'));
  const objects: string[] = [];
  for await (const ids of fixture.objects.list()) objects.push(...ids);
  expect(objects.sort()).toEqual(rows.map(({ id }) => id).sort());
  for (const { id, size } of rows) expect(await fixture.objects.size(id)).toBe(size);
  expect(await readdir(path.join(fixture.folder, 'objects', 'tmp'))).toEqual([]);
  return rows.length;
}

const reports = (): Promise<{ received: number; stored: number; files: number }[]> =>
  fixture.db.withSystem((tx) =>
    tx.rows(
      'SELECT received, stored, (SELECT count(*)::int FROM import_files f WHERE f.import_id = i.id) AS files FROM imports i',
    ),
  );

describe('requests that are committed together', () => {
  test.each(isLong ? ['ENOSPC', 'EIO'] : ['ENOSPC'])(
    'are all told when the store fails with %s, none is tried alone, and nothing of them stays',
    async (code) => {
      let isFailing = false;
      let renames = 0;
      const logLines: string[] = [];
      const rename = (from: string, to: string): void => {
        renames += 1;
        // Some of the group have their final names by then.
        if (isFailing && renames > 4) throw Object.assign(new Error(code), { code });
        nodeSyncFs.rename(from, to);
      };
      await open({ fs: { ...nodeSyncFs, rename }, logLines });
      await fixture.send([xray('before')]);
      isFailing = true;
      const outcomes = await sendAll('refused');
      const told = outcomes.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code?: string }).code] : []));
      expect(new Set(told)).toEqual(new Set([code === 'ENOSPC' ? 'STORAGE_FULL' : 'UNAVAILABLE']));
      // Three of the renames that succeed may each have been a group of its own.
      expect(told.length).toBeGreaterThanOrEqual(REQUESTS - 3);
      expect(await wholeInstances()).toBe(1 + REQUESTS - told.length);
      expect(logLines.join('')).not.toContain('tried alone');
      if (code === 'EIO') return;
      isFailing = false;
      expect((await sendAll('refused')).map(({ status }) => status)).toEqual(Array.from({ length: REQUESTS }, () => 'fulfilled'));
      expect(await wholeInstances()).toBe(1 + REQUESTS);
    },
  );

  test('are tried alone when the fault is of one of them, which is logged', async () => {
    const logLines: string[] = [];
    await open({ logLines });
    const actor = await fixture.actor();
    const sessions = await Promise.all(
      Array.from({ length: REQUESTS }, async (_, index) => {
        const importId = await fixture.ingest.openImport(actor, { entrance: 'UPLOAD' });
        const session = await fixture.ingest.openSession(actor, { entrance: 'UPLOAD', importId });
        const file = xray(`alone ${index}`);
        return { importId, session, staged: [await session.receive(file.name, oneChunk(file.bytes))] };
      }),
    );
    await fixture.ingest.closeImport(actor, sessions.at(-1)?.importId ?? '');
    const outcomes = await Promise.allSettled(sessions.map(({ session, staged }) => session.commit(staged)));
    expect(outcomes.map(({ status }) => status)).toEqual([
      ...Array.from({ length: REQUESTS - 1 }, () => 'fulfilled'),
      'rejected',
    ]);
    expect(outcomes.at(-1)).toMatchObject({ reason: { code: 'IMPORT_FINISHED' } });
    expect(logLines.filter((line) => line.includes('tried alone') && line.includes('IMPORT_FINISHED'))).toHaveLength(1);
    const stored = await fixture.db.withSystem((tx) => tx.rows('SELECT id FROM instances'));
    expect(stored).toHaveLength(REQUESTS - 1);
    for (const { id } of stored) expect(await fixture.objects.size(id)).toBeGreaterThan(0);
  });
});

/** Loses the connection under each transaction that stores instances: before its commit, or before the answer to it. */
const losing =
  (when: 'before' | 'after', lost: { count: number; isArmed: boolean }) =>
  (db: Db): Db => {
    const gone = (): Error => {
      lost.count += 1;
      return new Error('Connection terminated unexpectedly');
    };
    return {
      ...db,
      withScope: async (scope, work) => {
        let writes = false;
        const result = await db.withScope(scope, async (tx) => {
          const run: Tx['run'] = (text, ...given) => {
            const [, name]: readonly unknown[] = given;
            writes ||= lost.isArmed && name === 'ingest-insert-instances';
            return tx.run(text, ...given);
          };
          const watched: Tx = { rows: tx.rows.bind(tx), first: tx.first.bind(tx), run };
          const done = await work(watched);
          if (writes && when === 'before') throw gone();
          return done;
        });
        if (writes && when === 'after') throw gone();
        return result;
      },
    };
  };

describe('a connection that is lost', () => {
  test('behind the commit: what was committed is answered as stored, kept, and counted once', async () => {
    const lost = { count: 0, isArmed: true };
    await open({ through: losing('after', lost) });
    const outcomes = await sendAll('committed');
    expect(lost.count).toBeGreaterThan(0);
    expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value.map(({ outcome }) => outcome) : one.reason))).toEqual(
      Array.from({ length: REQUESTS }, () => ['stored']),
    );
    expect(await wholeInstances()).toBe(REQUESTS);
    expect(await reports()).toEqual(Array.from({ length: REQUESTS }, () => ({ received: 1, stored: 1, files: 1 })));
  });

  test('before the commit: nothing is answered as stored, and the same can be sent again', async () => {
    const lost = { count: 0, isArmed: true };
    await open({ through: losing('before', lost) });
    expect((await sendAll('rolled back')).map(({ status }) => status)).toEqual(
      Array.from({ length: REQUESTS }, () => 'rejected'),
    );
    expect(await fixture.db.withSystem((tx) => tx.rows('SELECT FROM instances'))).toEqual([]);
    lost.isArmed = false;
    const again = await fixture.ingest.ingestFiles(
      await fixture.actor(),
      { entrance: 'STOW' },
      asParts(Array.from({ length: REQUESTS }, (_, index) => xray(`rolled back ${index}`))),
    );
    expect(again.map(({ outcome }) => outcome)).toEqual(Array.from({ length: REQUESTS }, () => 'stored'));
    for (const { instanceId = '', sizeBytes } of again) expect(await fixture.objects.size(instanceId)).toBe(sizeBytes);
  });
});
