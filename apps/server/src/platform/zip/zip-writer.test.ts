import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isLong, itInLongRun } from '../../../test/support/sample.ts';
import type { ZipOptions } from './zip-records.ts';
import { type ZipEntry, zipBytes } from './zip-writer.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-zip-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const has = (program: string): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ENOENT');
  }
};

async function* halves(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, bytes.length >> 1);
  yield bytes.subarray(bytes.length >> 1);
}

async function* entriesOf(count: number, size: number): AsyncGenerator<ZipEntry> {
  for (let number = 0; number < count; number += 1) {
    const bytes = Buffer.alloc(size, number);
    yield {
      name: `a/${number}.dcm`,
      sizeBytes: size,
      modified: new Date('2026-03-01T12:34:56Z'),
      content: halves(bytes),
    };
  }
}

async function write(name: string, entries: AsyncIterable<ZipEntry>, options?: ZipOptions): Promise<string> {
  const file = path.join(folder, name);
  await pipeline(
    Readable.from(zipBytes(entries, options), { objectMode: false, highWaterMark: 1 << 20 }),
    createWriteStream(file),
  );
  return file;
}

const PYTHON =
  'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print(z.testzip(), len(z.namelist()), sum(i.file_size for i in z.infolist()), z.infolist()[-1].date_time if z.namelist() else "")';
const python = (file: string): string => String(execFileSync('python3', ['-c', PYTHON, file])).trim();

describe.skipIf(!has('python3'))('read by Python', () => {
  test('a small archive', async () => {
    expect(python(await write('small.zip', entriesOf(3, 1000)))).toBe('None 3 3000 (2026, 3, 1, 12, 34, 56)');
  });
  test('an empty archive', async () => {
    expect(python(await write('empty.zip', entriesOf(0, 0)))).toBe('None 0 0');
  });
  if (isLong)
    test('70,000 entries: ZIP64 end records (APPNOTE 4.3.14)', async () => {
      expect(python(await write('many.zip', entriesOf(70_000, 10)))).toMatch(/^None 70000 700000/);
    });
  itInLongRun('64-bit sizes and offsets of entries (APPNOTE 4.5.3)', async () => {
    expect(python(await write('large.zip', entriesOf(5, 1000), { zip64From: 500 }))).toMatch(/^None 5 5000/);
    expect(python(await write('offset.zip', entriesOf(5, 400), { zip64From: 500 }))).toMatch(/^None 5 2000/);
  });
});

describe.skipIf(!has('unzip'))('tested by unzip -t', () => {
  test.each([
    ['plain', 3, 1000, {}],
    ['zip64', 5, 1000, { zip64From: 500 }],
    ['entries', 5, 1000, { zip64Entries: 3 }],
  ] as const)('%s', async (name, count, size, options) => {
    const file = await write(`unzip-${name}.zip`, entriesOf(count, size), options);
    expect(String(execFileSync('unzip', ['-tqq', file], { maxBuffer: 1e8 }))).toBe('');
  });
});

test.each(['../x', '/x', 'a//b', 'a/../b', 'é', 'a\\b', '', '.', 'a/.', 'a b'])('the name %j is refused', async (name) => {
  const entry = { name, sizeBytes: 0, modified: new Date(), content: Readable.from([]) };
  await expect(write('bad.zip', Readable.from([entry]))).rejects.toThrow(RangeError);
});

test('a reader that stops closes the source', async () => {
  let closed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.alloc(1000);
    } finally {
      closed = true;
    }
  }
  const entry = { name: 'a', sizeBytes: 10, modified: new Date(), content: endless() };
  for await (const chunk of zipBytes(Readable.from([entry]))) if (chunk.byteLength > 0) break;
  expect(closed).toBe(true);
});
