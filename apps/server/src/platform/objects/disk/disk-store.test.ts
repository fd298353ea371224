import { mkdir, mkdtemp, readdir, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../../../kernel/failure.ts';
import { DiskStore, type DiskStoreOptions } from './disk-store.ts';
import { type FileAccess, type FsPort, nodeFs } from './fs-port.ts';
import { nodeSyncFs, type SyncFs } from './sync-fs.ts';
import { InlineWriter, type Writers } from './writer-threads.ts';

let root: string;
beforeEach(async () => {
  root = path.join(await mkdtemp(path.join(os.tmpdir(), 'negatoscope-store-')), 'objects');
});
const opened: DiskStore[] = [];
async function openStore(options: DiskStoreOptions): Promise<DiskStore> {
  const store = await DiskStore.open(options);
  opened.push(store);
  return store;
}
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  await rm(path.dirname(root), { recursive: true, force: true });
});

const small = Buffer.from('a small object');
const large = Buffer.alloc(700_000, 7);

async function put(store: DiskStore, bytes: Uint8Array): Promise<string> {
  const draft = await store.staging.begin();
  try {
    for (let at = 0; at < bytes.length; at += 65_536) await draft.write(bytes.subarray(at, at + 65_536));
    await store.put([draft]);
    return draft.id;
  } finally {
    await draft.discard();
  }
}

async function publishedFiles(): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && /^[0-9a-f-]{36}$/.test(entry.name)).map((entry) => entry.name);
}

type Call = 'open' | 'write' | 'datasync' | 'close' | 'rename' | 'sync';

/** A file system whose call `site` fails with `code`, and which counts the flushes that succeed. */
function faulty(site: Call, code: string): { fs: FsPort; writers: () => Writers; arm: () => void; calls: Call[] } {
  let armed = false;
  const calls: Call[] = [];
  const at = (call: Call): void => {
    calls.push(call);
    if (armed && call === site) throw Object.assign(new Error(code), { code });
  };
  const wrap = (file: FileAccess): FileAccess =>
    ({
      ...file,
      write: file.write.bind(file),
      read: file.read.bind(file),
      sync: async () => {
        at('sync');
        await file.sync();
      },
      close: () => file.close(),
    }) as FileAccess; // The overloads of `write` are all forwarded.
  const fs: FsPort = { ...nodeFs, open: async (file, flags, mode) => wrap(await nodeFs.open(file, flags, mode)) };
  const sync: SyncFs = {
    ...nodeSyncFs,
    open: (file, flags, mode) => {
      at('open');
      return nodeSyncFs.open(file, flags, mode);
    },
    write: (...args) => {
      at('write');
      return nodeSyncFs.write(...args);
    },
    datasync: (fd) => {
      at('datasync');
      nodeSyncFs.datasync(fd);
    },
    sync: (fd) => {
      at('sync');
      nodeSyncFs.sync(fd);
    },
    close: (fd) => {
      nodeSyncFs.close(fd);
      at('close');
    },
    rename: (from, to) => {
      at('rename');
      nodeSyncFs.rename(from, to);
    },
  };
  return {
    fs,
    writers: () => new InlineWriter(sync),
    calls,
    arm: () => {
      armed = true;
    },
  };
}

describe('a disk store', () => {
  test('gives back the bytes it published, whole and by range, under a name made of the id', async () => {
    const store = await openStore({ root });
    for (const bytes of [small, large]) {
      const id = await put(store, bytes);
      expect(await store.size(id)).toBe(bytes.length);
      expect(await store.read(id, 2, 5)).toEqual(Buffer.from(bytes.subarray(2, 7)));
      const chunks: Buffer[] = [];
      for await (const chunk of store.stream(id)) chunks.push(chunk as Buffer);
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
      const file = path.join(root, id.slice(0, 4), id.slice(4, 8), id);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    }
  });

  test('flushes each file before its rename, and the directory last', async () => {
    const { fs, writers, calls } = faulty('open', '');
    const store = await openStore({ root, fs, writers });
    await put(store, small);
    calls.length = 0;
    await put(store, large);
    const order = calls.filter((call) => call === 'datasync' || call === 'rename' || call === 'sync');
    // The directory may be a new one, which is flushed into its parents first.
    expect(order.slice(-3)).toEqual(['datasync', 'rename', 'sync']);
  });

  test('keeps nothing of a discarded draft', async () => {
    const store = await openStore({ root });
    const draft = await store.staging.begin();
    await draft.write(large);
    await draft.finish();
    expect(await readdir(path.join(root, 'tmp'))).toHaveLength(1);
    await draft.discard();
    expect(await readdir(path.join(root, 'tmp'))).toEqual([]);
    expect(await publishedFiles()).toEqual([]);
  });

  test('refuses a folder that lost its mark, and writes nothing once the mark is gone', async () => {
    const store = await openStore({ root });
    await unlink(path.join(root, '.negatoscope-objects'));
    await expect(put(store, small)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await publishedFiles()).toEqual([]);
    await expect(DiskStore.open({ root })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('refuses what comes once the mark is gone, though the folders of its files are there, and takes more when it is back', async () => {
    const store = await openStore({ root });
    const [mark, gone] = [path.join(root, '.negatoscope-objects'), path.join(root, 'gone')];
    const first = await put(store, small);
    await rename(mark, gone);
    for (const bytes of [small, large]) await expect(put(store, bytes)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await publishedFiles()).toHaveLength(1);
    expect(store.healthy).toBe(true);
    await rename(gone, mark);
    const second = await put(store, small);
    for (const id of [first, second]) expect(await store.size(id)).toBe(small.length);
  });

  test('removes temporary files of processes that are gone, and no others', async () => {
    const store = await openStore({ root });
    const draft = await store.staging.begin();
    await draft.write(large);
    await draft.finish();
    await writeFile(path.join(root, 'tmp', '999999999.abcd.left'), 'x');
    await writeFile(path.join(root, 'tmp', `${process.pid}.earlier1.left`), 'x');
    await writeFile(path.join(root, 'tmp', '1.abcd.other'), 'x');
    expect(await store.staging.clean()).toBe(2);
    expect(await readdir(path.join(root, 'tmp'))).toHaveLength(2);
    await draft.discard();
  });

  test('lists published objects by the time of their publishing', async () => {
    const store = await openStore({ root });
    const id = await put(store, small);
    await mkdir(path.join(root, 'ffff'));
    const list = async (before: Date): Promise<string[]> => {
      const all: string[] = [];
      for await (const some of store.list({ before })) all.push(...some);
      return all;
    };
    expect(await list(new Date(Date.now() + 60_000))).toEqual([id]);
    expect(await list(new Date(Date.now() - 60_000))).toEqual([]);
  });
});

describe.each(['open', 'write', 'datasync', 'close', 'rename', 'sync'] as const)('when %s fails (R3)', (site) => {
  test.each(['EIO', 'ENOSPC'])('with %s, publishing fails with its code and is never tried again', async (code) => {
    const { fs, writers, arm, calls } = faulty(site, code);
    const store = await openStore({ root, fs, writers });
    await put(store, small);
    arm();
    calls.length = 0;
    const error = await put(store, large).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ code: code === 'ENOSPC' ? 'STORAGE_FULL' : 'UNAVAILABLE' });
    expect(calls.filter((call) => call === site).length).toBeLessThanOrEqual(1 + (site === 'close' ? 1 : 0));
    expect(store.healthy).toBe(code === 'ENOSPC');
    if (code === 'EIO') await expect(store.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

test('a failed flush of one of many files fails them all and leaves no flush running', async () => {
  const { fs, writers, arm, calls } = faulty('datasync', 'EIO');
  const store = await openStore({ root, fs, writers });
  const drafts = await Promise.all(Array.from({ length: 20 }, () => store.staging.begin()));
  for (const draft of drafts) await draft.write(small);
  arm();
  await expect(store.put(drafts)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  const flushes = calls.filter((call) => call === 'datasync').length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(calls.filter((call) => call === 'datasync').length).toBe(flushes);
  expect(await publishedFiles()).toEqual([]);
});
