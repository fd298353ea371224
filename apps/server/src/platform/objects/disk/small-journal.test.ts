import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DiskStore } from './disk-store.ts';
import { decodeRecords } from './journal-record.ts';
import { readBoot } from './journal-replay.ts';
import { SmallJournal } from './small-journal.ts';
import { nodeSyncFs, type SyncFs } from './sync-fs.ts';
import { InlineWriter } from './writer-threads.ts';

let root: string;
let time = 0;
let stores: DiskStore[] = [];
beforeEach(async () => {
  root = path.join(await mkdtemp(path.join(os.tmpdir(), 'negatoscope-journal-')), 'objects');
  time = 1_000_000;
});
afterEach(async () => {
  for (const store of stores) await store.close();
  stores = [];
  await rm(path.dirname(root), { recursive: true, force: true });
});

const folder = (): string => path.join(root, 'journal');
const journals = async (): Promise<string[]> => (await readdir(folder())).sort();
const bytesOf = (index: number): Buffer => Buffer.from(`object ${index} `.repeat(20 + index));
const pathOf = (id: string): string => path.join(root, id.slice(0, 4), id.slice(4, 8), id);

/** A store that writes on this thread, under the name of a process that is not there, and counts what it flushes. */
async function openStore(fs: Partial<SyncFs> = {}): Promise<{ store: DiskStore; flushed: string[]; journal: SmallJournal }> {
  const flushed: string[] = [];
  const names = new Map<number, string>();
  const counting: SyncFs = {
    ...nodeSyncFs,
    open: (file, flags, mode) => {
      const fd = nodeSyncFs.open(file, flags, mode);
      names.set(fd, path.relative(root, file));
      return fd;
    },
    datasync: (fd) => {
      flushed.push(names.get(fd) ?? '');
      nodeSyncFs.datasync(fd);
    },
    ...fs,
  };
  const owner = `999999999.0a0b0c0d.${await readBoot()}`;
  let made: SmallJournal | undefined;
  const store = await DiskStore.open({
    root,
    writers: () => {
      made = new SmallJournal(counting, { folder: folder(), temporaryFolder: path.join(root, 'tmp'), owner, now: () => time });
      return new InlineWriter(counting, { journal: made });
    },
  });
  stores.push(store);
  if (made === undefined) throw new Error('No journal was made.');
  return { store, flushed, journal: made };
}

async function put(store: DiskStore, count: number): Promise<string[]> {
  const drafts = await Promise.all(Array.from({ length: count }, () => store.staging.begin()));
  for (const [index, draft] of drafts.entries()) await draft.write(bytesOf(index));
  await store.put(drafts);
  return drafts.map(({ id }) => id);
}

async function expectAll(store: DiskStore, ids: readonly string[]): Promise<void> {
  for (const [index, id] of ids.entries()) {
    const bytes = bytesOf(index);
    expect(await store.size(id)).toBe(bytes.length);
    expect((await store.read(id, 0, bytes.length)).equals(bytes)).toBe(true);
  }
}

function sweepAfter(ms: number, journal: SmallJournal): void {
  time += ms;
  journal.sweep();
}

/** As if the machine had been started again since the journals were written. */
async function pretendOtherBoot(): Promise<void> {
  for (const name of await journals()) {
    const parts = name.split('.');
    parts[2] = 'ffffffff';
    await rename(path.join(folder(), name), path.join(folder(), parts.join('.')));
  }
}

test('many small objects of one batch cost one flush, that of the journal', async () => {
  const { store, flushed } = await openStore();
  const ids = await put(store, 20);
  // The folder of the journals once, for the new journal's name.
  expect(flushed.map((name) => name.split('/')[0])).toEqual(['journal', 'journal']);
  await expectAll(store, ids);
  flushed.length = 0;
  await put(store, 20);
  expect(flushed).toHaveLength(1);
});

test('few objects, and large ones, are flushed for themselves', async () => {
  const { store, flushed } = await openStore();
  await put(store, 3);
  const drafts = await Promise.all(Array.from({ length: 5 }, () => store.staging.begin()));
  for (const draft of drafts) await draft.write(Buffer.alloc(100_000));
  await store.put(drafts);
  expect(flushed.filter((name) => name.startsWith('tmp/'))).toHaveLength(8);
  expect(await journals()).toEqual([]);
});

test('after the machine stopped, what had not reached the disk is written again from the journal', async () => {
  const { store } = await openStore();
  const ids = await put(store, 12);
  const [lost = '', empty = '', cut = '', zeroed = ''] = ids;
  await unlink(pathOf(lost));
  await truncate(pathOf(empty), 0);
  await truncate(pathOf(cut), 5);
  await writeFile(pathOf(zeroed), Buffer.alloc(bytesOf(3).length));
  await pretendOtherBoot();
  const again = await openStore();
  await expectAll(again.store, ids);
  await again.store.close();
  expect(await journals()).toEqual([]);
  const later = await openStore();
  await expectAll(later.store, ids);
});

test('a record that a crash cut off was not acknowledged: it is passed over, those before it count', async () => {
  const { store } = await openStore();
  const ids = await put(store, 6);
  const [name = ''] = await journals();
  const file = path.join(folder(), name);
  const whole = await readFile(file);
  // Behind the last record stand the zeros of the room that was set aside.
  whole.copy(whole, whole.findLastIndex((byte) => byte !== 0) + 1, 0, 100);
  await writeFile(file, whole);
  for (const id of ids) await unlink(pathOf(id));
  await pretendOtherBoot();
  const again = await openStore();
  await expectAll(again.store, ids);
});

test('the journal of a process that is gone is retired without reading the objects when the machine ran on', async () => {
  const { store } = await openStore();
  const ids = await put(store, 5);
  const [deleted = ''] = ids;
  await store.delete([deleted]);
  await store.close();
  const again = await openStore();
  await again.store.close();
  expect(await journals()).toEqual([]);
  await expect(again.store.size(deleted)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await expectAll(again.store, ids.slice(0, 0));
});

test('a journal of a process that runs is left alone', async () => {
  await mkdir(folder(), { recursive: true });
  await writeFile(path.join(root, '.negatoscope-objects'), '');
  const name = `1.0a0b0c0d.${await readBoot()}.0000.journal`;
  await writeFile(path.join(folder(), name), '');
  const { store } = await openStore();
  await store.close();
  expect(await journals()).toEqual([name]);
});

test('a journal goes once its files have been flushed, long after the kernel wrote them back', async () => {
  const { store, flushed, journal } = await openStore();
  const ids = await put(store, 60);
  flushed.length = 0;
  journal.sweep();
  sweepAfter(6_000, journal);
  expect(await journals()).toHaveLength(1);
  expect(flushed).toEqual([]);
  time += 46_000;
  for (let step = 0; step < 3; step += 1) journal.sweep();
  expect(await journals()).toEqual([]);
  const [first = ''] = ids;
  expect(flushed.filter((name) => name.length > 36)).toHaveLength(60);
  expect(flushed).toContain(path.relative(root, pathOf(first)));
  expect(flushed).toContain(path.relative(root, path.dirname(pathOf(first))));
});

test('when a file can’t be flushed later, its journal stays and the store takes no more', async () => {
  let fails = false;
  const { store, journal } = await openStore({
    datasync: (fd) => {
      if (fails) throw Object.assign(new Error('EIO'), { code: 'EIO' });
      nodeSyncFs.datasync(fd);
    },
  });
  await put(store, 10);
  sweepAfter(60_000, journal);
  time += 60_000;
  fails = true;
  journal.sweep();
  fails = false;
  expect(await journals()).toHaveLength(1);
  await expect(put(store, 10)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(store.healthy).toBe(false);
});

/** The kernel drops what it could not write back, and the next flush succeeds. */
async function dropped(ids: readonly string[]): Promise<void> {
  for (const id of ids) await writeFile(pathOf(id), '');
}

test('files that find no room when they are flushed late are written again from the journal, as soon as there is some', async () => {
  const state = { isFull: false };
  const { store, journal } = await openStore({
    datasync: (fd) => {
      if (state.isFull) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      nodeSyncFs.datasync(fd);
    },
  });
  const ids = await put(store, 10);
  const [deleted = '', ...kept] = ids;
  await store.delete([deleted]);
  state.isFull = true;
  for (const ms of [6_000, 60_000, 6_000, 6_000]) sweepAfter(ms, journal);
  await dropped(kept);
  expect(await journals()).toHaveLength(1);
  state.isFull = false;
  sweepAfter(6_000, journal);
  expect(await journals()).toEqual([]);
  expect(await readdir(path.join(root, 'tmp'))).toEqual([]);
  for (const [index, id] of ids.entries()) {
    if (index > 0) expect((await store.read(id, 0, bytesOf(index).length)).equals(bytesOf(index))).toBe(true);
  }
  await expect(store.size(deleted)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(store.healthy).toBe(true);
  await put(store, 10);
});

test.each(['EIO', 'ENOSPC'])(
  'what could not be flushed for %s is written again at the next start, whatever the kernel says it holds',
  async (code) => {
    const state = { fails: false };
    const { store, journal } = await openStore({
      datasync: (fd) => {
        if (state.fails) throw Object.assign(new Error(code), { code });
        nodeSyncFs.datasync(fd);
      },
    });
    const ids = await put(store, 10);
    state.fails = true;
    for (const ms of [6_000, 60_000]) sweepAfter(ms, journal);
    await store.close();
    // The machine ran on: what is read is what was written, and only a flush of new pages reaches the disk.
    const before = await Promise.all(ids.map(async (id) => (await stat(pathOf(id))).ino));
    const again = await openStore();
    const after = await Promise.all(ids.map(async (id) => (await stat(pathOf(id))).ino));
    expect(after.filter((inode, index) => inode === before[index])).toEqual([]);
    await expectAll(again.store, ids);
    await again.store.close();
    expect(await journals()).toEqual([]);
  },
);

test('without room for the mark of a journal none of its files is flushed: a failure could not be told to the next start', async () => {
  const state = { isFull: false };
  const { store, flushed, journal } = await openStore({
    rename: (from, to) => {
      if (state.isFull) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      nodeSyncFs.rename(from, to);
    },
  });
  await put(store, 10);
  flushed.length = 0;
  state.isFull = true;
  for (const ms of [6_000, 60_000, 6_000]) sweepAfter(ms, journal);
  expect(flushed).toEqual([]);
  expect(await journals()).toHaveLength(1);
  state.isFull = false;
  sweepAfter(6_000, journal);
  expect(await journals()).toEqual([]);
  expect(flushed.filter((name) => name.length > 36)).toHaveLength(10);
});

test('a journal in which an append failed is cut to what was flushed before, and leaves its room', async () => {
  const state = { fails: false };
  const { store } = await openStore({
    datasync: (fd) => {
      if (state.fails) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      nodeSyncFs.datasync(fd);
    },
  });
  const before = await put(store, 10);
  state.fails = true;
  await expect(put(store, 12)).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  const [cut = ''] = await journals();
  const records = [...decodeRecords(await readFile(path.join(folder(), cut)))];
  expect(records.map(({ id }) => id).sort()).toEqual([...before].sort());
  expect((await stat(path.join(folder(), cut))).size).toBeLessThan(10 * 1024);
  // One that holds nothing yet goes at once.
  await expect(put(store, 12)).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  expect(await journals()).toEqual([cut]);
  state.fails = false;
  const after = await put(store, 10);
  for (const id of [...before, ...after]) await unlink(pathOf(id));
  await pretendOtherBoot();
  const again = await openStore();
  await expectAll(again.store, before);
  await expectAll(again.store, after);
});

test('a full disk while the journal is written refuses the batch with STORAGE_FULL and spoils nothing', async () => {
  let isFull = false;
  const { store } = await openStore({
    write: (fd, bytes, offset, length, position) => {
      if (!isFull) return nodeSyncFs.write(fd, bytes, offset, length, position);
      if (length < 100) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      return nodeSyncFs.write(fd, bytes, offset, length >> 1, position);
    },
  });
  const before = await put(store, 10);
  isFull = true;
  await expect(put(store, 10)).rejects.toMatchObject({ code: 'STORAGE_FULL' });
  isFull = false;
  const after = await put(store, 10);
  for (const id of [...before, ...after]) await unlink(pathOf(id));
  await pretendOtherBoot();
  const again = await openStore();
  await expectAll(again.store, before);
  await expectAll(again.store, after);
});
