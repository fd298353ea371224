import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DEFAULT_LEVEL, type Level, type Role, type User } from '@negatoscope/contract';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type { ClientConfig } from 'pg';
import pino from 'pino';
import { composeWeb, type WebServer } from '../../src/compose.ts';
import { loadSecrets } from '../../src/config/secrets.ts';
import { type Settings, validateSettings } from '../../src/config/settings.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { type Db, SYSTEM_SCOPE } from '../../src/platform/db/database.ts';
import type { Metrics } from '../../src/platform/metrics/index.ts';
import type { Changes } from '../../src/platform/shared-state/index.ts';
import type { ServerParts } from '../../src/server-parts.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  advance(ms: number): void;
}

export function createFakeClock(start = new Date()): FakeClock {
  let now = start.getTime();
  return {
    now: () => new Date(now),
    advance: (ms) => {
      now += ms;
    },
  };
}

export const TEST_PASSWORD = 'Lanterne-Marbre-42-Voilier';
/** bcrypt at cost 4 of the password above, so that making a user costs no hashing. */
let passwordHash: string | undefined;

/** One browser that is signed in. */
export interface Browser {
  readonly user: TestUser;
  readonly csrf: string;
  /** Cookie header. */
  readonly cookie: string;
  readonly cookies: Readonly<Record<string, string>>;
  /** Headers of a request that may change data. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface TestUser {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly level: Level;
  readonly groupId: string | null;
}

export interface TestAppOptions {
  readonly clock?: Clock;
  readonly settings?: Partial<Settings>;
  /** Lines of the log, for tests that read it; otherwise it is silent. */
  readonly logLines?: string[];
  readonly metrics?: Metrics;
  /** The way to the database; straight without it. */
  readonly connect?: (connection: ClientConfig) => Promise<ClientConfig>;
  /** Where the data folder is made; the system's temporary folder without it. */
  readonly dataParent?: string;
}

export interface TestApp {
  readonly app: FastifyInstance;
  /** Every route that a feature has taken. */
  readonly routes: WebServer['routes'];
  readonly db: Db;
  readonly changes: Changes;
  readonly settings: Settings;
  /** What its processes are made of. */
  readonly parts: ServerParts;
  /** For a second process on the same data. */
  readonly database: ClientConfig;
  /** The same as the owner reaches it. */
  readonly owner: ClientConfig;
  makeUser(
    /** `groupIds`: beside the main one. */
    person?: Partial<Pick<User, 'role' | 'level' | 'status' | 'groupId' | 'groupIds' | 'email' | 'firstName' | 'lastName'>>,
  ): Promise<TestUser>;
  makeGroup(name?: string): Promise<string>;
  /** A new person of this role (or the given one), signed in through the page's own request. */
  login(who: Role | TestUser, from?: { ip?: string }): Promise<Browser>;
  /** Runs a job of ingest here and now, as the job process would. */
  runJob(name: string, payload: object): Promise<void>;
  /** Another process of the same server: the same database, data folder and secrets. Close it before this one. */
  another(): Promise<TestApp>;
  close(): Promise<void>;
}

/** Name and value of every cookie that an answer sets. */
export const cookiesOf = (response: LightMyRequestResponse): Record<string, string> =>
  Object.fromEntries(response.cookies.map((cookie) => [cookie.name, cookie.value]));

export const cookieHeader = (cookies: Readonly<Record<string, string>>): string =>
  Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');

async function hashOfTestPassword(): Promise<string> {
  const { hash } = await import('@node-rs/bcrypt');
  passwordHash ??= await hash(TEST_PASSWORD, { cost: 4 });
  return passwordHash;
}

async function insertUser(db: Db, person: Parameters<TestApp['makeUser']>[0] = {}): Promise<TestUser> {
  const id = newId();
  const { role = 'PHYSICIAN', status = 'ACTIVE', groupId = null, firstName = 'Test', lastName = 'Person' } = person;
  const { level = DEFAULT_LEVEL[role], email = `${role.toLowerCase()}-${id.slice(-8)}@example.org` } = person;
  const hash = await hashOfTestPassword();
  await db.withScope(SYSTEM_SCOPE, async (tx) => {
    await tx.run(
      `INSERT INTO users (id, email, password_hash, first_name, last_name, role, level, status, group_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [id, email, hash, firstName, lastName, role, level, status, groupId],
    );
    for (const further of person.groupIds ?? [])
      await tx.run('INSERT INTO user_groups (user_id, group_id) VALUES ($1, $2)', [id, further]);
  });
  return { id, email, role, level, groupId };
}

/** The server as it really runs, on a fresh database and data folder, spoken to through `app.inject`. Close it in `afterAll`. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(path.join(options.dataParent ?? os.tmpdir(), 'negatoscope-app-'));
  return openTestApp(options, database, dataDir, async () => {
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });
}

/** The same on a database and a data folder that are there already; `remove` ends them. */
export async function openTestApp(
  options: TestAppOptions,
  database: TestDatabase,
  dataDir: string,
  remove: () => Promise<void>,
): Promise<TestApp> {
  const settings = { ...validateSettings({}), ...options.settings, dataDir };
  const { logLines } = options;
  const log =
    logLines === undefined
      ? pino({ level: 'silent' })
      : pino({ level: 'debug' }, { write: (line: string) => void logLines.push(line) });
  const server = await composeWeb({
    settings,
    secrets: loadSecrets(settings),
    log,
    database: { connection: (await options.connect?.(database.appConfig)) ?? database.appConfig },
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    metrics: options.metrics,
    poolSize: 6,
    passwordCost: 4,
  });
  const { app, parts, routes } = server;
  await app.ready();
  const makeUser: TestApp['makeUser'] = (person) => insertUser(parts.db, person);
  return {
    app,
    routes,
    db: parts.db,
    changes: parts.state.changes,
    settings,
    parts,
    database: database.appConfig,
    owner: database.ownerConfig,
    makeUser,
    makeGroup: async (name) => {
      const id = newId();
      await parts.db.withSystem((tx) => tx.run('INSERT INTO groups (id, name) VALUES ($1, $2)', [id, name ?? `Group ${id}`]));
      return id;
    },
    login: async (who, from = {}) => {
      const user = typeof who === 'string' ? await makeUser({ role: who }) : who;
      const response = await app.inject({
        method: 'POST',
        url: '/api/auth/login',
        payload: { email: user.email, password: TEST_PASSWORD },
        ...(from.ip === undefined ? {} : { remoteAddress: from.ip }),
      });
      if (response.statusCode !== 200) throw new Error(`Signing in answered ${response.statusCode}: ${response.body}`);
      const cookies = cookiesOf(response);
      const cookie = cookieHeader(cookies);
      const { csrfToken } = response.json<{ csrfToken: string }>();
      return { user, csrf: csrfToken, cookie, cookies, headers: { cookie, 'x-csrf-token': csrfToken } };
    },
    runJob: async (name, payload) => {
      const run = { attempt: 1, isLast: false, signal: new AbortController().signal };
      await parts.ingest.jobs.find(({ kind }) => kind.name === name)?.run(payload, run);
    },
    another: () => openTestApp(options, database, dataDir, async () => undefined),
    close: async () => {
      await server.close();
      await remove();
    },
  };
}
