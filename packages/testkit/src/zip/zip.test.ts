import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import yauzl from 'yauzl';
import { zipCorpus } from '../hostile/zip-corpus.ts';
import { ctZip } from './ct-zip.ts';
import { buildZip } from './zip.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'testkit-zip-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Names of an archive's entries by yauzl; rejects as yauzl does. */
function list(source: string | Uint8Array): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const names: string[] = [];
    const open = (error: Error | null, archive: yauzl.ZipFile | undefined): void => {
      if (error || !archive) {
        reject(error ?? new Error('no archive'));
        return;
      }
      archive.on('entry', (entry: yauzl.Entry) => {
        names.push(entry.fileName);
        archive.readEntry();
      });
      archive.on('error', reject);
      archive.on('end', () => resolve(names));
      archive.readEntry();
    };
    if (typeof source === 'string') yauzl.open(source, { lazyEntries: true }, open);
    else yauzl.fromBuffer(Buffer.from(source), { lazyEntries: true }, open);
  });
}

describe('ZIP', () => {
  it('lists stored and deflated entries with accents', async () => {
    const bytes = new Uint8Array(500);
    expect(
      await list(
        buildZip([
          { name: 'é/ü.dcm', bytes },
          { name: 'b', bytes, method: 8 },
        ]),
      ),
    ).toEqual(['é/ü.dcm', 'b']);
  });
  it('ctZip streams instances to disk and says their size', async () => {
    const path = join(folder, 'ct.zip');
    const { entries, sizeBytes } = await ctZip(path, { instances: 25, seed: 'zip', rows: 64, columns: 64, perSeries: 10 });
    expect(entries).toBe(25);
    expect((await stat(path)).size).toBe(sizeBytes);
    const names = await list(path);
    expect(new Set(names.map((name) => name.split('/')[0])).size).toBe(3);
  });
});

describe('zipCorpus', () => {
  const corpus = zipCorpus();
  it('has the hostile kinds by name', () => {
    const names = corpus.map((archive) => archive.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of [
      'nested.zip',
      'overlapping.zip',
      'size-too-small.zip',
      'traversal.zip',
      'absolute.zip',
      'duplicate-names.zip',
      'bomb.zip',
      'encrypted.zip',
      'truncated-directory.zip',
    ]) {
      expect(names).toContain(name);
    }
  });
  it.each(corpus.filter((archive) => archive.expectation === 'accept'))('$name is readable: $about', async ({ bytes, good }) => {
    expect(await list(bytes)).toEqual(expect.arrayContaining([...good]));
  });
  it.each(corpus.filter((archive) => /^(truncated|no-end|not-a)/.test(archive.name)))(
    '$name is refused by yauzl',
    async ({ bytes, name }) => {
      await expect(list(bytes), name).rejects.toThrow();
    },
  );
});
