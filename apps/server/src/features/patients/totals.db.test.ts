import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIndexApp, GROUP_A, type IndexApp } from '../../../test/support/index-app.ts';
import { composed } from '../../platform/db/statements.ts';

let index: IndexApp;

/** `count` patients called `<name> <number>`, the numbers in the order of the names; every other one of the group when there is one. */
const add = (name: string, count: number, groupId: string | null = null): Promise<unknown> =>
  index.owner.query(
    `INSERT INTO patients (id, group_id, family_name, given_name)
     SELECT gen_random_uuid(), CASE WHEN n % 2 = 0 THEN $3::uuid END, $1, lpad(n::text, 5, '0') FROM generate_series(1, $2::int) AS n`,
    [name, count, groupId],
  );

beforeAll(async () => {
  index = await createIndexApp();
  await add('ABEL', 5000, GROUP_A);
  await add('LENOIR', 1000);
  await add('MARCHAND', 1001, GROUP_A);
  await add('ZWEIG', 2100, GROUP_A);
  await index.owner.query('ANALYZE patients');
});
afterAll(() => index.close());

const list = async (query: string, who: 'ADMIN@-' | 'RADIOLOGIST@A' | 'RESEARCHER@A' = 'ADMIN@-') => {
  const { status, json } = await index.ask(who, 'GET', `/api/patients?${query.includes('limit') ? '' : 'limit=200&'}${query}`);
  expect(status).toBe(200);
  const page: {
    items: { lastName: string; firstName: string }[];
    nextCursor: string | null;
    total: number;
    totalIsExact: boolean;
  } = json;
  return page;
};

describe('the total of a list', () => {
  test.each(['q=lenoir', 'sort=name&q=noir', 'status=TO_READ&q=lenoir'])('is exact up to 1,000: %s', async (query) => {
    expect(await list(query)).toMatchObject({ total: 1000, totalIsExact: true });
  });
  test.each([
    'q=marchand',
    'q=zweig&sort=-name',
    'sort=name',
    'status=TO_READ',
    'identityStatus=CONFIRMED',
    'q=a',
    `groupId=${GROUP_A}`,
  ])('says above it that there are more: %s', async (query) => {
    expect(await list(query)).toMatchObject({ total: 1000, totalIsExact: false });
  });
  test('stays the same on every page, and the pages hold each patient once, in order', async () => {
    for (const [query, name, count] of [
      ['sort=name&q=marchand', 'MARCHAND', 1001],
      ['sort=-name&q=zweig', 'ZWEIG', 2100],
      ['sort=name&q=lenoir', 'LENOIR', 1000],
    ] as const) {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page = await list(`${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        expect([page.total, page.totalIsExact]).toEqual([1000, count <= 1000]);
        expect(page.items.every(({ lastName }) => lastName === name)).toBe(true);
        seen.push(...page.items.map(({ firstName }) => firstName));
        cursor = page.nextCursor;
      }
      const numbers = Array.from({ length: count }, (_, n) => String(n + 1).padStart(5, '0'));
      expect(seen).toEqual(query.startsWith('sort=-') ? numbers.reverse() : numbers);
    }
  });
});

describe('many matches that all lie far from the beginning of the order', () => {
  test.each(['ADMIN@-', 'RADIOLOGIST@A'] as const)('are found as %s', async (who) => {
    const { items } = await list('sort=name&q=zweig&limit=25', who);
    expect(items.map(({ lastName, firstName }) => `${lastName} ${firstName}`)).toEqual(
      Array.from({ length: 25 }, (_, n) => `ZWEIG ${String(n + 1).padStart(5, '0')}`),
    );
  });
});

describe('a cursor', () => {
  test.each(['["name","abel",1]', '["name","abel","019a0000-0000-7000-8000-000000000000",2]', '["name","abel","no id",0]'])(
    'that was made up is refused: %s',
    async (text) => {
      const answer = await index.ask(
        'ADMIN@-',
        'GET',
        `/api/patients?sort=name&cursor=${Buffer.from(text).toString('base64url')}`,
      );
      expect([answer.status, answer.json.code]).toEqual([400, 'BAD_CURSOR']);
    },
  );
});

describe('record numbers', () => {
  const numberOf = (recordNumber: string): number => Number(/^NG-\d{4}-(\d{6,})$/.exec(recordNumber)?.[1] ?? Number.NaN);
  const create = async (): Promise<number> => {
    const { status, json } = await index.ask('ADMIN@-', 'POST', '/api/patients', { lastName: 'Nouveau' });
    expect(status).toBe(201);
    return numberOf((json as unknown as { recordNumber: string }).recordNumber);
  };
  const connections = new Set<unknown>();
  /** A registration that fails after its number was given. */
  const giveUp = async (): Promise<void> => {
    const insert =
      "INSERT INTO patients (id, family_name) VALUES (gen_random_uuid(), 'Perdu') RETURNING record_number, pg_backend_pid() AS pid";
    const lost = index.db.withSystem(async (tx) => {
      for (const { pid } of (await tx.rows(composed({ text: insert, values: [] }))) as { pid: number }[]) connections.add(pid);
      throw new Error('The network went.');
    });
    await expect(lost).rejects.toThrow('The network went.');
  };

  test('are unique and ascend, many at once over several connections, with registrations between that are rolled back (issue 12)', async () => {
    let moment = 0;
    const given: { begun: number; number: number; ended: number }[] = [];
    const desk = async (): Promise<void> => {
      for (let n = 0; n < 12; n += 1) {
        if (n % 3 === 1) await giveUp();
        const begun = moment++;
        const number = await create();
        given.push({ begun, number, ended: moment++ });
      }
    };
    await Promise.all(Array.from({ length: 8 }, desk));
    expect(connections.size).toBeGreaterThan(1);
    expect(new Set(given.map(({ number }) => number)).size).toBe(8 * 12);
    // Whoever came after somebody had their number has a greater one.
    const outOfTurn = given.filter((one) => given.some((other) => other.ended < one.begun && other.number >= one.number));
    expect(outOfTurn).toEqual([]);
    expect(given.some((one) => given.some((other) => other.ended < one.begun))).toBe(true);
  });
  test('go on behind 999,999', async () => {
    await index.owner.query("SELECT setval('patient_record_seq', 999998)");
    expect([await create(), await create(), await create()]).toEqual([999_999, 1_000_000, 1_000_001]);
  });
});
