import type pg from 'pg';
import PgBoss from 'pg-boss';

export interface Queue {
  send(name: QueueName, data?: Record<string, unknown>): Promise<void>;
  /** Runs `handler` for each job of the queue in this process, one at a time. Handlers are idempotent: a job may run again. */
  work(name: QueueName, handler: (data: Record<string, unknown>) => Promise<void>): Promise<void>;
  /** Sends a job on a cron schedule (UTC); every node may say so, one job is sent. */
  schedule(name: QueueName, cron: string): Promise<void>;
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Every queue there is: queues are made by the migration, which runs as the owner. */
export const QUEUES = ['pack-series', 'remove-orphans', 'purge-trash', 'load-demo'] as const;
export type QueueName = (typeof QUEUES)[number];

const SCHEMA = 'pgboss';
/** An hour: the longest job loads the demonstration set or packs a backlog. */
const EXPIRE_SECONDS = 3600;

function bossOf(connection: pg.ClientConfig, options: PgBoss.ConstructorOptions): PgBoss {
  const { host, port, user, database, password, connectionString } = connection;
  const address =
    connectionString === undefined
      ? { host, port, user, database, ...(typeof password === 'string' ? { password } : {}) }
      : { connectionString };
  return new PgBoss({ ...(address as PgBoss.DatabaseOptions), schema: SCHEMA, max: 2, ...options });
}

/** Makes or upgrades the queue's tables as the owner of the database and lets the application's role use them. */
export async function migrateQueue(owner: pg.ClientConfig): Promise<void> {
  const boss = bossOf(owner, { supervise: false, schedule: false });
  boss.on('error', () => undefined);
  await boss.start();
  try {
    for (const name of QUEUES)
      if ((await boss.getQueue(name)) === null)
        await boss.createQueue(name, {
          name,
          policy: 'standard',
          retryLimit: 3,
          retryBackoff: true,
          expireInSeconds: EXPIRE_SECONDS,
        });
    const db = boss as unknown as { getDb(): PgBoss.Db }; // Not in the types of version 10, though documented for transactions.
    await db
      .getDb()
      .executeSql(
        `GRANT USAGE ON SCHEMA ${SCHEMA} TO negatoscope_app; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${SCHEMA} TO negatoscope_app; GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${SCHEMA} TO negatoscope_app`,
        [],
      );
  } finally {
    await boss.stop({ graceful: false, wait: true });
  }
}

/** Opens the queue. Only the job process supervises and schedules; web processes send. */
export async function openQueue(
  connection: pg.ClientConfig,
  options: { worker: boolean; onError: (error: Error) => void },
): Promise<Queue> {
  const boss = bossOf(connection, { migrate: false, supervise: options.worker, schedule: options.worker });
  boss.on('error', options.onError);
  await boss.start();
  return {
    send: async (name, data = {}) => void (await boss.send(name, data)),
    work: async (name, handler) => {
      await boss.work<Record<string, unknown>>(name, { pollingIntervalSeconds: 2 }, async (jobs) => {
        for (const job of jobs) await handler(job.data);
      });
    },
    schedule: (name, cron) => boss.schedule(name, cron),
    check: async () => void (await boss.isInstalled()),
    close: () => boss.stop({ graceful: true, wait: true, timeout: 20_000 }),
  };
}
