import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { itInLongRun } from '../../../test/support/sample.ts';
import { JOB_KINDS } from '../../job-kinds.ts';
import { type Db, NO_ROWS, openDatabase } from '../db/database.ts';
import { composed } from '../db/statements.ts';
import { openPostgresState } from '../shared-state/index.ts';
import { defineJob, follow, type Job, job, registered, unscheduled } from './job.ts';
import { readCounts } from './job-counts.ts';
import { migrateQueue, openQueue, type Queue } from './queue.ts';
import { QueueMismatch, type Runner, type RunnerOptions, startRunner } from './runner.ts';

const COUNTED = defineJob({
  name: 'counted',
  payload: z.strictObject({ amount: z.number() }),
  report: z.strictObject({ amount: z.number() }),
  retry: { limit: 2, delaySeconds: 1 },
});
const PLAIN = defineJob({
  name: 'plain',
  payload: z.strictObject({}),
  report: z.strictObject({}),
  retry: { limit: 0, delaySeconds: 1 },
});
const TIMED = defineJob({
  name: 'timed',
  payload: z.strictObject({}),
  report: z.strictObject({}),
  retry: { limit: 0, delaySeconds: 1 },
  schedule: '* * * * *',
});
const REGISTRY = [
  registered(
    COUNTED,
    follow(PLAIN, ({ amount }) => (amount >= 100 ? {} : undefined)),
  ),
  registered(PLAIN),
];
const KINDS = REGISTRY.map(({ kind }) => kind);

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

async function withRunner(
  jobs: Job[],
  work: (runner: Runner) => Promise<void>,
  options: Partial<RunnerOptions> = {},
): Promise<void> {
  const runner = await startRunner({ queue, db, log, jobs: [...others, ...jobs], registry: REGISTRY, pollMs: 20, ...options });
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
    const start = (jobs: Job[]) => startRunner({ queue, db, log, jobs, registry: REGISTRY });
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

  itInLongRun('a run that fails is logged as failed and tried again, and knows its last attempt', async () => {
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

/** What stands in the queue of a kind, in whatever state. */
const statesOf = (name: string): Promise<string[]> =>
  db.withSystem(async (tx) =>
    (await tx.rows('SELECT state::text AS state FROM pgboss.job WHERE name = $1', [name])).map(({ state }) => state),
  );
const countOf = async (name: string) => (await db.reading(NO_ROWS, readCounts)).find((count) => count.name === name);
const clear = (): Promise<unknown> =>
  db.withSystem(async (tx) => {
    await tx.run("DELETE FROM pgboss.job WHERE name IN ('counted', 'plain')");
    await tx.run('DELETE FROM job_counts');
  });
const plain = job(PLAIN, async () => ({}));
const counting = job(COUNTED, async ({ amount }) => ({ amount }));

describe('what follows a job', () => {
  beforeEach(clear);

  test('is sent with its end where the report asks for it, and runs', async () => {
    let ran = 0;
    const following = job(PLAIN, async () => {
      ran += 1;
      return {};
    });
    await withRunner([counting, following], async ({ counts }) => {
      const before = counts.get('counted')?.runs ?? 0;
      await queue.send(COUNTED, { amount: 3 });
      await queue.send(COUNTED, { amount: 100 });
      await expect.poll(() => counts.get('counted')?.runs, { timeout: 20_000 }).toBe(before + 2);
      await expect.poll(() => ran, { timeout: 20_000 }).toBe(1);
    });
    expect(ran).toBe(1);
    expect((await statesOf('plain')).length).toBe(1);
  });

  test('is not there when the end of the job is undone, and neither is the end nor its count', async () => {
    let ended = 0;
    /** The connection is lost before the commit. */
    const lost: Pick<Db, 'withScope'> = {
      withScope: (scope, work) =>
        db.withScope(scope, async (tx) => {
          await work(tx);
          ended += 1;
          throw new Error('lost');
        }),
    };
    await queue.send(COUNTED, { amount: 100 });
    await withRunner([counting, plain], () => expect.poll(() => ended, { timeout: 20_000 }).toBeGreaterThan(0), { db: lost });
    expect([await statesOf('counted'), await statesOf('plain'), await countOf('counted')]).toEqual([['active'], [], undefined]);
  });

  test('is sent once, though the job was given to another meanwhile, who was faster', async () => {
    const slow = job(COUNTED, async ({ amount }) => {
      await db.withSystem((tx) => tx.run("UPDATE pgboss.job SET state = 'completed' WHERE name = 'counted'"));
      return { amount };
    });
    await queue.send(COUNTED, { amount: 100 });
    await withRunner([slow, plain], ({ counts }) =>
      expect.poll(() => counts.get('counted')?.runs, { timeout: 20_000 }).toBeGreaterThan(0),
    );
    expect(await statesOf('plain')).toEqual([]);
  });
});

describe('what jobs come to', () => {
  beforeEach(clear);

  test('is counted for all processes: runs, failures by their code, time', async () => {
    const failing = job(COUNTED, async ({ amount }) => {
      if (amount === 2) throw Object.assign(new Error('MARTIN^Paul could not be read'), { code: 'EIO' });
      return { amount };
    });
    for (let process = 0; process < 2; process += 1) {
      await queue.send(COUNTED, { amount: 1 });
      await withRunner([failing, plain], ({ counts }) =>
        expect.poll(() => counts.get('counted')?.runs, { timeout: 20_000 }).toBe(1),
      );
    }
    expect(await countOf('counted')).toMatchObject({ runs: 2, failures: 0, lastFailure: null, lastFailedAt: null });
    await queue.send(COUNTED, { amount: 2 });
    await withRunner([failing, plain], ({ counts }) =>
      expect.poll(() => counts.get('counted')?.failures, { timeout: 20_000 }).toBeGreaterThan(0),
    );
    const count = await countOf('counted');
    expect(count).toMatchObject({ lastFailure: 'EIO', lastFailedAt: expect.any(Date), lastRunAt: expect.any(Date) });
    expect((count?.runs ?? 0) - (count?.failures ?? 0)).toBe(2);
    expect(count?.longestMs).toBeLessThanOrEqual(count?.totalMs ?? 0);
    expect(JSON.stringify(count)).not.toContain('MARTIN');
  });

  test('is counted of loops as well, at the latest when they end', async () => {
    let steps = 0;
    const step = async (): Promise<void> => {
      steps += 1;
      if (steps === 2) throw new TypeError('no');
    };
    await withRunner([counting, plain], () => expect.poll(() => steps, { timeout: 20_000 }).toBeGreaterThan(4), {
      loops: [{ name: 'a-loop', pauseMs: 5, step }],
    });
    expect(await countOf('a-loop')).toMatchObject({ runs: steps, failures: 1, lastFailure: 'TypeError' });
  });

  test('is waiting or running, as the queue says', async () => {
    await queue.send(COUNTED, { amount: 1 });
    await queue.send(COUNTED, { amount: 1 });
    await queue.take(COUNTED);
    const depths = await queue.depths();
    expect([depths.get('counted'), depths.get('plain')]).toEqual([{ waiting: 1, running: 1 }, undefined]);
  });

  test('and what its kind does not declare is not logged', async () => {
    const telling = job(COUNTED, async ({ amount }) => ({ amount, patient: 'DUPONT^Luc' }));
    await queue.send(COUNTED, { amount: 100 });
    await withRunner([telling, plain], () =>
      expect.poll(async () => (await countOf('counted'))?.runs, { timeout: 20_000 }).toBe(1),
    );
    expect(JSON.stringify(lines)).not.toContain('DUPONT');
    expect(lines.map(({ message }) => message)).toContain('the report of a job is not what its kind declares');
    expect(await statesOf('plain')).toEqual([]);
  });
});

test('a job that is sent is run at once, long before the queue is looked at again', async () => {
  await clear();
  const state = openPostgresState({ db, connection: database.appConfig });
  const telling = await openQueue(database.appConfig, { worker: false, events: state.events, onError: () => undefined });
  const minutes = { pollMs: 10 * 60_000, events: state.events };
  await withRunner(
    [counting, plain],
    async ({ counts }) => {
      await expect.poll(() => state.changes.isTrusted, { timeout: 20_000 }).toBe(true);
      await telling.send(COUNTED, { amount: 1 });
      await expect.poll(() => counts.get('counted')?.runs, { timeout: 20_000 }).toBe(1);
      await db.withSystem((tx) => telling.send(COUNTED, { amount: 1 }, tx));
      await expect.poll(() => counts.get('counted')?.runs, { timeout: 20_000 }).toBe(2);
    },
    minutes,
  );
  await telling.close();
  await state.close();
});

test('a kind without a schedule is taken off the one that it had', async () => {
  const scheduled = async (): Promise<unknown[]> =>
    (await db.withSystem((tx) => tx.rows(composed({ text: 'SELECT name FROM pgboss.schedule', values: [] })))).map(
      ({ name }) => name,
    );
  const [kind] = others.filter(({ kind: one }) => one.schedule !== undefined).map((one) => one.kind);
  if (kind === undefined) throw new Error('Nothing is on a schedule.');
  await queue.schedule([kind]);
  expect(await scheduled()).toContain(kind.name);
  await queue.schedule([unscheduled(kind)]);
  expect(await scheduled()).not.toContain(kind.name);
});

itInLongRun('what is on a schedule is sent, by a process that may make no tables', async () => {
  await migrateQueue(database.ownerConfig, [TIMED]);
  await queue.schedule([TIMED]);
  const errors: Error[] = [];
  const timer = await openQueue(database.appConfig, { worker: true, onError: (error) => void errors.push(error) });
  await expect.poll(() => statesOf('timed'), { timeout: 90_000 }).toEqual(['created']);
  expect(errors).toEqual([]);
  await timer.close();
});
