import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';
import { Failure } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import { claimAll, type StagedObject } from '../staging/index.ts';
import {
  type ByteRange,
  type Listing,
  type ObjectSource,
  type ObjectStore,
  ObjectUnreadable,
  type Waiting,
} from '../store/port.ts';
import { isAbandoned } from './abandoned.ts';
import { DescriptorCache } from './descriptor-cache.ts';
import { DiskDraft, writeFailure } from './disk-draft.ts';
import { DiskStaging } from './disk-staging.ts';
import { DurableDirectories } from './durable-directories.ts';
import { errorCode, type FsPort, fill, makeDirectory, nodeFs } from './fs-port.ts';
import { readBoot } from './journal-replay.ts';
import { plainWriters } from './plain-writers.ts';
import { Replay } from './replay.ts';
import { restoreObject } from './restore.ts';
import { StorageHealth } from './storage-health.ts';
import { directoryOf, foldersOf, listObjects, makeFolders, markOf, objectPath, requireMark } from './store-folders.ts';
import type { WriterSettings } from './writer-thread.ts';
import type { WriterLane, Writers } from './writer-threads.ts';

export interface DiskStoreOptions {
  /** DATA_DIR/objects. */
  readonly root: string;
  readonly fs?: FsPort;
  /** Makes the writers, which are closed with the store; threads that inspect nothing without. */
  readonly writers?: (settings: WriterSettings) => Writers;
  readonly maxOpenFiles?: number;
  /** What the machine's start is known by; asked of the machine without. */
  readonly boot?: string;
  /** Hears of acknowledged objects that wait in journals for room, and when none does any more. */
  readonly onWaiting?: ((waiting: Waiting) => void) | undefined;
}

const STREAM_CHUNK_BYTES = 256 * 1024;

/**
 * Objects as files `<root>/<id[0..4]>/<id[4..8]>/<id>`. The leading digits of a UUIDv7 are its time, so that one directory takes what
 * arrives in 65 seconds and a batch costs one directory flush.
 */
export class DiskStore<Inspected = unknown> implements ObjectStore {
  /** Whose drafts it puts without copying them. */
  readonly staging: DiskStaging<Inspected>;
  readonly #root: string;
  readonly #fs: FsPort;
  readonly #health = new StorageHealth();
  readonly #descriptors: DescriptorCache;
  readonly #writers: Writers;
  readonly #directories: DurableDirectories;
  /** Tells this process's temporary files from those of an earlier one that had the same number. */
  readonly #owner = `${process.pid}.${randomBytes(4).toString('hex')}`;
  readonly #replay: Replay;

  private constructor(options: DiskStoreOptions, boot: string) {
    const { root } = options;
    this.#root = root;
    this.#fs = options.fs ?? nodeFs;
    this.#directories = new DurableDirectories(this.#fs, { root, health: this.#health });
    const { journals: folder, temporary: temporaryFolder } = foldersOf(root);
    const journal = { folder, temporaryFolder, owner: `${this.#owner}.${boot}` };
    this.#writers = (options.writers ?? plainWriters)({ journal });
    this.#descriptors = new DescriptorCache(this.#fs, options.maxOpenFiles ?? 512);
    const place = {
      ...{ fs: this.#fs, root, folder, temporaryFolder, pathOf: (id: string) => this.#pathOf(id) },
      isAbandoned: (name: string, file: string) => isAbandoned(this.#fs, { name, file, owner: this.#owner }),
    };
    this.#replay = new Replay(place, { onRestored: (id) => this.forget(id), onWaiting: options.onWaiting });
    this.staging = new DiskStaging({
      ...{ fs: this.#fs, folder: temporaryFolder, owner: this.#owner, writers: this.#writers, health: this.#health },
      requireRoom: () => this.#requireRoom(),
    });
  }

  /**
   * Fails when the folder holds something but not the mark of a store. On a full disk it opens as well: everything is read, and nothing new is taken while
   * what was acknowledged before waits for room.
   */
  static async open<Inspected = unknown>(options: DiskStoreOptions): Promise<DiskStore<Inspected>> {
    const boot = options.boot ?? (await readBoot());
    const store = new DiskStore<Inspected>(options, boot);
    await makeFolders(store.#fs, options.root);
    await store.#replay.begin(boot);
    return store;
  }

  /** What was acknowledged and stands in journals only, for want of room. */
  get waiting(): Waiting {
    return this.#replay.waiting;
  }

  /** Tries now what is tried every few seconds: to give what waits its own file. Fails when the disk does, otherwise than for want of room. */
  async replayAgain(): Promise<void> {
    await this.#replay.again().catch((error: unknown) => {
      throw this.#health.failure(error);
    });
  }

  get healthy(): boolean {
    return this.#health.healthy;
  }

  async put(objects: readonly StagedObject[]): Promise<void> {
    if (objects.length === 0) return;
    claimAll(objects);
    const drafts = objects.filter((object) => object instanceof DiskDraft);
    const ids = drafts.map(({ id }) => id);
    try {
      this.#requireRoom();
      const directories = [...new Set(objects.map(({ id }) => directoryOf(this.#root, id)))];
      // Writers look for the mark themselves: here it costs a trip through the thread pool.
      if (drafts.length < objects.length || !directories.every((directory) => this.#directories.has(directory)))
        await requireMark(this.#fs, this.#root);
      for (const directory of directories) await this.#directories.prepare(directory);
      for (const object of objects) if (!(object instanceof DiskDraft)) await this.#copy(object, ids);
      await this.#settle(drafts);
    } catch (error) {
      const failure = this.#health.failure(error);
      await this.#takeBack(objects, ids, failure);
      throw failure;
    }
    for (const object of objects) object.settled();
  }

  /**
   * Writes an object that is no draft of this store's staging. Its name is taken first, by an empty file that nobody knows of, for a rename overwrites; ids of
   * drafts are fresh. Adds the id to those that are taken back.
   */
  async #copy(object: StagedObject, ids: string[]): Promise<void> {
    const { id } = object;
    const place = await this.#fs.open(this.#pathOf(id), 'wx', 0o600).catch((error: unknown) => {
      throw errorCode(error) === 'EEXIST' ? new Failure('CONFLICT', { detail: 'There is an object of this id.' }) : error;
    });
    ids.push(id);
    await place.close();
    await restoreObject(this.#fs, { temporaryPath: this.#temporaryPath(), finalPath: this.#pathOf(id) }, object);
  }

  /** Files and their names are durable then. All are awaited before a failure is told: no flush goes on behind the caller's back. */
  async #settle(drafts: readonly DiskDraft<unknown>[]): Promise<void> {
    const lanes = new Map<WriterLane, DiskDraft<unknown>[]>();
    for (const draft of drafts) {
      const lane = await draft.settling();
      lanes.set(lane, [...(lanes.get(lane) ?? []), draft]);
    }
    const work = [...lanes].map(async ([lane, own]) => {
      const files = own.map(({ id }) => ({ id, finalPath: this.#pathOf(id) }));
      await lane.run({ op: 'settle', files, mark: markOf(this.#root) });
    });
    const results = await Promise.allSettled(work);
    // Each is looked at: a full disk on one lane must not hide a failed flush on another.
    const failures = results.flatMap((result) =>
      result.status === 'rejected' ? [writeFailure(this.#health, result.reason)] : [],
    );
    if (failures[0] !== undefined) throw failures[0];
  }

  /**
   * Nothing stays of objects that could not all be put, on whatever lane their drafts were. What can't be removed now has no row, and `removeOrphans`
   * deletes it, as it does what a journal brings back after a power failure.
   */
  async #takeBack(objects: readonly StagedObject[], ids: readonly string[], failure: Failure): Promise<void> {
    for (const object of objects) await object.fail(failure);
    for (const id of ids) await this.#fs.unlink(this.#pathOf(id)).catch(() => undefined);
  }

  async read(id: string, offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    await this.readInto(id, offset, bytes);
    return bytes;
  }

  async readInto(id: string, offset: number, target: Buffer): Promise<void> {
    if (await this.#replay.readInto(id, offset, target)) return;
    try {
      const bytes = await this.#descriptors.use(this.#pathOf(id), (file) => fill(file, offset, target));
      if (bytes.length === target.length) return;
    } catch (error) {
      throw readFailure(error);
    }
    throw new ObjectUnreadable('SIZE');
  }

  async size(id: string): Promise<number> {
    const waiting = this.#replay.sizeOf(id);
    if (waiting !== undefined) return waiting;
    try {
      return (await this.#fs.stat(this.#pathOf(id))).size;
    } catch (error) {
      throw readFailure(error);
    }
  }

  stream(id: string, range?: ByteRange): Readable {
    return Readable.from(this.#chunks(id, range), { objectMode: false, highWaterMark: STREAM_CHUNK_BYTES });
  }

  async *#chunks(id: string, range: ByteRange | undefined): AsyncGenerator<Buffer> {
    const end = range?.end ?? (await this.size(id)) - 1;
    for (let at = range?.start ?? 0; at <= end; at += STREAM_CHUNK_BYTES) {
      yield await this.read(id, at, Math.min(STREAM_CHUNK_BYTES, end - at + 1));
    }
  }

  async delete(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const file = this.#pathOf(id);
      this.#replay.forget(id);
      this.#descriptors.forget(file);
      await this.#fs.unlink(file).catch((error: unknown) => {
        if (errorCode(error) !== 'ENOENT') throw this.#health.failure(error);
      });
    }
  }

  async restore(id: string, source: ObjectSource): Promise<void> {
    await this.#requireWritable();
    const finalPath = this.#pathOf(id);
    try {
      await makeDirectory(this.#fs, path.dirname(path.dirname(finalPath)));
      await makeDirectory(this.#fs, path.dirname(finalPath));
      await restoreObject(this.#fs, { temporaryPath: this.#temporaryPath(), finalPath }, source);
    } catch (error) {
      throw this.#health.failure(error);
    }
    this.#descriptors.forget(finalPath);
  }

  forget(id: string | undefined): void {
    if (id === undefined) this.#descriptors.clear();
    else this.#descriptors.forget(this.#pathOf(id));
  }

  async isThere(): Promise<boolean> {
    return requireMark(this.#fs, this.#root).then(
      () => true,
      () => false,
    );
  }

  list(listing: Listing = {}): AsyncIterable<string[]> {
    return listObjects(this.#fs, this.#root, listing);
  }

  async check(): Promise<void> {
    await this.replayAgain();
    await this.#requireWritable();
    const file = path.join(foldersOf(this.#root).temporary, `${this.#owner}.check-${newId()}`);
    try {
      const handle = await this.#fs.open(file, 'wx', 0o600);
      const written = handle.write(Buffer.from('ok'), 0, 2, 0).finally(() => handle.close());
      await written.finally(() => this.#fs.unlink(file));
    } catch (error) {
      throw this.#health.failure(error);
    }
  }

  /** Closes the files that are kept open for reading, and the writers. */
  async close(): Promise<void> {
    this.#descriptors.clear();
    this.#writers.close();
    await this.#replay.close();
  }

  /** What was acknowledged has the first room that there is. */
  #requireRoom(): void {
    this.#health.requireHealthy();
    if (this.#replay.isWaiting)
      throw new Failure('STORAGE_FULL', { detail: 'Files that were stored before wait for room on the disk.' });
  }

  async #requireWritable(): Promise<void> {
    this.#requireRoom();
    await requireMark(this.#fs, this.#root);
  }

  #pathOf(id: string): string {
    return objectPath(this.#root, id);
  }

  #temporaryPath(): string {
    return path.join(foldersOf(this.#root).temporary, `${this.#owner}.${newId()}`);
  }
}

/** What a call of the file system that failed says of the object. */
function readFailure(error: unknown): Failure {
  const code = errorCode(error);
  if (code === 'ENOENT') return new ObjectUnreadable('MISSING', error);
  if (code === 'EIO') return new ObjectUnreadable('UNREADABLE', error);
  return new Failure('UNAVAILABLE', { detail: 'A stored object could not be read.', cause: error });
}
