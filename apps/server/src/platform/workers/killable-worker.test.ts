import { afterAll, describe, expect, test } from 'vitest';
import { KillableWorkers } from './killable-worker.ts';
import { workerScript } from './worker-script.ts';

const workers = new KillableWorkers(() => workerScript('test-worker', '../../../test/fixtures/test-worker.ts', import.meta.url), {
  timeoutMs: 3_000,
  maxHeapMb: 48,
  threads: 2,
  tasksPerThread: 3,
});
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
  test('tell the code of a failure', async () => {
    await expect(workers.run('fail', read)).rejects.toMatchObject({ code: 'TOLD' });
  });
  test.each([
    ['loop', 'WORKER_TIMEOUT'],
    ['hoard', 'WORKER_MEMORY'],
  ])('end a thread that would %s, and go on', async (task, code) => {
    await expect(workers.run(task, read)).rejects.toMatchObject({ code });
    expect(await workers.run('next', read)).toBe('next');
  });
});
