import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { KillableWorkers } from './killable-worker.ts';
import { workerScript } from './worker-script.ts';

const LIMITS = { timeoutMs: 3_000, maxHeapMb: 48, threads: 2, tasksPerThread: 3 };
const script = (): Promise<URL> => workerScript('test-worker', '../../../test/fixtures/test-worker.ts', import.meta.url);
const workers = new KillableWorkers(script, LIMITS);
afterAll(() => workers.close());
const read = async (offset: number, length: number): Promise<Uint8Array> => new Uint8Array(offset + length);

describe('killable workers', () => {
  test('run more tasks than there are threads, and replace worn threads', async () => {
    const tasks = Array.from({ length: 12 }, (_, index) => index);
    expect(await Promise.all(tasks.map((task) => workers.run(task, read)))).toEqual(tasks);
  });
  test('give a worker the bytes that it asks for', async () => {
    expect(await workers.run('read', read)).toBe(5);
  });
  test('what one task asked for ahead is no answer to the next', async () => {
    const later =
      (ms: number) =>
      async (offset: number, length: number): Promise<Uint8Array> => {
        await sleep(ms);
        return read(offset, length);
      };
    expect(await workers.run('ahead', later(100))).toBe('ahead');
    expect(await workers.run('read', later(400))).toBe(5);
  });
  test('give a worker these bytes and not the memory that they are a part of', async () => {
    expect(
      await workers.run('memory', async (offset, length) => new Uint8Array(1_000_000).subarray(offset, offset + length)),
    ).toBe(3);
  });
  test('are given what a worker packed without a copy of it', async () => {
    const alone = new KillableWorkers(script, { ...LIMITS, threads: 1 });
    const { packed } = (await alone.run('give', read)) as { packed: { numbers: Float64Array; bytes: Uint8Array } };
    expect([packed.numbers.length, packed.bytes.length, packed.bytes[999]]).toEqual([1000, 1000, 7]);
    expect(await alone.run('given', read)).toEqual([0, 0]);
    await alone.close();
  });
  test('tell the code of a failure', async () => {
    await expect(workers.run('fail', read)).rejects.toMatchObject({ code: 'TOLD' });
  });
  test('end a thread that would loop, and go on', async () => {
    // Long enough for the next task upon a new thread.
    const hasty = new KillableWorkers(script, { ...LIMITS, timeoutMs: 1_000 });
    await expect(hasty.run('loop', read)).rejects.toMatchObject({ code: 'WORKER_TIMEOUT' });
    expect(await hasty.run('next', read)).toBe('next');
    await hasty.close();
  });
  test('end a thread that would hoard, and go on', async () => {
    await expect(workers.run('hoard', read)).rejects.toMatchObject({ code: 'WORKER_MEMORY' });
    expect(await workers.run('next', read)).toBe('next');
  });
});
