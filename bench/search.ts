import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Permission, permissionsOf } from '@negatoscope/contract';
import pg from 'pg';
import pino from 'pino';
import type { Actor } from '../apps/server/src/features/access/index.ts';
import { createAudit } from '../apps/server/src/features/audit/index.ts';
import { registerPatients } from '../apps/server/src/features/patients/index.ts';
import { registerStudies } from '../apps/server/src/features/studies/index.ts';
import { createApp } from '../apps/server/src/http/app.ts';
import { createRouter } from '../apps/server/src/http/router.ts';
import { systemClock } from '../apps/server/src/kernel/clock.ts';
import { openDatabase } from '../apps/server/src/platform/db/database.ts';
import { migrate } from '../apps/server/src/platform/db/migrate.ts';
import { startEmbeddedPostgres } from '../apps/server/src/platform/postgres/embedded.ts';
import { fillRows } from '../apps/server/test/support/generated-rows.ts';
import { GENERATED_GROUPS, INDEX_REQUESTS } from '../apps/server/test/support/index-requests.ts';

/**
 * Lists and searches at 100,000 patients and 200,000 studies: p50 and p95 of each through the services and through inject().
 * BENCH_OWNER_URL and BENCH_APP_URL name a database to use (filled when it is empty); otherwise an embedded one is made and removed.
 * BENCH_ROUNDS: measurements of each, 30 by default. On Linux the processor time of a request (database and server together) stands
 * beside, which says what it costs also when the machine is busy with other things.
 */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 30);
const BUDGET_MS = 20;
const TYPO_BUDGET_MS = 60;

async function openCluster(): Promise<{ owner: pg.ClientConfig; app: pg.ClientConfig; stop: () => Promise<void> }> {
  const { BENCH_OWNER_URL: ownerUrl, BENCH_APP_URL: appUrl } = process.env;
  if (ownerUrl !== undefined && appUrl !== undefined) {
    return { owner: { connectionString: ownerUrl }, app: { connectionString: appUrl }, stop: async () => undefined };
  }
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-bench-'));
  const quiet = { info: () => undefined, warn: (message: string) => console.warn(message) };
  const server = await startEmbeddedPostgres({ dataDir, log: quiet, durable: false });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { owner: server.owner, app: server.app, stop };
}

async function prepare(config: pg.ClientConfig): Promise<void> {
  await migrate(config);
  const owner = new pg.Client(config);
  await owner.connect();
  const { rows } = await owner.query<{ filled: boolean }>('SELECT EXISTS (SELECT FROM patients) AS filled');
  if (rows[0]?.filled !== true) await fillRows(owner, { patients: 100_000, studies: 200_000, groups: GENERATED_GROUPS });
  await owner.end();
}

const actorOf = (role: Actor['role'], groupId: string | null): Actor => ({
  userId: '019a0000-0000-7000-b000-000000000001',
  role,
  level: 'WRITE',
  groupId,
  permissions: permissionsOf(role, 'WRITE') as ReadonlySet<Permission>,
  sessionId: 'bench',
  via: 'session',
  ip: '127.0.0.1',
});
const ACTORS: Readonly<Record<string, Actor>> = {
  administrator: actorOf('ADMIN', null),
  member: actorOf('RADIOLOGIST', GENERATED_GROUPS[3] ?? null),
  researcher: actorOf('RESEARCHER', GENERATED_GROUPS[3] ?? null),
};

/** Milliseconds of processor time that this process and the database's have used so far. */
function processorMs(backend: number): number {
  const file = `/proc/${backend}/schedstat`;
  const { user, system } = process.cpuUsage();
  const database = existsSync(file) ? Number(readFileSync(file, 'utf8').split(' ')[0]) / 1e6 : Number.NaN;
  return (user + system) / 1000 + database;
}

async function measure(backend: number, work: () => Promise<unknown>): Promise<{ p50: number; p95: number; cpu: number }> {
  const times: number[] = [];
  await work();
  const before = processorMs(backend);
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  const cpu = (processorMs(backend) - before) / ROUNDS;
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), cpu };
}

const cluster = await openCluster();
try {
  await prepare(cluster.owner);
  const db = openDatabase({ connection: cluster.app, poolSize: 1 });
  const { pid } = (await db.withSystem((tx) => tx.first<{ pid: number }>('SELECT pg_backend_pid() AS pid'))) ?? { pid: 0 };
  const audit = createAudit({ db, clock: systemClock });
  const app = await createApp({
    log: pino({ level: 'silent' }),
    trustProxy: [],
    publicUrl: new URL('http://localhost'),
    authenticate: async (request) => ACTORS[String(request.headers['x-actor'])],
  });
  const router = createRouter(app, { audit });
  const patients = registerPatients(router, { db, audit, clock: systemClock });
  const studies = registerStudies(router, { db, audit, clock: systemClock, patients });
  let over = 0;
  console.log(`load ${os.loadavg()[0]?.toFixed(1)}, ${os.cpus().length} cores, ${ROUNDS} rounds; ms`);
  console.log(`${'list or search'.padEnd(34)}${'actor'.padEnd(16)}service p50    p95   inject p50    p95      cpu`);
  for (const [name, { kind, sort, q, filters }] of Object.entries(INDEX_REQUESTS)) {
    for (const [who, actor] of Object.entries(ACTORS)) {
      // The contract's schema parsed the same names and values in inject().
      const query = { sort, limit: 25, ...(q === undefined ? {} : { q }), ...filters } as Parameters<typeof patients.list>[1] &
        Parameters<typeof studies.list>[1];
      const url = `/api/${kind}?${new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))}`;
      const service = await measure(pid, () => (kind === 'patients' ? patients.list(actor, query) : studies.list(actor, query)));
      const http = await measure(pid, () => app.inject({ url, headers: { 'x-actor': who } }));
      const isOver = http.p95 > (name.includes('typo') ? TYPO_BUDGET_MS : BUDGET_MS);
      if (isOver) over += 1;
      const cells = [service.p50, service.p95, http.p50, http.p95, http.cpu].map((ms) => ms.toFixed(1).padStart(7)).join('  ');
      console.log(`${name.padEnd(34)}${who.padEnd(16)}  ${cells}${isOver ? '  over' : ''}`);
    }
  }
  console.log(`${over} over their budget (${BUDGET_MS} ms, typos ${TYPO_BUDGET_MS} ms)`);
  await app.close();
  await db.close();
} finally {
  await cluster.stop();
}
