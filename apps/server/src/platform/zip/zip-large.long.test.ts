import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ZipEntry, zipBytes } from './zip-writer.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-zip-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const BLOCK = Buffer.alloc(1 << 20, 7);
async function* blocks(count: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield BLOCK;
}
/** One entry over 4 GiB, then a small one whose header begins beyond 4 GiB. */
async function* large(): AsyncGenerator<ZipEntry> {
  for (const [name, count] of [
    ['large.dcm', 4200],
    ['after.dcm', 1],
  ] as const) {
    yield { name, sizeBytes: count * BLOCK.length, modified: new Date('2026-03-01T00:00:00Z'), content: blocks(count) };
  }
}

test('an archive over 4 GiB is read whole by other programs, and making it takes no memory', { timeout: 600_000 }, async () => {
  const file = path.join(folder, 'large.zip');
  const before = process.memoryUsage().rss;
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 50);
  await pipeline(Readable.from(zipBytes(large()), { objectMode: false, highWaterMark: 1 << 18 }), createWriteStream(file));
  clearInterval(timer);
  expect(peak - before).toBeLessThan(200 * 1024 * 1024);
  const script = 'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); print(z.testzip(), [i.file_size for i in z.infolist()])';
  expect(String(execFileSync('python3', ['-c', script, file])).trim()).toBe(`None [${4200 * BLOCK.length}, ${BLOCK.length}]`);
});
