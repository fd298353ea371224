import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Written } from '../staging/index.ts';
import { DiskStore } from './disk-store.ts';
import { FileWriter } from './file-writer.ts';
import { plainWriters } from './plain-writers.ts';
import { nodeSyncFs, type SyncFs } from './sync-fs.ts';
import { PAGE_BYTES, WriteMemory } from './write-memory.ts';

const DIRECT: number | undefined = constants.O_DIRECT;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-direct-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const failure = (code: string): Error => Object.assign(new Error(code), { code });
/** Remembers the flags that files were opened with. */
function watching(changes: Partial<SyncFs> = {}): { fs: SyncFs; flags: (string | number)[] } {
  const flags: (string | number)[] = [];
  const open: SyncFs['open'] = (file, flag, mode) => {
    flags.push(flag);
    return (changes.open ?? nodeSyncFs.open)(file, flag, mode);
  };
  return { fs: { ...nodeSyncFs, ...changes, open }, flags };
}
const isDirect = (flag: string | number | undefined): boolean =>
  typeof flag === 'number' && DIRECT !== undefined && (flag & DIRECT) !== 0;

async function finished(writer: FileWriter, memory: WriteMemory, content: Buffer): Promise<Written<unknown>> {
  const { bytes, release } = await memory.take(content.length);
  bytes.set(content);
  try {
    return writer.run({ op: 'finish', id: 'a', path: path.join(folder, 'draft'), bytes }) as Written<unknown>; // The answer to `finish`.
  } finally {
    bytes.fill(0xee);
    release();
  }
}
const settle = (writer: FileWriter): unknown =>
  writer.run({ op: 'settle', files: [{ id: 'a', finalPath: path.join(folder, 'final') }] });

describe('drafts that come in one piece are written past the kernel’s cache', () => {
  test.each([
    ['a whole number of pages', 80 * PAGE_BYTES],
    ['a page and one byte more', 80 * PAGE_BYTES + 1],
    ['one byte less', 80 * PAGE_BYTES - 1],
    ['as much as is gathered', 640 * 1024],
  ])('%s: the file has its bytes and no more, and so have reads before it is settled', async (_, length) => {
    const { fs, flags } = watching();
    const writer = new FileWriter(fs, { inspect: (size, read) => [size, read(length - 3, 3).slice()] });
    const content = randomBytes(length);
    const written = await finished(writer, new WriteMemory(), content);
    expect(written).toMatchObject({ sizeBytes: length, inspected: [length, Uint8Array.from(content.subarray(-3))] });
    expect(Buffer.from(written.sha256).equals(createHash('sha256').update(content).digest())).toBe(true);
    expect(isDirect(flags[0])).toBe(DIRECT !== undefined);
    const part = writer.run({ op: 'read', id: 'a', offset: 5_001, length: 777 });
    expect(Buffer.from(part as Uint8Array).equals(content.subarray(5_001, 5_778))).toBe(true); // The answer to `read`.
    settle(writer);
    expect((await readFile(path.join(folder, 'final'))).equals(content)).toBe(true);
  });

  test.each(['open', 'write'] as const)(
    'a file system that refuses at %s is written to through the cache, from then on too',
    async (call) => {
      const refuse = (flag: string | number): void => {
        if (isDirect(flag)) throw failure('EINVAL');
      };
      let direct = -1;
      const { fs, flags } = watching({
        open: (file, flag, mode) => {
          // As Linux does it: the file is there, and refused.
          const fd = nodeSyncFs.open(file, typeof flag === 'number' ? flag & ~(DIRECT ?? 0) : flag, mode);
          if (call === 'open') refuse(flag);
          direct = isDirect(flag) ? fd : -1;
          return fd;
        },
        write: (fd, ...rest) => {
          if (fd === direct) throw failure('EINVAL');
          return nodeSyncFs.write(fd, ...rest);
        },
      });
      const [writer, memory] = [new FileWriter(fs, {}), new WriteMemory()];
      for (let round = 0; round < 2; round += 1) {
        const content = randomBytes(400_000);
        await finished(writer, memory, content);
        settle(writer);
        expect((await readFile(path.join(folder, 'final'))).equals(content)).toBe(true);
      }
      expect(flags.filter(isDirect)).toHaveLength(DIRECT === undefined ? 0 : 1);
    },
  );

  test('a full disk is told as such, and what was begun goes with the draft', async () => {
    const writer = new FileWriter(
      watching({
        write: () => {
          throw failure('ENOSPC');
        },
      }).fs,
      {},
    );
    await expect(finished(writer, new WriteMemory(), randomBytes(400_000))).rejects.toMatchObject({
      code: 'ENOSPC',
      site: 'file',
    });
    writer.run({ op: 'discard', id: 'a' });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('what is answered before it is written', () => {
  const begun = (fs: SyncFs) => {
    const writer = new FileWriter(fs, { inspect: (size) => size });
    const bytes = Uint8Array.from(randomBytes(400_000));
    return { writer, bytes, ...writer.begin({ op: 'finish', id: 'a', path: path.join(folder, 'draft'), bytes }) };
  };

  test('is hashed and looked at, and not on the disk', async () => {
    const { writer, bytes, result, rest } = begun(nodeSyncFs);
    expect(result).toMatchObject({ sizeBytes: 400_000, sha256: createHash('sha256').update(bytes).digest(), inspected: 400_000 });
    expect(await readdir(folder)).toEqual([]);
    rest?.();
    settle(writer);
    expect((await readFile(path.join(folder, 'final'))).equals(bytes)).toBe(true);
  });

  test.each(['settle', 'read', 'discard'] as const)('and could not be: %s tells of it, and nothing stays', async (op) => {
    const { writer, rest } = begun({
      ...nodeSyncFs,
      write: () => {
        throw failure('ENOSPC');
      },
    });
    rest?.();
    if (op === 'settle') expect(() => settle(writer)).toThrow(expect.objectContaining({ code: 'ENOSPC', site: 'file' }));
    if (op === 'read')
      expect(() => writer.run({ op: 'read', id: 'a', offset: 0, length: 1 })).toThrow(
        expect.objectContaining({ code: 'ENOSPC' }),
      );
    writer.run({ op: 'discard', id: 'a' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('keeps its memory until it is: threads write many at once, each its own bytes', async () => {
    const store = await DiskStore.open({ root: path.join(folder, 'objects'), writers: plainWriters });
    try {
      const all = await Promise.all(
        Array.from({ length: 40 }, async () => {
          const content = randomBytes(400_000);
          const draft = await store.staging.begin();
          await draft.write(Uint8Array.from(content));
          await draft.finish();
          await store.put([draft]);
          return { id: draft.id, content };
        }),
      );
      for (const { id, content } of all) expect((await store.read(id, 0, content.length)).equals(content)).toBe(true);
    } finally {
      await store.close();
    }
  });
});

describe('memory for what is being written', () => {
  test('more than there is waits until some comes back, in order', async () => {
    const memory = new WriteMemory();
    const first = await Promise.all(Array.from({ length: 16 }, () => memory.take(500_000)));
    const order: number[] = [];
    const waiting = [0, 1].map(async (index) => {
      const block = await memory.take(500_000 + index);
      order.push(index);
      return block;
    });
    expect((await memory.take(1000)).bytes).toHaveLength(1000);
    expect(order).toEqual([]);
    for (const { release } of first.slice(0, 2)) release();
    const blocks = await Promise.all(waiting);
    expect(order).toEqual([0, 1]);
    expect(blocks.map(({ bytes }) => bytes.length)).toEqual([500_000, 500_001]);
  });
});
