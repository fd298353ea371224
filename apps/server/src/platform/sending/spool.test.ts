import { expect, test, vi } from 'vitest';
import { MemoryScratch } from '../../../test/support/memory-objects.ts';
import { Spool } from './spool.ts';

const MB = 1024 * 1024;

async function gathered(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const piece of pieces) parts.push(piece);
  return Buffer.concat(parts);
}

const numbered = (count: number, length: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => Buffer.alloc(length, index + 1));

test.each([
  ['in memory', 5, 1000, 0],
  ['on the disk', 12, MB, 1],
])('%s: all of it, or a part, in the order in which it was written', async (_where, count, length, drafts) => {
  const scratch = new MemoryScratch();
  const spool = new Spool(scratch);
  const pieces = numbered(count, length);
  for (const piece of pieces) await spool.write(piece);
  const whole = Buffer.concat(pieces);
  expect([spool.length, scratch.count]).toEqual([whole.length, drafts]);
  expect((await gathered(spool.read())).equals(whole)).toBe(true);
  const [from, some] = [length - 10, 2 * length];
  expect((await gathered(spool.read(from, some))).equals(whole.subarray(from, from + some))).toBe(true);
  expect(await gathered(spool.read(whole.length, 10))).toHaveLength(0);
  await spool.discard();
  expect(scratch.count).toBe(0);
});

test('all of them together keep no more in memory than the process has for what waits', async () => {
  // Tests of other files in this process may have something waiting.
  vi.resetModules();
  const { Spool: Alone } = await import('./spool.ts');
  const scratch = new MemoryScratch();
  const spools = Array.from({ length: 30 }, () => new Alone(scratch));
  for (const spool of spools) await spool.write(Buffer.alloc(4 * MB, 7));
  // 32 MiB are eight of them.
  expect(scratch.count).toBe(22);
  for (const spool of spools) await spool.discard();
  const again = new Alone(scratch);
  await again.write(Buffer.alloc(4 * MB));
  expect(scratch.count).toBe(0);
  await again.discard();
});

test('a piece among thousands is found without looking at the others', async () => {
  let looks = 0;
  class Counted extends Uint8Array {
    override subarray(start?: number, end?: number): Uint8Array<ArrayBuffer> {
      looks += 1;
      return Uint8Array.prototype.slice.call(this, start, end) as Uint8Array<ArrayBuffer>; // What it is.
    }
  }
  const spool = new Spool(new MemoryScratch());
  for (let index = 0; index < 5000; index += 1) await spool.write(Counted.of(index % 251, 1, 2));
  for (const index of [0, 1, 2500, 4998]) {
    expect([...(await gathered(spool.read(3 * index, 4)))]).toEqual([index % 251, 1, 2, (index + 1) % 251]);
  }
  expect(looks).toBeLessThan(50);
  await spool.discard();
});
