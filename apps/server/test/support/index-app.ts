import { createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DEFAULT_LEVEL, type ErrorCode, permissionsOf, type Role } from '@negatoscope/contract';
import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import pino from 'pino';
import { type Person, person } from '../../src/access/index.ts';
import type { RowKinds } from '../../src/archive/row-kind.ts';
import { createAudit } from '../../src/features/audit/index.ts';
import { createHeavyWork } from '../../src/features/dicomweb/index.ts';
import type { DeidExportDeps } from '../../src/features/export/deid/exports.ts';
import { registerExport } from '../../src/features/export/index.ts';
import { type PurgeDeps, registerPatients } from '../../src/features/patients/index.ts';
import { registerStats } from '../../src/features/stats/index.ts';
import { registerStudies } from '../../src/features/studies/index.ts';
import { createApp } from '../../src/http/app.ts';
import { createRouter } from '../../src/http/router.ts';
import { newId } from '../../src/kernel/ids.ts';
import { CodecPool } from '../../src/platform/codecs/pool.ts';
import { type Db, openDatabase } from '../../src/platform/db/database.ts';
import { DiskScratch } from '../../src/platform/objects/disk/index.ts';
import { type DamageList, GuardedStore } from '../../src/platform/objects/store/index.ts';
import { ROW_KINDS } from '../../src/row-kinds.ts';
import { createTestDatabase } from './database.ts';
import { MemoryScratch, MemoryStore } from './memory-objects.ts';
import { UPKEEP } from './upkeep.ts';

export const GROUP_A = '019a0000-0000-7000-a000-00000000000a';
export const GROUP_B = '019a0000-0000-7000-a000-00000000000b';

export type Who = `${Role}@${'A' | 'B' | '-'}`;

/** One row of a list. */
type IndexItem = {
  id: string;
  groupId: string | null;
  patient: { id: string };
  lastName: string;
  firstName: string;
};

/** Keys of what the routes of the index answer; a test looks at those that its route has. */
interface IndexJson extends IndexItem {
  code: ErrorCode;
  items: IndexItem[];
  studies: IndexItem[];
  series: unknown[];
  total: number;
  totalIsExact: boolean;
  nextCursor: string | null;
  recordNumber: string;
  updatedAt: string;
  textUncertain: boolean;
}

export interface Answer {
  readonly status: number;
  readonly json: IndexJson;
  readonly text: string;
  readonly raw: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface IndexApp {
  readonly app: FastifyInstance;
  readonly db: Db;
  readonly owner: pg.Client;
  readonly deps: PurgeDeps;
  readonly making: DeidExportDeps;
  /** Ids of objects that are known to be damaged. */
  readonly marked: Set<string>;
  readonly objects: Map<string, Buffer>;
  now: Date;
  ask(who: Who, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

const groupOf = { A: GROUP_A, B: GROUP_B, '-': null } as const;

export function actorOf(who: string): Person {
  const [role, place] = who.split('@') as [Role, 'A' | 'B' | '-']; // The type of Who.
  const level = DEFAULT_LEVEL[role];
  const userId = `019a0000-0000-7000-b000-${createHash('sha256').update(who).digest('hex').slice(0, 12)}`;
  return person({
    userId,
    role,
    level,
    groupId: groupOf[place],
    permissions: permissionsOf(role, level),
    sessionId: userId,
    via: 'session',
    ip: '127.0.0.1',
  });
}

/** What is damaged, as a set says. */
const damageOf = (marked: Set<string>): DamageList => ({
  all: () => marked,
  mark: async (id) => marked.size < marked.add(id).size,
  onHealed: () => undefined,
  close: () => undefined,
});

interface Given {
  readonly kinds?: RowKinds;
  readonly projectKey?: KeyObject;
}

/** The index' features on a database of their own, with actors named by a header `<ROLE>@<A|B|->`. */
export async function createIndexApp({
  kinds = ROW_KINDS,
  projectKey = createSecretKey(randomBytes(32)),
}: Given = {}): Promise<IndexApp> {
  const database = await createTestDatabase();
  const db = openDatabase({ connection: database.appConfig, poolSize: 4 });
  const owner = new pg.Client(database.ownerConfig);
  await owner.connect();
  await owner.query('INSERT INTO groups (id, name) VALUES ($1, $2), ($3, $4)', [GROUP_A, 'A', GROUP_B, 'B']);
  const objects = new Map<string, Buffer>();
  const marked = new Set<string>();
  const state = { now: new Date('2026-03-01T08:00:00Z') };
  const clock = { now: () => new Date(state.now) };
  const audit = createAudit({ db, clock });
  const app = await createApp({
    log: pino({ level: 'silent' }),
    trustProxy: [],
    publicUrl: new URL('http://localhost:3300'),
    authenticate: async (request) => {
      const who = request.headers['x-actor'];
      return typeof who === 'string' ? actorOf(who) : undefined;
    },
  });
  const router = createRouter(app, { audit });
  const deps = {
    ...{ db, audit, clock, kinds },
    objects: new GuardedStore(new MemoryStore(objects), damageOf(marked)),
    scratch: new MemoryScratch(),
    by: UPKEEP,
    projectKey,
  };
  const patients = registerPatients(router, { ...deps, readers: async () => [] });
  // Nobody listens here.
  const events = { publish: async () => undefined };
  const changes = { subscribe: () => () => undefined };
  const studies = registerStudies(router, { ...deps, patients, events, changes, assigned: async () => undefined });
  const heavy = createHeavyWork();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-exports-'));
  const exports = new DiskScratch({ temporary: path.join(folder, 'tmp'), kept: path.join(folder, 'kept') });
  // Tests run what waits themselves.
  const codecs = new CodecPool();
  const masking = { codecs, headers: heavy, scratch: deps.scratch };
  const making = { ...deps, heavy, masking, exports, queue: { send: async () => undefined } };
  const listStudies = studies.list;
  registerExport(router, {
    ...making,
    listStudies,
    record: { installation: '', reports: async () => [], accessLog: async () => [] },
  });
  // Identities that wait are ingest's to count.
  registerStats(router, {
    ...{ ...deps, countReviews: async () => 0 },
    disk: async () => ({ totalBytes: 2_000_000_000, freeBytes: 1_000_000_000 }),
  });
  return {
    app,
    db,
    owner,
    deps,
    making,
    objects,
    marked,
    get now() {
      return state.now;
    },
    set now(value) {
      state.now = value;
    },
    ask: async (who, method, url, body) => {
      const answer = await app.inject({
        method,
        url,
        headers: { 'x-actor': who },
        ...(body === undefined ? {} : { payload: body as object }),
      });
      const isJson = String(answer.headers['content-type']).includes('json');
      return {
        status: answer.statusCode,
        json: (isJson ? answer.json() : {}) as IndexJson, // What a route answers is its test's to say.
        text: answer.body,
        raw: answer.rawPayload,
        headers: answer.headers,
      };
    },
    close: async () => {
      await codecs.close();
      await app.close();
      await db.close();
      await owner.end();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface SeedPatient {
  readonly groupId: string | null;
  readonly familyName: string;
  readonly givenName?: string;
  readonly externalId?: string;
  readonly birthDate?: string | null;
}

export async function seedPatient(owner: pg.Client, patient: SeedPatient): Promise<string> {
  const id = newId();
  await owner.query(
    'INSERT INTO patients (id, group_id, family_name, given_name, external_id, birth_date, phone, address) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
    [
      id,
      patient.groupId,
      patient.familyName,
      patient.givenName ?? 'Jeanne',
      patient.externalId ?? null,
      patient.birthDate ?? '1970-01-02',
      '0102',
      'rue',
    ],
  );
  return id;
}

export interface SeedStudy {
  readonly patientId: string;
  readonly groupId: string | null;
  readonly uid: string;
  readonly date?: string | null;
  readonly description?: string;
  readonly accession?: string;
  readonly modality?: string;
  readonly instances?: number;
}

/** A study of one series; its instances are `<uid>.1.<n>`. Gives back the ids of study and instances. */
export async function seedStudy(
  owner: pg.Client,
  study: SeedStudy,
): Promise<{ id: string; seriesId: string; instanceIds: string[] }> {
  const [id, seriesId] = [newId(), newId()];
  const count = study.instances ?? 1;
  await owner.query(
    `INSERT INTO studies (id, group_id, patient_id, study_instance_uid, study_date, description, accession_number, referrer, modalities, series_count, instance_count, size_bytes)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'DR HOUSE', ARRAY[$8], 1, $9, $10)`,
    [
      id,
      study.groupId,
      study.patientId,
      study.uid,
      study.date === undefined ? '2026-02-01' : study.date,
      study.description ?? 'Thorax',
      study.accession ?? null,
      study.modality ?? 'CT',
      count,
      count * 1000,
    ],
  );
  await owner.query(
    'INSERT INTO series (id, group_id, study_id, series_instance_uid, modality, instance_count) VALUES ($1, $2, $3, $4, $5, $6)',
    [seriesId, study.groupId, id, `${study.uid}.1`, study.modality ?? 'CT', count],
  );
  const instanceIds: string[] = [];
  for (let index = 1; index <= count; index += 1) {
    const instanceId = newId();
    instanceIds.push(instanceId);
    await owner.query(
      `INSERT INTO instances (id, group_id, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, size_bytes, file_sha256)
       VALUES ($1, $2, $3, $4, '1.2.840.10008.5.1.4.1.1.2', '1.2.840.10008.1.2.1', 1000, '\\x00')`,
      [instanceId, study.groupId, seriesId, `${study.uid}.1.${index}`],
    );
  }
  await owner.query('SELECT ng_refresh_patients(ARRAY[$1::uuid])', [study.patientId]);
  return { id, seriesId, instanceIds };
}
