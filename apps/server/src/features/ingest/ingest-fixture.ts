import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DEFAULT_LEVEL, permissionsOf, type Role } from '@negatoscope/contract';
import { chestXray, type Dataset } from '@negatoscope/testkit';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { UPKEEP } from '../../../test/support/upkeep.ts';
import { type Person, person, type Service } from '../../access/index.ts';
import { ARCHIVE_KINDS } from '../../archive/archive-kinds.ts';
import { createDamageList } from '../../archive/objects/damage.ts';
import type { RowKinds } from '../../archive/row-kind.ts';
import { createApp } from '../../http/app.ts';
import { createRouter } from '../../http/router.ts';
import { systemClock } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import { type Db, openDatabase } from '../../platform/db/database.ts';
import { DiskScratch } from '../../platform/objects/disk/disk-scratch.ts';
import { DiskStore } from '../../platform/objects/disk/disk-store.ts';
import type { SyncFs } from '../../platform/objects/disk/sync-fs.ts';
import { InlineWriter, WriterThreads } from '../../platform/objects/disk/writer-threads.ts';
import type { Scratch } from '../../platform/objects/scratch/index.ts';
import { GuardedStore } from '../../platform/objects/store/index.ts';
import type { JobReport, JobRun } from '../../platform/queue/job.ts';
import { openPostgresState } from '../../platform/shared-state/index.ts';
import { workerScript } from '../../platform/workers/worker-script.ts';
import { createAudit } from '../audit/index.ts';
import {
  type Beat,
  createIngest,
  type FileResult,
  type ImportTarget,
  type Ingest,
  type IngestLimits,
  type IngestOptions,
  type Inspection,
  inspectHeader,
} from './index.ts';
import { IMPORT_KINDS } from './row-kinds.ts';

/** A database, a folder of objects and a pipeline over them, for tests. */
export interface IngestFixture {
  readonly database: TestDatabase;
  readonly db: Db;
  readonly objects: DiskStore<Inspection>;
  readonly scratch: Scratch;
  readonly guarded: GuardedStore;
  readonly ingest: Ingest;
  /** Jobs that were sent and wait. */
  readonly sent: { name: string; payload: object }[];
  /** Runs one of the feature's jobs here and now. */
  runJob(name: string, payload: object, run?: Partial<JobRun>): Promise<JobReport | undefined>;
  readonly folder: string;
  readonly kinds: RowKinds;
  /** Who does what jobs do, where a test calls their work itself. */
  readonly by: Service;
  actor(role?: Role, groupId?: string | null): Promise<Person>;
  group(name?: string): Promise<string>;
  /** Sends files through the pipeline; outcomes in order. */
  send(files: readonly NamedBytes[], options?: { actor?: Person; target?: Partial<ImportTarget> }): Promise<FileResult[]>;
  /** The HTTP server with this feature alone, every request being this actor's. */
  http(actor: Person): Promise<FastifyInstance>;
  close(): Promise<void>;
}

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.length > 0) yield bytes;
}

export async function* asParts(files: Iterable<NamedBytes>): AsyncGenerator<{ name: string; stream: AsyncIterable<Uint8Array> }> {
  for (const { name, bytes } of files) yield { name, stream: oneChunk(bytes) };
}

export interface IngestFixtureOptions {
  readonly limits?: Partial<IngestLimits>;
  /** What is written goes through it, on one thread and without a journal. */
  readonly fs?: SyncFs;
  /** Stands between the pipeline and the database. */
  readonly through?: (db: Db) => Db;
  readonly logLines?: string[];
  readonly stored?: IngestOptions['stored'];
  readonly beat?: Beat;
}

export async function createIngestFixture(options: IngestFixtureOptions = {}): Promise<IngestFixture> {
  const { logLines } = options;
  const log =
    logLines === undefined
      ? pino({ level: 'silent' })
      : pino({ level: 'debug' }, { write: (line: string) => void logLines.push(line) });
  const database = await createTestDatabase();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-ingest-'));
  const db = openDatabase({ connection: database.appConfig, poolSize: 8 });
  const objects = await DiskStore.open<Inspection>({
    root: path.join(folder, 'objects'),
    writers: (writing) =>
      options.fs === undefined
        ? new WriterThreads(() => workerScript('stage.worker', '../../stage.worker.ts', import.meta.url), {
            ...writing,
            count: 1,
          })
        : new InlineWriter(options.fs, { inspect: inspectHeader }),
  });
  const state = openPostgresState({ db, connection: database.appConfig });
  const kinds = [...ARCHIVE_KINDS, ...IMPORT_KINDS];
  const damage = createDamageList({ db, changes: state.changes, log: pino({ level: 'silent' }), kinds });
  const guarded = new GuardedStore(objects, damage);
  const scratch = new DiskScratch({ temporary: path.join(folder, 'tmp'), kept: path.join(folder, 'spool') });
  const audit = createAudit({ db, clock: systemClock });
  const sent: { name: string; payload: object }[] = [];
  const ingest = createIngest({
    db: options.through?.(db) ?? db,
    staging: objects.staging,
    objects: guarded,
    scratch,
    audit,
    clock: systemClock,
    kinds,
    log,
    queue: {
      send: async (kind, payload) => void sent.push({ name: kind.name, payload }),
      waiting: async ({ name }) => sent.filter((one) => one.name === name).map(({ payload }) => payload),
    },
    personOf: (userId) => personOf(db, userId),
    requireStanding: async () => undefined,
    endEmergencies: async () => undefined,
    isStoreNear: true,
    ...(options.stored === undefined ? {} : { stored: options.stored }),
    ...(options.beat === undefined ? {} : { beat: options.beat }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const actor = (role: Role = 'PHYSICIAN', groupId: string | null = null): Promise<Person> => makeActor(db, role, groupId);
  const someone = await actor();
  return {
    database,
    db,
    objects,
    scratch,
    guarded,
    ingest,
    sent,
    kinds,
    runJob: async (name, payload, run = {}) => {
      const found = ingest.jobs.find(({ kind }) => kind.name === name);
      return found?.run(payload, { attempt: 1, isLast: false, signal: new AbortController().signal, ...run });
    },
    folder,
    by: UPKEEP,
    actor,
    group: (name = `Groupe ${newId()}`) => makeGroup(db, name),
    send: (files, { actor: who = someone, target = {} } = {}) =>
      ingest.ingestFiles(who, { entrance: 'STOW', ...target }, asParts(files)),
    http: async (who) => {
      const app = await createApp({
        log: pino({ level: 'silent' }),
        trustProxy: [],
        publicUrl: new URL('http://localhost'),
        authenticate: async () => who,
      });
      ingest.register(createRouter(app, { audit }));
      await app.ready();
      return app;
    },
    close: async () => {
      await ingest.close();
      damage.close();
      await state.close();
      objects.close();
      await db.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeActor(db: Db, role: Role, groupId: string | null): Promise<Person> {
  const userId = newId();
  const level = DEFAULT_LEVEL[role];
  await db.withSystem((tx) =>
    tx.run(
      `INSERT INTO users (id, email, password_hash, first_name, last_name, role, level, group_id) VALUES ($1, $2, 'x', 'Test', 'Person', $3, $4, $5)`,
      [userId, `${userId}@example.org`, role, level, groupId],
    ),
  );
  const permissions = new Set(permissionsOf(role, level));
  return person({ userId, role, level, groupId, permissions, sessionId: newId(), via: 'session', ip: '127.0.0.1' });
}

async function personOf(db: Db, userId: string): Promise<Person | undefined> {
  const row = await db.withSystem((tx) =>
    tx.first("SELECT role, level, group_id FROM users WHERE id = $1 AND status = 'ACTIVE'", [userId]),
  );
  if (row === undefined) return undefined;
  const { role, level, group_id: groupId } = row;
  return person({
    userId,
    role,
    level,
    groupId,
    permissions: permissionsOf(role, level),
    sessionId: userId,
    via: 'session',
    ip: '',
  });
}

async function makeGroup(db: Db, name: string): Promise<string> {
  const id = newId();
  await db.withSystem((tx) => tx.run('INSERT INTO groups (id, name) VALUES ($1, $2)', [id, name]));
  return id;
}

/** One instance as a file. */
export function xray(seed: string, dataset: Dataset = {}): NamedBytes {
  for (const { bytes } of chestXray({ seed, rows: 64, columns: 64, dataset: { PatientBirthDate: '19700203', ...dataset } }))
    return { name: `${seed}.dcm`, bytes };
  throw new Error('The phantom has no instance.');
}

/** The same instance with other pixels. */
export function changed(file: NamedBytes, change = 1): NamedBytes {
  const bytes = Buffer.from(file.bytes);
  bytes.writeUInt8((bytes.at(-2) ?? 0) ^ change, bytes.length - 2);
  return { name: `changed ${file.name}`, bytes };
}

/** A multipart/form-data body. */
export function formOf(
  files: readonly NamedBytes[],
  fields: Readonly<Record<string, string>> = {},
): { payload: Buffer; headers: Record<string, string> } {
  const boundary = 'negatoscope-test-boundary';
  const parts: Uint8Array[] = [];
  const add = (head: string, body: Uint8Array): void => {
    parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n`), body, Buffer.from('\r\n'));
  };
  for (const [name, value] of Object.entries(fields)) add(`name="${name}"`, Buffer.from(value));
  for (const { name, bytes } of files) add(`name="files"; filename="${name}"\r\nContent-Type: application/octet-stream`, bytes);
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return { payload: Buffer.concat(parts), headers: { 'content-type': `multipart/form-data; boundary=${boundary}` } };
}
