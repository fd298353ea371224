import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createPrng } from '@negatoscope/testkit';
import { DiskStore, type DiskStoreOptions } from '../../src/platform/objects/disk/disk-store.ts';
import { type FsPort, nodeFs } from '../../src/platform/objects/disk/fs-port.ts';
import { SmallJournal } from '../../src/platform/objects/disk/small-journal.ts';
import { nodeSyncFs, type SyncFs } from '../../src/platform/objects/disk/sync-fs.ts';
import { InlineWriter } from '../../src/platform/objects/disk/writer-threads.ts';
import { MadeObject } from '../../src/platform/objects/staging/index.ts';
import { MovedStore } from '../../src/platform/objects/store/index.ts';
import { Faults } from '../simulation/faults.ts';
import { SimDisk } from '../simulation/sim-disk.ts';
import { SimWriters } from '../simulation/sim-writers.ts';
import { MemoryStore } from '../support/memory-objects.ts';
import { objectStoreContract, type StoreUnderTest, stageIn } from './store-contract.ts';

interface Room {
  isFull: boolean;
}

/** A disk that is full when it is told so: nothing can be written, and no file or folder made. */
function withRoom({ port, sync }: { port: FsPort; sync: SyncFs }, room: Room): { port: FsPort; sync: SyncFs } {
  const requireRoom = (): void => {
    if (room.isFull) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  };
  return {
    sync: {
      ...sync,
      open: (file, flags, mode) => {
        if (flags !== 'r') requireRoom();
        return sync.open(file, flags, mode);
      },
      write: (...given) => {
        requireRoom();
        return sync.write(...given);
      },
    },
    port: {
      ...port,
      open: async (file, flags, mode) => {
        if (flags !== 'r') requireRoom();
        return port.open(file, flags, mode);
      },
      mkdir: async (folder) => {
        requireRoom();
        return port.mkdir(folder);
      },
    },
  };
}

/** An adapter that is opened again and again over the same disk. */
async function onDisk(
  open: () => Promise<DiskStore>,
  { room, stop, remove }: { room: Room; stop: () => void; remove: () => Promise<void> },
): Promise<StoreUnderTest> {
  let store = await open();
  return {
    get store() {
      return store;
    },
    stage: stageIn(() => store.staging),
    setFull: (isFull) => {
      room.isFull = isFull;
    },
    restart: async () => {
      const before = store;
      stop();
      store = await open();
      await before.close();
      return store;
    },
    close: async () => {
      await store.close();
      await remove();
    },
  };
}

objectStoreContract('the disk', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-contract-'));
  const room = { isFull: false };
  const { port, sync } = withRoom({ port: nodeFs, sync: nodeSyncFs }, room);
  const options: DiskStoreOptions = {
    root: path.join(folder, 'objects'),
    fs: port,
    writers: ({ journal }) => new InlineWriter(sync, journal === undefined ? {} : { journal: new SmallJournal(sync, journal) }),
  };
  return onDisk(() => DiskStore.open(options), {
    room,
    stop: () => undefined,
    remove: () => rm(folder, { recursive: true, force: true }),
  });
});

/** One that loses its power, and with it what was not flushed. */
objectStoreContract('a disk that forgets what was not flushed', async () => {
  const faults = new Faults(createPrng('contract of object stores', 1), {
    ...{ full: 0, eio: 0, descriptors: 0, short: 0, database: 0, deaf: false, threads: 0 },
    ...{ stopsAfter: Number.POSITIVE_INFINITY, hasDirectWrites: true },
  });
  const disk = new SimDisk(faults);
  const room = { isFull: false };
  let boot = 1;
  const open = (): Promise<DiskStore> => {
    const { port, sync } = withRoom(disk.process, room);
    return DiskStore.open({
      root: '/data/objects',
      fs: port,
      boot: `boot${boot}`,
      writers: (settings) => new SimWriters({ sync, faults, clock: { ms: 0 } }, settings),
    });
  };
  const stop = (): void => {
    boot += 1;
    disk.endProcesses();
    disk.loseMemory();
  };
  return onDisk(open, { room, stop, remove: async () => undefined });
});

objectStoreContract('a store whose objects come from an older one', async () => {
  const [first, old] = [new MemoryStore(), new MemoryStore()];
  return {
    store: new MovedStore(first, old),
    setFull: (isFull) => {
      first.isFull = isFull;
    },
    restart: async () => new MovedStore(first, old),
    close: async () => undefined,
  };
});

objectStoreContract('memory', async () => {
  const store = new MemoryStore();
  return {
    store,
    stage: async (bytes) => new MadeObject(Buffer.from(bytes)),
    setFull: (isFull) => {
      store.isFull = isFull;
    },
    restart: async () => store,
    close: async () => undefined,
  };
});
