import type pg from 'pg';
import type PgBoss from 'pg-boss';
import type { Tx } from '../db/database.ts';
import { composed } from '../db/statements.ts';
import type { LiveEvents } from '../shared-state/index.ts';
import { bossOf, dbOf, SCHEMA } from './boss.ts';
import type { JobKind } from './job.ts';
import { keep, putBack, type TakenJob, take } from './taken-jobs.ts';

export interface QueueDepth {
  readonly waiting: number;
  readonly running: number;
}

export interface Queue {
  /** With `tx` the job exists when the transaction is committed, and only then. Fails when the payload is not the kind's. */
  send<P extends object>(kind: JobKind<P>, payload: P, tx?: Tx): Promise<void>;
  /** The payloads of jobs that wait for their turn, or run. */
  waiting<P extends object>(kind: JobKind<P>): Promise<unknown[]>;
  /** The names of all queues there are, also of those that only an older or newer version knows. */
  names(): Promise<string[]>;
  /** As the kinds say; those without a schedule are taken off the one that they had. */
  schedule(kinds: readonly JobKind[]): Promise<void>;
  take(kind: JobKind): Promise<TakenJob | undefined>;
  /** False when the job is no longer this process's. */
  keep(kind: JobKind, id: string): Promise<boolean>;
  /** Ends a job that is this process's, in a transaction. False when it was ended already, by another who was given it meanwhile. */
  done(kind: JobKind, id: string, tx: Tx): Promise<boolean>;
  failed(kind: JobKind, id: string, failure: { readonly message: string; readonly tx: Tx }): Promise<void>;
  /** Gives a job back that was not finished, through no fault of its own. */
  putBack(kind: JobKind, id: string): Promise<void>;
  /** By name, how many jobs wait for their turn and how many run; none of a queue that is empty. */
  depths(): Promise<ReadonlyMap<string, QueueDepth>>;
  check(): Promise<void>;
  close(): Promise<void>;
}
/** A job of a process that died is taken by another one after this time. */
export const LEASE_SECONDS = 60;
const MAINTENANCE_SECONDS = 20;
/** The library's own. */
const INTERNAL = '__pgboss__';
/** By way of which it sends what is on a schedule. It makes it itself, in vain: the application's role makes no tables. */
const SCHEDULED = `${INTERNAL}send-it`;

/** The library's own statements and values, in a transaction of ours. */
const through = (tx: Tx): PgBoss.Db => ({
  executeSql: async (text, values) => ({ rows: await tx.rows(composed({ text, values: values as never })) }),
});

/** Makes or upgrades the queue's tables as the owner of the database and lets the application's role use them. */
export async function migrateQueue(owner: pg.ClientConfig, kinds: readonly JobKind[]): Promise<void> {
  const boss = bossOf(owner, { supervise: false, schedule: false });
  boss.on('error', () => undefined);
  await boss.start();
  try {
    if ((await boss.getQueue(SCHEDULED)) === null) await boss.createQueue(SCHEDULED);
    for (const { name, retry } of kinds) {
      const options: PgBoss.Queue = {
        name,
        policy: 'standard',
        retryLimit: retry.limit,
        retryDelay: retry.delaySeconds,
        retryBackoff: true,
        expireInSeconds: LEASE_SECONDS,
      };
      if ((await boss.getQueue(name)) === null) await boss.createQueue(name, options);
      else await boss.updateQueue(name, options);
    }
    await dbOf(boss).executeSql(
      `GRANT USAGE ON SCHEMA ${SCHEMA} TO negatoscope_app; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${SCHEMA} TO negatoscope_app; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${SCHEMA} TO negatoscope_app`,
      [],
    );
  } finally {
    await boss.stop({ graceful: false, wait: true });
  }
}

export interface QueueOptions {
  readonly worker: boolean;
  readonly events?: Pick<LiveEvents, 'publish'>;
  readonly onError: (error: Error) => void;
}

/** Opens the queue. Only the job process supervises and schedules; web processes send. */
export async function openQueue(connection: pg.ClientConfig, { worker, events, onError }: QueueOptions): Promise<Queue> {
  const supervision = { supervise: worker, schedule: worker, maintenanceIntervalSeconds: MAINTENANCE_SECONDS };
  const boss = bossOf(connection, { migrate: false, ...supervision });
  boss.on('error', onError);
  await boss.start();
  return {
    send: async (kind, payload, tx) => {
      await boss.send(kind.name, kind.payload.parse(payload), tx === undefined ? {} : { db: through(tx) });
      await tellSent(events, kind, tx);
    },
    waiting: (kind) => payloadsOf(boss, kind),
    names: async () => (await boss.getQueues()).map(({ name }) => name).filter((name) => !name.startsWith(INTERNAL)),
    schedule: (kinds) => scheduleAll(boss, kinds),
    take: (kind) => take(boss, kind),
    keep: (kind, id) => keep(boss, kind, id),
    done: async ({ name }, id, tx) => {
      const ended: unknown = await boss.complete(name, id, {}, { db: through(tx) });
      return (ended as { readonly affected: number }).affected > 0; // Not in the types of version 10.
    },
    failed: ({ name }, id, { message, tx }) => boss.fail(name, id, { message }, { db: through(tx) }),
    putBack: (kind, id) => putBack(boss, kind, id),
    depths: () => depthsOf(boss),
    check: async () => void (await boss.isInstalled()),
    close: () => boss.stop({ graceful: true, wait: true, timeout: 20_000 }),
  };
}

async function scheduleAll(boss: PgBoss, kinds: readonly JobKind[]): Promise<void> {
  const without = kinds.filter(({ schedule }) => schedule === undefined).map(({ name }) => name);
  await dbOf(boss).executeSql(`DELETE FROM ${SCHEMA}.schedule WHERE name = ANY($1::text[])`, [without]);
  for (const { name, schedule } of kinds) if (schedule !== undefined) await boss.schedule(name, schedule);
}

/** A runner that does not hear of it looks some seconds later. */
async function tellSent(events: QueueOptions['events'], { name }: JobKind, tx: Tx | undefined): Promise<void> {
  if (tx === undefined) await events?.publish('job-sent', name).catch(() => undefined);
  else await events?.publish('job-sent', name, tx);
}

async function payloadsOf(boss: PgBoss, { name }: JobKind): Promise<unknown[]> {
  const { rows } = await dbOf(boss).executeSql(`SELECT data FROM ${SCHEMA}.job WHERE name = $1 AND state < 'completed'`, [name]);
  return rows.map((row: { data: unknown }) => row.data);
}

async function depthsOf(boss: PgBoss): Promise<ReadonlyMap<string, QueueDepth>> {
  const { rows } = await dbOf(boss).executeSql(
    `SELECT name, count(*) FILTER (WHERE state < 'active') AS waiting, count(*) FILTER (WHERE state = 'active') AS running
     FROM ${SCHEMA}.job WHERE state < 'completed' GROUP BY name`,
    [],
  );
  return new Map(
    rows.map(({ name, waiting, running }: { name: string; waiting: string; running: string }) => [
      name,
      { waiting: Number(waiting), running: Number(running) },
    ]),
  );
}
