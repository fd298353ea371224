import { existsSync, readFileSync } from 'node:fs';
import { type Permission, permissionsOf } from '@negatoscope/contract';
import type pg from 'pg';
import pino from 'pino';
import { type Person, person } from '../../apps/server/src/access/index.ts';
import { createAudit } from '../../apps/server/src/features/audit/index.ts';
import { registerPatients } from '../../apps/server/src/features/patients/index.ts';
import { registerStudies } from '../../apps/server/src/features/studies/index.ts';
import { createApp } from '../../apps/server/src/http/app.ts';
import { createRouter } from '../../apps/server/src/http/router.ts';
import { systemClock } from '../../apps/server/src/kernel/clock.ts';
import { openDatabase } from '../../apps/server/src/platform/db/database.ts';
import { composed } from '../../apps/server/src/platform/db/statements.ts';
import { ROW_KINDS } from '../../apps/server/src/row-kinds.ts';
import { GENERATED_GROUPS, INDEX_REQUESTS } from '../../apps/server/test/support/index-requests.ts';
import type { Cell, Table } from '../support/results.ts';
import { quantile } from '../support/statistics.ts';

/** On Linux the processor time of a request (database and server together) stands beside, which says what it costs also when the machine is busy with other things. */
export const BUDGET_MS = 20;
export const TYPO_BUDGET_MS = 60;
export const budgetOf = (name: string): number => (name.includes('typo') ? TYPO_BUDGET_MS : BUDGET_MS);

const actorOf = (role: Person['role'], groupId: string | null): Person =>
  person({
    userId: '019a0000-0000-7000-b000-000000000001',
    role,
    level: 'WRITE',
    groupId,
    permissions: permissionsOf(role, 'WRITE') as ReadonlySet<Permission>,
    sessionId: 'bench',
    via: 'session',
    ip: '127.0.0.1',
  });
const ACTORS: Readonly<Record<string, Person>> = {
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

async function measure(
  backend: number,
  rounds: number,
  work: () => Promise<unknown>,
): Promise<{ p50: number; p95: number; cpu: number }> {
  const times: number[] = [];
  await work();
  const before = processorMs(backend);
  for (let round = 0; round < rounds; round += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return { p50: quantile(times, 0.5), p95: quantile(times, 0.95), cpu: (processorMs(backend) - before) / rounds };
}

/** The router of patients and studies on one connection, with an actor that the request names. */
async function openApp(database: pg.ClientConfig) {
  const db = openDatabase({ connection: database, poolSize: 1 });
  // A number, as of a statement that the catalogue knows.
  const asked = composed({ text: 'SELECT pg_backend_pid()::bigint AS count' }, 'SELECT count(*) FROM audit_events e');
  const pid = Number((await db.withSystem((tx) => tx.first(asked)))?.count ?? 0);
  const audit = createAudit({ db, clock: systemClock });
  const app = await createApp({
    log: pino({ level: 'silent' }),
    trustProxy: [],
    publicUrl: new URL('http://localhost'),
    authenticate: async (request) => ACTORS[String(request.headers['x-actor'])],
  });
  const router = createRouter(app, { audit });
  const patients = registerPatients(router, { db, audit, clock: systemClock, kinds: ROW_KINDS, readers: async () => [] });
  // Nobody listens here to who reads what.
  const events = { publish: async () => undefined };
  const changes = { subscribe: () => () => undefined };
  const ports = { db, audit, clock: systemClock, kinds: ROW_KINDS };
  const studies = registerStudies(router, { ...ports, patients, events, changes, assigned: async () => undefined });
  const close = async (): Promise<void> => {
    await app.close();
    await db.close();
  };
  return { app, pid, patients, studies, close };
}

/** Each list and search through the services and through inject(), for three kinds of people: p50 and p95 in milliseconds. */
export async function inProcess(database: pg.ClientConfig, rounds: number): Promise<Table> {
  const { app, pid, patients, studies, close } = await openApp(database);
  const rows: Cell[][] = [];
  for (const [name, { kind, sort, q, filters }] of Object.entries(INDEX_REQUESTS)) {
    for (const [who, actor] of Object.entries(ACTORS)) {
      // The contract's schema parsed the same names and values in inject().
      const query = { sort, limit: 25, ...(q === undefined ? {} : { q }), ...filters } as Parameters<typeof patients.list>[1] &
        Parameters<typeof studies.list>[1];
      const url = `/api/${kind}?${new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))}`;
      const service = await measure(pid, rounds, () =>
        kind === 'patients' ? patients.list(actor, query) : studies.list(actor, query),
      );
      const injected = await measure(pid, rounds, () => app.inject({ url, headers: { 'x-actor': who } }));
      const isOver = injected.p95 > budgetOf(name) ? 'over' : '';
      rows.push([name, who, service.p50, service.p95, injected.p50, injected.p95, injected.cpu, isOver]);
    }
  }
  await close();
  const columns = ['list or search', 'actor', 'service p50', 'p95', 'inject p50', 'p95', 'cpu', 'budget'];
  return { title: `In the process, by actor, ${rounds} rounds, ms`, columns, rows };
}
