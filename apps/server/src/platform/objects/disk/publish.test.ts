import { constants } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StagedObject } from '../staging/index.ts';
import { DiskStore } from './disk-store.ts';
import { type FsPort, nodeFs } from './fs-port.ts';
import { SmallJournal } from './small-journal.ts';
import { nodeSyncFs, type SyncFs } from './sync-fs.ts';
import { WriteMemory } from './write-memory.ts';
import { InlineWriter, type WriterLane, type Writers } from './writer-threads.ts';

let root: string;
const opened: DiskStore[] = [];
beforeEach(async () => {
  root = path.join(await mkdtemp(path.join(os.tmpdir(), 'negatoscope-publish-')), 'objects');
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  await rm(path.dirname(root), { recursive: true, force: true });
});

const failure = (code: string): Error => Object.assign(new Error(code), { code });

/** Lanes that take drafts in turn, each over a file system of its own. */
class Lanes implements Writers {
  readonly #lanes: InlineWriter[];
  readonly #memory = new WriteMemory();
  #next = 0;

  constructor(lanes: InlineWriter[]) {
    this.#lanes = lanes;
  }

  async lane(): Promise<WriterLane> {
    const lane = this.#lanes[this.#next % this.#lanes.length];
    if (lane === undefined) throw new Error('There is no lane.');
    this.#next += 1;
    return lane;
  }

  block(length: number): ReturnType<Writers['block']> {
    return this.#memory.take(length);
  }

  close(): void {}
}

/** A store of two lanes: what the second does to files can be changed. */
async function openStore(changes: Partial<SyncFs>, fs: Partial<FsPort> = {}): Promise<DiskStore> {
  const store = await DiskStore.open({
    root,
    fs: { ...nodeFs, ...fs },
    writers: ({ journal }) => {
      if (journal === undefined) throw new Error('A store keeps journals.');
      const lane = (own: SyncFs): InlineWriter => new InlineWriter(own, { journal: new SmallJournal(own, journal) });
      return new Lanes([lane(nodeSyncFs), lane({ ...nodeSyncFs, ...changes })]);
    },
  });
  opened.push(store);
  return store;
}

async function draft(store: DiskStore, bytes: Uint8Array): Promise<StagedObject> {
  const made = await store.staging.begin();
  await made.write(bytes);
  await made.finish();
  return made;
}

/** Whether an object has so many bytes of one value. */
const holds = async (store: DiskStore, { id }: StagedObject, size: number, byte: number): Promise<boolean> =>
  (await store.size(id)) === size && (await store.read(id, 0, size)).equals(Buffer.alloc(size, byte));

/** Objects and temporary files. */
async function files(): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && /[0-9a-f]{4}-[0-9a-f]{12}$/.test(entry.name)).map((entry) => entry.name);
}

/** 4 each through the journals, 1 each held in memory until then, written directly, and written piece by piece. */
const SIZES = [...Array.from({ length: 8 }, () => 5_000), 200_000, 200_000, 400_000, 400_000, 900_000, 900_000];

describe('publishing is all or nothing', () => {
  let isFull = false;
  beforeEach(() => {
    isFull = false;
  });
  const full = <A extends unknown[], R>(call: (...args: A) => R, when: (...args: A) => boolean = () => true) => {
    return (...args: A): R => {
      if (isFull && when(...args)) throw failure('ENOSPC');
      return call(...args);
    };
  };
  const named = (name: string) => (from: string) => path.basename(path.dirname(from)) === name;
  const cases: [string, Partial<SyncFs>, Partial<FsPort>][] = [
    ['a rename', { rename: full(nodeSyncFs.rename) }, {}],
    ['a flush', { datasync: full(nodeSyncFs.datasync) }, {}],
    ['a close', { close: full(nodeSyncFs.close) }, {}],
    ['a journal', { open: full(nodeSyncFs.open, named('journal')) }, {}],
    ['a small file', { open: full(nodeSyncFs.open, (file) => /^[0-9a-f-]{36}$/.test(path.basename(file))) }, {}],
    ['the directory of an object', {}, { mkdir: full(nodeFs.mkdir) }],
    ['the opening of a directory', { open: full(nodeSyncFs.open, (_, flags) => flags === 'r') }, {}],
    ['the flush of a directory', { sync: full(nodeSyncFs.sync) }, {}],
  ];

  test.each(cases)(
    'whatever else succeeded: a full disk at %s leaves nothing of any draft, and all are dead',
    async (_, sync, fs) => {
      const store = await openStore(sync, fs);
      const drafts = await Promise.all(SIZES.map((size, index) => draft(store, Buffer.alloc(size, index + 1))));
      isFull = true;
      await expect(store.put(drafts)).rejects.toMatchObject({ code: 'STORAGE_FULL' });
      isFull = false;
      expect(drafts.map((one) => [one.isPublished, one.failure?.code])).toEqual(drafts.map(() => [false, 'STORAGE_FULL']));
      expect(await files()).toEqual([]);
      // Dead drafts stay dead, whoever comes with them: published alone or with others, they would be shorter than was said, or nothing at all.
      for (const one of drafts) await expect(store.put([one])).rejects.toMatchObject({ code: 'STORAGE_FULL' });
      const company = await draft(store, Buffer.alloc(10_000, 9));
      await expect(store.put([company, ...drafts.slice(0, 1)])).rejects.toMatchObject({ code: 'STORAGE_FULL' });
      await store.put([company]);
      expect(await holds(store, company, 10_000, 9)).toBe(true);
      expect(await files()).toEqual([company.id]);
    },
  );

  test('what was published before is not taken back with those that come too late', async () => {
    const store = await openStore({});
    const [first, second] = [await draft(store, Buffer.alloc(10_000, 1)), await draft(store, Buffer.alloc(10_000, 2))];
    await store.put([first]);
    await expect(store.put([second, first])).rejects.toThrow('published');
    await expect(store.put([second, second])).rejects.toThrow('once');
    await store.put([second]);
    for (const [index, one] of [first, second].entries()) expect(await holds(store, one, 10_000, index + 1)).toBe(true);
  });

  test('a failed flush on one lane is not hidden by a full disk on the other', async () => {
    const store = await openStore(
      {
        datasync: () => {
          throw failure('EIO');
        },
      },
      {},
    );
    const drafts = [await draft(store, Buffer.alloc(100_000)), await draft(store, Buffer.alloc(100_000))];
    await expect(store.put(drafts)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(store.healthy).toBe(false);
    expect(await files()).toEqual([]);
  });

  test('a directory that can’t be opened for want of descriptors fails the request, not the store', async () => {
    let isShort = false;
    const store = await openStore({
      open: (file, flags, mode) => {
        if (isShort && flags === 'r') throw failure('EMFILE');
        return nodeSyncFs.open(file, flags, mode);
      },
    });
    isShort = true;
    // One for each lane: only the second is short of them.
    const drafts = [await draft(store, Buffer.alloc(100_000)), await draft(store, Buffer.alloc(100_000))];
    await expect(store.put(drafts)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    isShort = false;
    expect(store.healthy).toBe(true);
    await store.put([await draft(store, Buffer.alloc(100_000))]);
  });

  test('a journal that can’t be begun for want of descriptors fails the request, not the store', async () => {
    let isShort = false;
    const open: SyncFs['open'] = (file, flags, mode) => {
      if (isShort && path.basename(path.dirname(file)) === 'journal') throw failure('EMFILE');
      return nodeSyncFs.open(file, flags, mode);
    };
    const store = await openStore({ open });
    const some = (): Promise<StagedObject[]> => Promise.all(Array.from({ length: 8 }, () => draft(store, Buffer.alloc(5_000))));
    isShort = true;
    await expect(store.put(await some())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    isShort = false;
    await store.put(await some());
    expect(await files()).toHaveLength(8);
  });

  test.skipIf(constants.O_DIRECT === undefined)(
    'a direct write that stops half-way goes through the cache, and the next file directly again',
    async () => {
      const direct = new Set<number>();
      let cut = 0;
      const open: SyncFs['open'] = (file, flags, mode) => {
        const fd = nodeSyncFs.open(file, flags, mode);
        if (typeof flags === 'number') direct.add(fd);
        else direct.delete(fd);
        return fd;
      };
      const write: SyncFs['write'] = (fd, bytes, offset, length, position) => {
        if (!direct.has(fd)) return nodeSyncFs.write(fd, bytes, offset, length, position);
        if (position > 0) throw failure('EINVAL');
        cut += 1;
        return nodeSyncFs.write(fd, bytes, offset, 8_192, position);
      };
      const store = await openStore({ open, write });
      const drafts = await Promise.all([1, 2, 3, 4].map((byte) => draft(store, Buffer.alloc(400_000, byte))));
      await store.put(drafts);
      for (const [index, one] of drafts.entries()) expect(await holds(store, one, 400_000, index + 1)).toBe(true);
      expect(cut).toBe(2);
    },
  );

  test('a file system that takes no byte and says nothing is full', async () => {
    const store = await openStore({ write: () => 0 });
    const drafts = await Promise.all([100_000, 100_000].map((size) => draft(store, Buffer.alloc(size))));
    await expect(store.put(drafts)).rejects.toMatchObject({ code: 'STORAGE_FULL' });
    expect(await files()).toEqual([]);
  });
});
