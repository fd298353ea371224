import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import yauzl from 'yauzl';
import { writeZip } from './zip.ts';

/** Entries of an archive, read one by one by yauzl. */
const count = (path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true }, (error, archive) => {
      if (error || !archive) return reject(error ?? new Error('no archive'));
      let entries = 0;
      archive.on('entry', () => {
        entries += 1;
        archive.readEntry();
      });
      archive.on('error', reject);
      archive.on('end', () => resolve(entries));
      archive.readEntry();
    });
  });

it('uses ZIP64 records beyond 65,534 entries (APPNOTE 4.3.14)', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'testkit-zip64-'));
  const path = join(folder, 'many.zip');
  function* many(): Generator<{ name: string; bytes: Uint8Array }> {
    for (let index = 0; index < 66_000; index++) yield { name: String(index), bytes: new Uint8Array(0) };
  }
  expect((await writeZip(path, many())).entries).toBe(66_000);
  expect(await count(path)).toBe(66_000);
  await rm(folder, { recursive: true, force: true });
});
