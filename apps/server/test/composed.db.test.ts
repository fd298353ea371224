import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDescriber, type Describer } from '../sql-types/describe.ts';
import { exportedRows } from '../src/archive/kind-exports.ts';
import { blankRows, blankUidRows, madeOfRows, movePatientRows, moveStudyRows, purgeRows } from '../src/archive/kinds.ts';
import { mergeRows, unmergeRows } from '../src/archive/merged-rows.ts';
import { createDamageList } from '../src/archive/objects/damage.ts';
import { removeOrphans } from '../src/archive/objects/orphans.ts';
import { countObjects, nextObjects } from '../src/archive/objects/stored-objects.ts';
import { updatePatientRow } from '../src/archive/records/patients.ts';
import { countEvents, findEvents } from '../src/features/audit/repository.ts';
import { readUserPage } from '../src/features/identity/user-list.ts';
import { writeUser } from '../src/features/identity/users.ts';
import { encodeCursor } from '../src/kernel/list.ts';
import type { Tx } from '../src/platform/db/database.ts';
import type { Statement } from '../src/platform/db/statements.ts';
import { ROW_KINDS, ROWS_BY_UID } from '../src/row-kinds.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { UPKEEP } from './support/upkeep.ts';

const ID = '019a0000-0000-7000-a000-000000000001';
const NOW = new Date('2026-01-02T03:04:05Z');

let database: TestDatabase;
let client: Client;
let describer: Describer;
beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client(database.ownerConfig);
  await client.connect();
  describer = await createDescriber(client, []);
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** What a piece of work puts together and sends; nothing is asked, and nothing found. */
async function sentBy(work: (tx: Tx) => Promise<unknown>): Promise<Statement[]> {
  const sent: Statement[] = [];
  const note = (statement: unknown): void => {
    if (typeof statement === 'object' && statement !== null) sent.push(statement as Statement); // Texts alone are described by `npm run sql`.
  };
  const answering =
    <T>(answer: T) =>
    async (statement: unknown): Promise<T> => {
      note(statement);
      return answer;
    };
  const tx = { rows: answering([]), first: answering(undefined), run: answering(1) } as unknown as Tx; // Only what these three are given counts.
  await work(tx).catch(() => undefined);
  return sent;
}

const FILTER = { actor: ID, action: 'study', entity: ID, from: NOW.toISOString(), to: NOW.toISOString() };
const PAGE = { limit: 10, q: 'a b', role: 'ADMIN', status: 'ACTIVE', groupId: ID, way: 'NONE', lastSeen: 'LONG_AGO' } as const;
const OF_PEOPLE = {
  clock: { now: () => NOW },
  providerNames: new Map<string, string>(),
  party: undefined,
  onlyPasswordOf: undefined,
};
const KINDS_WITH_ALL = [
  ...ROW_KINDS,
  { table: 'import_files', level: 'study', key: 'patient_id', merge: 'follows', purge: 'let-go', export: 'stays' },
  {
    table: 'study_moves',
    level: 'patient',
    key: 'to_patient_id',
    merge: 'follows',
    purge: 'delete',
    object: { column: 'id', while: 'undone_at IS NULL', size: 'NULL::bigint', sha256: 'NULL::bytea', damagedAs: 'DERIVED' },
    export: { permission: 'studies.read', columns: ['moved_at'], extension: 'pdf' },
  },
  ...(['study', 'series', 'instance'] as const).map(
    (level) =>
      ({
        table: 'conflicts',
        level,
        key: 'study_id',
        merge: 'stays',
        purge: 'delete',
        export: { permission: 'studies.read', columns: ['kind'] },
      }) as const,
  ),
] as const;

/** Every place that puts a statement together, in every form that changes its columns or parameters. */
const WORK: Readonly<Record<string, (tx: Tx) => Promise<unknown>>> = {
  'archive/kinds.ts: move of a patient': (tx) => movePatientRows(tx, KINDS_WITH_ALL, ID, ID),
  'archive/kinds.ts: move of a study': (tx) => moveStudyRows(tx, KINDS_WITH_ALL, ID, ID),
  'archive/merged-rows.ts: merge': (tx) => mergeRows(tx, KINDS_WITH_ALL, ID, ID),
  'archive/merged-rows.ts: a merge undone': (tx) =>
    unmergeRows(tx, KINDS_WITH_ALL, { from: ID, into: ID, rows: { 'study_moves.to_patient_id': [ID] } }),
  'archive/kind-exports.ts: with a patient': (tx) => exportedRows(tx, KINDS_WITH_ALL, 'patient', ID),
  'archive/kind-exports.ts: with a study': (tx) => exportedRows(tx, KINDS_WITH_ALL, 'study', ID),
  'archive/objects/stored-objects.ts: next': (tx) => nextObjects(tx, KINDS_WITH_ALL, { after: ID, limit: 10 }),
  'archive/objects/stored-objects.ts: count': (tx) => countObjects(tx, KINDS_WITH_ALL),
  'archive/objects/damage.ts': (tx) =>
    createDamageList({
      db: { withScope: (_scope: unknown, work: (tx: Tx) => unknown) => work(tx) } as never, // What is called of it.
      changes: { subscribe: () => () => undefined } as never,
      log: { error: () => undefined },
      kinds: KINDS_WITH_ALL,
    }).mark(ID, 'HASH'),
  'archive/kinds.ts: made of rows': (tx) => madeOfRows(tx, KINDS_WITH_ALL, ID),
  'archive/kinds.ts: purge of a patient': (tx) => purgeRows(tx, KINDS_WITH_ALL, 'patient', ID),
  'archive/kinds.ts: what an erasure blanks of a patient': (tx) => blankRows(tx, KINDS_WITH_ALL, 'patient', ID),
  'archive/kinds.ts: what an erasure blanks by UID': (tx) => blankUidRows(tx, ROWS_BY_UID, ID),
  'archive/kinds.ts: purge of a study': (tx) => purgeRows(tx, KINDS_WITH_ALL, 'study', ID),
  'archive/objects/orphans.ts': (tx) =>
    removeOrphans({
      db: { reading: (_scope, work) => work(tx) },
      objects: {
        list: async function* () {
          yield [ID];
        },
        delete: async () => undefined,
      } as never, // What is called of it.
      by: UPKEEP,
      clock: { now: () => NOW },
      kinds: KINDS_WITH_ALL,
    }),
  'archive/records/patients.ts': (tx) =>
    updatePatientRow(
      tx,
      ID,
      {
        lastName: 'A',
        firstName: 'B',
        birthDate: null,
        sex: 'F',
        phone: null,
        address: null,
        externalId: 'C',
        status: 'ARCHIVED',
      },
      NOW,
    ),
  'features/audit/repository.ts: list': (tx) => findEvents(tx, FILTER, { at: NOW.toISOString(), id: ID }, 10),
  'features/audit/repository.ts: count': (tx) => countEvents(tx, FILTER, 10),
  'features/identity/user-list.ts: first page': (tx) => readUserPage(OF_PEOPLE, tx, PAGE),
  'features/identity/user-list.ts: by name': (tx) =>
    readUserPage(OF_PEOPLE, tx, { ...PAGE, sort: 'name', cursor: encodeCursor(['a', ID]) }),
  'features/identity/user-list.ts: by moment': (tx) =>
    readUserPage(OF_PEOPLE, tx, { ...PAGE, sort: '-lastLoginAt', cursor: encodeCursor([1, ID]) }),
  'features/identity/users.ts': (tx) => writeUser(tx, ID, { email: 'a@b.c', role: 'ADMIN', group_id: null }, NOW),
};
/** Statements of libraries, whose rows only the library reads. */
const OF_LIBRARIES = ['platform/queue/queue.ts', 'platform/shared-state/postgres-state.ts'];

describe('what is put together is what PostgreSQL takes, and its rows are those of the statement that it says to be like', () => {
  test.each(Object.entries(WORK))('%s', async (_place, work) => {
    const sent = await sentBy(work);
    expect(sent.length).toBeGreaterThan(0);
    for (const { text, values, like } of sent) {
      const found = await describer.describe(text);
      expect(found.values.length, text).toBe(values.length);
      if (like === undefined) continue;
      const { columns = [] } = await describer.describe(like);
      // What is never NULL may stand where the other may be.
      const fits = (found.columns ?? []).map(({ name, type }, index) => ({
        name,
        type: columns[index]?.type === `${type} | null` ? `${type} | null` : type,
      }));
      expect(fits, text).toEqual(columns);
    }
  });

  test('no place is left out', () => {
    const sources = path.resolve(import.meta.dirname, '../src');
    const places = readdirSync(sources, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'platform/db/statements.ts')
      .filter((file) => /\bcomposed\(/.test(readFileSync(path.join(sources, file), 'utf8')));
    const known = [...Object.keys(WORK).map((place) => place.replace(/:.*/, '')), ...OF_LIBRARIES];
    expect(places.sort()).toEqual([...new Set(known)].sort());
  });
});
