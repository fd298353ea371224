import { constants } from 'node:fs';
import path from 'node:path';
import type { FileAccess, FsPort, ReadAccess } from '../../src/platform/objects/disk/fs-port.ts';
import type { SyncFs } from '../../src/platform/objects/disk/sync-fs.ts';
import { type Fate, type Faults, failure, MachineStopped } from './faults.ts';
import { SimFile } from './sim-file.ts';

class Folder {
  entries = new Map<string, Node>();
  /** As the disk has it. */
  durable = new Map<string, Node>();
}
type Node = SimFile | Folder;

/** What one call changed in folders; a rename is one change of two. */
type Change = readonly { readonly folder: Folder; readonly name: string; readonly node: Node | undefined }[];

interface Descriptor {
  readonly node: Node;
  readonly isDirect: boolean;
}

const apply = (map: Map<string, Node>, name: string, node: Node | undefined): void => {
  if (node === undefined) map.delete(name);
  else map.set(name, node);
};
const SECTOR = 512;
/** The one folder that is there from the start. */
const DATA = 'data';

/**
 * A disk in memory behind both ports of the store. What was not flushed is the kernel's: a stop of the machine keeps any part of it, of files and of
 * folders; a flush that failed has let go of pages, which are read as before and never written.
 */
export class SimDisk {
  readonly #faults: Faults;
  #root = new Folder();
  #pending: Change[] = [];
  readonly #descriptors = new Map<number, Descriptor>();
  #lastFd = 2;

  constructor(faults: Faults) {
    this.#faults = faults;
    const data = new Folder();
    for (const entries of [this.#root.entries, this.#root.durable]) entries.set(DATA, data);
  }

  /** The machine stops: of what was not flushed any part is there afterwards. */
  loseMemory(): void {
    const { prng } = this.#faults;
    for (const change of this.#pending) {
      if (prng.next() < 0.5) for (const { folder, name, node } of change) apply(folder.durable, name, node);
    }
    this.#pending = [];
    this.#descriptors.clear();
    const forget = (node: Node): void => {
      if (node instanceof SimFile) node.loseMemory(prng);
      else {
        node.entries = new Map(node.durable);
        for (const child of node.entries.values()) forget(child);
      }
    };
    forget(this.#root);
  }

  /** Paths of all files. */
  files(): string[] {
    const found: string[] = [];
    const walk = (folder: Folder, at: string): void => {
      for (const [name, node] of folder.entries) {
        if (node instanceof SimFile) found.push(path.join(at, name));
        else walk(node, path.join(at, name));
      }
    };
    walk(this.#root, '/');
    return found;
  }

  /** Processes that run now; what one of them still has in hand at its end is never done. */
  #run = { isOver: false };

  /** The disk for the processes that begin now. */
  get process(): { readonly sync: SyncFs; readonly port: FsPort } {
    const run = this.#run;
    const alive = <A extends unknown[], R>(work: (...given: A) => R): ((...given: A) => R) => {
      return (...given) => {
        if (run.isOver) throw new MachineStopped();
        return work(...given);
      };
    };
    const { open, write, read, truncate, datasync, sync: flush, close, rename, unlink, stat } = this.#sync;
    const sync: SyncFs = {
      ...{ open: alive(open), write: alive(write), read: alive(read), truncate: alive(truncate) },
      ...{ datasync: alive(datasync), sync: alive(flush), close: alive(close), rename: alive(rename), unlink: alive(unlink) },
      stat: alive(stat),
    };
    return { sync, port: this.#portOf(sync, alive) };
  }

  /** All processes are gone. */
  endProcesses(): void {
    this.#run.isOver = true;
    this.#run = { isOver: false };
  }

  readonly #sync: SyncFs = {
    open: (file, flags) => this.#call('open', needsRoom(flags), () => this.#open(file, flags)),
    write: (fd, bytes, offset, length, position) => {
      const fate = this.#faults.of(true);
      if (fate.kind === 'fail') throw failure(fate.code);
      const { node, isDirect } = this.#descriptor(fd);
      if (isDirect && (position % SECTOR !== 0 || length % SECTOR !== 0)) throw failure('EINVAL');
      const count = fate.kind === 'short' && length > 1 ? this.#faults.prng.integer(1, length - 1) : length;
      fileOf(node).write(bytes.subarray(offset, offset + count), position);
      if (fate.kind === 'fail-after') throw failure(fate.code);
      return count;
    },
    read: (fd, target, offset, length, position) =>
      this.#call('read', false, () => fileOf(this.#descriptor(fd).node).read(target.subarray(offset, offset + length), position)),
    truncate: (fd, length) => this.#call('truncate', true, () => fileOf(this.#descriptor(fd).node).truncate(length)),
    datasync: (fd) => this.#flush(this.#descriptor(fd).node),
    sync: (fd) => this.#flush(this.#descriptor(fd).node),
    close: (fd) => this.#call('close', false, () => void this.#descriptors.delete(fd)),
    rename: (from, to) => this.#call('rename', true, () => this.#rename(from, to)),
    unlink: (file) => this.#call('unlink', false, () => this.#unlink(file)),
    stat: (file) => this.#find(file),
  };

  #portOf(sync: SyncFs, alive: <A extends unknown[], R>(work: (...given: A) => R) => (...given: A) => R): FsPort {
    const isThere = alive((file: string) => this.#isThere(file));
    const mkdir = alive((folder: string) => this.#call('mkdir', !isThere(folder), () => this.#mkdir(folder)));
    const readdir = alive((folder: string) => [...this.#folder(folder).entries.keys()]);
    // Only these two are looked at. Everything is as old as asked for.
    const stat = alive((file: string) => {
      const node = sync.stat(file);
      return { size: node instanceof SimFile ? node.size : 0, ctime: new Date(0), mtimeMs: 0 } as Awaited<
        ReturnType<FsPort['stat']>
      >;
    });
    return {
      open: async (file, flags) => this.#access(sync, await this.#later(() => sync.open(file, flags))),
      openToRead: async (file) => {
        const fd = await this.#later(() => sync.open(file, 'r'));
        const access: ReadAccess = {
          read: (target, offset, length, position) =>
            this.#later(() => ({ bytesRead: sync.read(fd, target, offset, length, position) })),
          close: () => void this.#descriptors.delete(fd),
        };
        return access;
      },
      rename: (from, to) => this.#later(() => sync.rename(from, to)),
      unlink: (file) => this.#later(() => sync.unlink(file)),
      // What is there already needs no room to be told.
      mkdir: (folder) => this.#later(() => mkdir(folder)),
      readdir: (folder) => this.#later(() => readdir(folder)),
      stat: (file) => this.#later(() => stat(file)),
    };
  }

  #access(sync: SyncFs, fd: number): FileAccess {
    const access = {
      write: (bytes: Uint8Array, offset: number, length: number, position: number) =>
        this.#later(() => ({ bytesWritten: sync.write(fd, bytes, offset, length, position), buffer: bytes })),
      datasync: () => this.#later(() => sync.datasync(fd)),
      sync: () => this.#later(() => sync.datasync(fd)),
      close: () => this.#later(() => sync.close(fd)),
    };
    return access as unknown as FileAccess; // What the store calls of it.
  }

  async #later<T>(work: () => T): Promise<T> {
    await this.#faults.turns();
    return work();
  }

  #call<T>(name: string, room: boolean, work: () => T): T {
    const fate = this.#faults.of(room, name === 'open');
    if (fate.kind === 'fail') throw failure(fate.code);
    const result = work();
    if (isLate(fate, name)) throw failure(fate.code);
    return result;
  }

  #flush(node: Node): void {
    const fate = this.#faults.of(true);
    if (node instanceof SimFile) {
      const fails = fate.kind === 'fail' || fate.kind === 'fail-after';
      node.flush(fails ? this.#faults.prng : undefined);
    } else if (fate.kind !== 'fail') {
      for (const change of this.#pending.filter((one) => one.some(({ folder }) => folder === node)))
        for (const { folder, name, node: child } of change) apply(folder.durable, name, child);
      this.#pending = this.#pending.filter((one) => !one.some(({ folder }) => folder === node));
    }
    if (fate.kind === 'fail' || fate.kind === 'fail-after') throw failure(fate.code);
  }

  #change(change: Change): void {
    for (const { folder, name, node } of change) apply(folder.entries, name, node);
    this.#pending.push(change);
  }

  #open(file: string, flags: string | number): number {
    const isDirect = typeof flags === 'number' && (flags & (constants.O_DIRECT ?? 0)) !== 0;
    const isExclusive = typeof flags === 'number' || flags.includes('x');
    const { folder, name } = this.#place(file);
    let node = folder.entries.get(name);
    if (flags === 'r' ? node === undefined : node !== undefined && isExclusive)
      throw failure(flags === 'r' ? 'ENOENT' : 'EEXIST');
    if (node === undefined) {
      node = new SimFile();
      this.#change([{ folder, name, node }]);
    } else if (flags === 'w') fileOf(node).truncate(0);
    // As some file systems do it: the file is there, and refused.
    if (isDirect && !this.#faults.weather.hasDirectWrites) throw failure('EINVAL');
    this.#lastFd += 1;
    this.#descriptors.set(this.#lastFd, { node, isDirect });
    return this.#lastFd;
  }

  #rename(from: string, to: string): void {
    const [source, target] = [this.#place(from), this.#place(to)];
    const node = this.#find(from);
    this.#change([
      { folder: source.folder, name: source.name, node: undefined },
      { folder: target.folder, name: target.name, node },
    ]);
  }

  #unlink(file: string): void {
    this.#find(file);
    const { folder, name } = this.#place(file);
    this.#change([{ folder, name, node: undefined }]);
  }

  #mkdir(file: string): void {
    const { folder, name } = this.#place(file);
    if (folder.entries.has(name)) throw failure('EEXIST');
    this.#change([{ folder, name, node: new Folder() }]);
  }

  #isThere(file: string): boolean {
    const { folder, name } = this.#place(file);
    return folder.entries.has(name);
  }

  #place(file: string): { folder: Folder; name: string } {
    return { folder: this.#folder(path.dirname(file)), name: path.basename(file) };
  }

  #folder(file: string): Folder {
    const node = this.#find(file);
    if (node instanceof SimFile) throw failure('ENOTDIR');
    return node;
  }

  #find(file: string): Node {
    let node: Node = this.#root;
    for (const name of file.split('/').filter((part) => part !== '')) {
      const next: Node | undefined = node instanceof Folder ? node.entries.get(name) : undefined;
      if (next === undefined) throw failure('ENOENT');
      node = next;
    }
    return node;
  }

  #descriptor(fd: number): Descriptor {
    const found = this.#descriptors.get(fd);
    if (found === undefined) throw failure('EBADF');
    return found;
  }
}

const needsRoom = (flags: string | number): boolean => flags !== 'r';
/** Calls of which the disk can say afterwards that they failed. */
const isLate = (fate: Fate, name: string): fate is Fate & { kind: 'fail-after'; code: string } =>
  fate.kind === 'fail-after' && name !== 'open' && name !== 'read';

function fileOf(node: Node): SimFile {
  if (node instanceof SimFile) return node;
  throw failure('EISDIR');
}
