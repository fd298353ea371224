import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { JOB_KINDS } from '../../job-kinds.ts';
import { type Db, openDatabase } from '../db/database.ts';
import { defineJob, type Job, type JobKind, job } from './job.ts';
import { migrateQueue, openQueue, type Queue } from './queue.ts';
import { QueueMismatch, type Runner, startRunner } from './runner.ts';

const COUNTED = defineJob({
  name: 'counted',
  payload: z.strictObject({ amount: z.number() }),
  retry: { limit: 2, delaySeconds: 1 },
});
const PLAIN = defineJob({ name: 'plain', payload: z.strictObject({}), retry: { limit: 0, delaySeconds: 1 } });
const KINDS: JobKind[] = [COUNTED, PLAIN];

let database: TestDatabase;
let queue: Queue;
let db: Db;
const lines: { level: string; message: string; fields: Record<string, unknown> }[] = [];
const write = (level: string) => (fields: object, message: string) => void lines.push({ level, message, fields: { ...fields } });
const log = { info: write('info'), warn: write('warn'), error: write('error'), debug: write('debug') } as never; // What the runner calls.
const nothing = async (): Promise<undefined> => undefined;
/** The queues of the product itself, which the template of the tests has. */
const others: Job[] = JOB_KINDS.map((kind) => job(kind, nothing));
const linesOf = (name: string) => lines.filter(({ fields }) => fields.job === name);

async function withRunner(jobs: Job[], work: (runner: Runner) => Promise<void>): Promise<void> {
  const runner = await startRunner({ queue, log, jobs: [...others, ...jobs], kinds: KINDS, pollMs: 20 });
  try {
    await work(runner);
  } finally {
    await runner.stop();
  }
}

beforeAll(async () => {
  database = await createTestDatabase();
  await migrateQueue(database.ownerConfig, KINDS);
  queue = await openQueue(database.appConfig, { worker: false, onError: () => undefined });
  db = openDatabase({ connection: database.appConfig, poolSize: 2 });
});
afterAll(async () => {
  await queue.close();
  await db.close();
  await database.drop();
});

describe('one runner for all jobs', () => {
  test('a queue without a handler stops the start, whether this version sends to it or only the database has it', async () => {
    const start = (jobs: Job[]) => startRunner({ queue, log, jobs, kinds: KINDS });
    await expect(start([...others, job(PLAIN, nothing)])).rejects.toThrow(/No handler for the queue counted/);
    await expect(start([job(COUNTED, nothing), job(PLAIN, nothing)])).rejects.toBeInstanceOf(QueueMismatch);
    const twice = [job(COUNTED, nothing), job(PLAIN, nothing), job(PLAIN, nothing)];
    await expect(start([...others, ...twice])).rejects.toThrow(/Two handlers/);
  });

  test('each run is counted, timed and logged with what it did', async () => {
    await withRunner([job(COUNTED, async ({ amount }) => ({ amount })), job(PLAIN, nothing)], async ({ counts }) => {
      await queue.send(COUNTED, { amount: 3 });
      await expect.poll(() => counts.get('counted')?.runs, { timeout: 10_000 }).toBe(1);
      expect(counts.get('counted')).toMatchObject({ failures: 0, totalMs: expect.any(Number), lastMs: expect.any(Number) });
    });
    expect(linesOf('counted').at(-1)).toMatchObject({
      level: 'info',
      message: 'job done',
      fields: { amount: 3, runs: 1, failures: 0, attempt: 1, ms: expect.any(Number) },
    });
  });

  test('what is not the payload of the kind is neither sent nor run', async () => {
    await expect(queue.send(COUNTED, { amount: 'three' } as never)).rejects.toThrow();
    await db.withSystem((tx) =>
      tx.run(`INSERT INTO pgboss.job (name, data, retry_limit) VALUES ('counted', '{"amount":"three"}', 0)`),
    );
    let ran = 0;
    const failures = async ({ counts }: Runner) => {
      await expect.poll(() => counts.get('counted')?.failures, { timeout: 10_000 }).toBe(1);
    };
    await withRunner(
      [
        job(COUNTED, async () => {
          ran += 1;
          return undefined;
        }),
        job(PLAIN, nothing),
      ],
      failures,
    );
    expect(ran).toBe(0);
  });

  test('a run that fails is logged as failed and tried again, and knows its last attempt', async () => {
    const attempts: [number, boolean][] = [];
    const failing = job(COUNTED, async (_payload, { attempt, isLast }) => {
      attempts.push([attempt, isLast]);
      if (!isLast) throw new Error('not yet');
      return undefined;
    });
    await withRunner([failing, job(PLAIN, nothing)], async ({ counts }) => {
      await queue.send(COUNTED, { amount: 1 });
      await expect.poll(() => counts.get('counted')?.runs, { timeout: 20_000 }).toBe(3);
      expect(counts.get('counted')?.failures).toBe(2);
    });
    expect(attempts).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    expect(
      linesOf('counted')
        .filter(({ message }) => message === 'job failed')
        .at(-1)?.fields,
    ).toMatchObject({ error: 'not yet' });
  });

  test('a job that is interrupted by the end of the process goes back and is run whole by the next, as the same attempt', async () => {
    const runs: string[] = [];
    const waiting = job(COUNTED, async (_payload, { signal, attempt }) => {
      runs.push(`begun ${attempt}`);
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
      return undefined;
    });
    await queue.send(COUNTED, { amount: 1 });
    await withRunner([waiting, job(PLAIN, nothing)], async () => {
      await expect.poll(() => runs.length, { timeout: 10_000 }).toBe(1);
    });
    const whole = job(COUNTED, async (_payload, { attempt }) => {
      runs.push(`whole ${attempt}`);
      return undefined;
    });
    await withRunner([whole, job(PLAIN, nothing)], async ({ counts }) => {
      await expect.poll(() => counts.get('counted')?.runs, { timeout: 10_000 }).toBe(1);
    });
    expect(runs).toEqual(['begun 1', 'whole 1']);
  });

  test('a job that is sent in a transaction exists when that is committed, and only then', async () => {
    const amounts: number[] = [];
    const noting = job(COUNTED, async ({ amount }) => {
      amounts.push(amount);
      return undefined;
    });
    await withRunner([noting, job(PLAIN, nothing)], async () => {
      const undone = db.withSystem(async (tx) => {
        await queue.send(COUNTED, { amount: 1 }, tx);
        throw new Error('undone');
      });
      await expect(undone).rejects.toThrow('undone');
      await db.withSystem((tx) => queue.send(COUNTED, { amount: 2 }, tx));
      await expect.poll(() => amounts, { timeout: 10_000 }).toEqual([2]);
    });
  });
});
