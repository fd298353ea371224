import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { newId } from '../../kernel/ids.ts';
import { afterCommit, type Db, openDatabase, type RowScope, SYSTEM_SCOPE } from './database.ts';
import { composed, statement } from './statements.ts';

const GROUP = '019a0000-0000-7000-a000-000000000001';
const MEMBER: RowScope = [{ kind: 'group', ids: [GROUP] }];
const SCOPE = "SELECT current_setting('negatoscope.arms', true) AS scope";
const ADD = 'INSERT INTO patients (id, group_id, family_name) VALUES ($1, $2, $3)';
const NAMES = 'SELECT family_name AS name FROM patients ORDER BY family_name';

let database: TestDatabase;
let db: Db;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ connection: database.appConfig, poolSize: 1 });
  await db.withSystem(async (tx) => {
    await tx.run('INSERT INTO groups (id, name) VALUES ($1, $2)', [GROUP, 'Radiologie']);
    await tx.run(ADD, [newId(), GROUP, 'MEMBRE']);
    await tx.run(ADD, [newId(), null, 'AUTRE']);
  });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const names = async (): Promise<string[]> => (await db.withSystem((tx) => tx.rows(NAMES))).map(({ name }) => name);

test('statements sent together see the rows of their scope, each its own answer in turn, and leave no scope behind', async () => {
  const [scope, seen, none] = await db.inOneExchange(MEMBER, [
    statement(SCOPE),
    statement(NAMES, [], 'test-names'),
    statement('SELECT 1 AS one WHERE $1::boolean', [false]),
  ]);
  expect([scope, seen, none]).toEqual([[{ scope: `{"group":["${GROUP}"]}` }], [{ name: 'MEMBRE' }], []]);
  const [all] = await db.inOneExchange(SYSTEM_SCOPE, [statement(NAMES, [], 'test-names')]);
  expect(all).toHaveLength(2);
});

test('one statement that fails undoes those before, and its own error is what the caller gets', async () => {
  const before = await names();
  const failing = db.inOneExchange(SYSTEM_SCOPE, [
    statement(ADD, [newId(), null, 'PERDU']),
    statement('SELECT 1 / $1::int', [0]),
    statement(ADD, [newId(), null, 'PERDUE']),
  ]);
  await expect(failing).rejects.toMatchObject({ code: '22012' });
  expect(await names()).toEqual(before);
});

test('a transaction takes back what it did when its work fails, also after a statement of its own failed', async () => {
  const before = await names();
  const failing = db.withSystem(async (tx) => {
    await tx.run(ADD, [newId(), null, 'PERDU']);
    await tx.run(composed({ text: 'SELECT no_such_column' }));
  });
  await expect(failing).rejects.toMatchObject({ code: '42703' });
  await expect(
    db.withSystem(async (tx) => {
      await tx.run(ADD, [newId(), null, 'PERDU']);
      throw new Error('changed its mind');
    }),
  ).rejects.toThrow('changed its mind');
  expect(await names()).toEqual(before);
});

test('who watches is told of statements that fail, alone and in one exchange', async () => {
  const told: boolean[] = [];
  const watch = { statement: (_ms: number, isFailed: boolean) => void told.push(isFailed), pool: () => undefined };
  const watched = openDatabase({ connection: database.appConfig, poolSize: 1, watch });
  const broken = statement('SELECT 1 / $1::int', [0]);
  await watched.asking(SYSTEM_SCOPE, [statement(NAMES)]);
  await expect(watched.asking(SYSTEM_SCOPE, [broken])).rejects.toMatchObject({ code: '22012' });
  await expect(watched.reading(SYSTEM_SCOPE, (tx) => tx.rows(broken))).rejects.toMatchObject({ code: '22012' });
  await watched.close();
  expect(told).toEqual([false, true, true]);
});

test('the first statement already runs inside the transaction and its scope', async () => {
  const scope = await db.withScope(MEMBER, (tx) => tx.first(SCOPE));
  expect(scope).toEqual({ scope: `{"group":["${GROUP}"]}` });
  const refused = db.withScope(MEMBER, (tx) => tx.run(ADD, [newId(), null, 'AILLEURS']));
  await expect(refused).rejects.toMatchObject({ code: '42501' });
  await expect(db.withScope(MEMBER, async () => 'nothing asked')).resolves.toBe('nothing asked');
});

test('a transaction in which nothing is asked asks nothing of PostgreSQL, and does what was to be done behind its commit', async () => {
  const other = openDatabase({ connection: database.appConfig, poolSize: 1 });
  try {
    const [mine] = await db.withSystem((tx) => tx.rows(composed({ text: 'SELECT pg_backend_pid() AS pid' })));
    const asked = (): Promise<object | undefined> => {
      const text = 'SELECT query, query_start::text AS at FROM pg_stat_activity WHERE pid = $1';
      return other.withSystem((tx) => tx.first(composed({ text, values: [(mine as unknown as { pid: number }).pid] }))); // As it was asked.
    };
    const before = await asked();
    const done: string[] = [];
    const given = await db.withSystem(async (tx) => {
      afterCommit(tx, () => done.push('afterwards'));
      return 'nothing asked';
    });
    await expect(db.withSystem(() => Promise.reject(new Error('its own')))).rejects.toThrow('its own');
    expect([given, done]).toEqual(['nothing asked', ['afterwards']]);
    expect(before).toBeDefined();
    expect(await asked()).toEqual(before);
    await db.withSystem((tx) => tx.rows(NAMES));
    expect(await asked()).not.toEqual(before);
  } finally {
    await other.close();
  }
});

test('what is opened for reading sees its scope and is refused every change, in whatever statement it hides', async () => {
  const before = await names();
  await expect(db.reading(MEMBER, (tx) => tx.rows(NAMES))).resolves.toEqual([{ name: 'MEMBRE' }]);
  await expect(db.asking(MEMBER, [statement(NAMES)])).resolves.toEqual([[{ name: 'MEMBRE' }]]);
  const changes = [ADD, `WITH hidden AS (${ADD} RETURNING id) SELECT id FROM hidden`] as const;
  for (const text of changes) {
    const change = statement(text, [newId(), GROUP, 'ECRIT']);
    await expect(db.reading(MEMBER, (tx) => tx.rows(change))).rejects.toMatchObject({ code: '25006' });
    await expect(db.asking(MEMBER, [change])).rejects.toMatchObject({ code: '25006' });
  }
  const [patient] = await db.reading(SYSTEM_SCOPE, (tx) => tx.rows('SELECT id FROM patients LIMIT 1'));
  const byFunction = db.reading(SYSTEM_SCOPE, (tx) =>
    tx.rows('SELECT ng_refresh_patients(ARRAY[$1::uuid])', [patient?.id ?? '']),
  );
  await expect(byFunction).rejects.toMatchObject({ code: '25006' });
  expect(await names()).toEqual(before);
});

test('a connection that is cut under a transaction fails that transaction only', async () => {
  const cut = 'SELECT pg_terminate_backend(pg_backend_pid())';
  await expect(db.withSystem((tx) => tx.run(cut))).rejects.toThrow();
  await expect(db.inOneExchange(SYSTEM_SCOPE, [statement(SCOPE), statement(cut)])).rejects.toThrow();
  await expect(names()).resolves.toHaveLength(2);
});
