import type { WorkChange } from '@negatoscope/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fillRows } from '../../../test/support/generated-rows.ts';
import { createIndexApp, GROUP_A, type IndexApp, type Who } from '../../../test/support/index-app.ts';

const [STUDIES, AT_ONCE] = [5000, 200];
const READERS = ['019a0000-0000-7000-b000-000000000001', '019a0000-0000-7000-b000-000000000002'] as const;
let index: IndexApp;
let ids: string[];
beforeAll(async () => {
  index = await createIndexApp();
  await fillRows(index.owner, { patients: 1000, studies: STUDIES, groups: [GROUP_A] });
  for (const [at, id] of READERS.entries())
    await index.owner.query(
      `INSERT INTO users (id, email, first_name, last_name, role, level, status, group_id, password_hash) VALUES ($1, $2, 'Reader', $2, 'RADIOLOGIST', 'WRITE', 'ACTIVE', $3, 'x')`,
      [id, `reader${at}@example.org`, GROUP_A],
    );
  // Of the group or of none, as the readers see them.
  const { rows } = await index.owner.query<{ id: string }>('SELECT id FROM studies WHERE deleted_at IS NULL ORDER BY id');
  ids = rows.map(({ id }) => id);
}, 300_000);
afterAll(() => index.close());

interface Outcome {
  readonly id: string;
  readonly outcome: string;
}
const parts = <T>(all: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, at) => all.slice(at * AT_ONCE, (at + 1) * AT_ONCE));

/** Changes studies by as many requests as that takes, one after the other as the page sends them. */
async function changeAll(who: Who, wanted: readonly WorkChange[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const items of parts(wanted)) {
    const { status, json } = await index.ask(who, 'POST', '/api/studies/work', { items });
    expect(status).toBe(200);
    outcomes.push(...(json.items as unknown as Outcome[])); // As the contract has it.
  }
  return outcomes;
}
const standing = async (): Promise<Map<string, { urgency: string; assignee_id: string | null; isGone: boolean }>> => {
  const { rows } = await index.owner.query('SELECT id, urgency, assignee_id, deleted_at IS NOT NULL AS "isGone" FROM studies');
  return new Map(rows.map((row) => [row.id, row]));
};

describe('five thousand studies', { timeout: 300_000 }, () => {
  test('are refused in one request, whole, and nothing of them is changed', async () => {
    const before = await standing();
    const { status, json } = await index.ask('RADIOLOGIST@A', 'POST', '/api/studies/work', {
      items: ids.map((id) => ({ id, urgency: 'STAT' })),
    });
    expect([status, json.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect(await standing()).toEqual(before);
  });

  test('are changed while rows go to the trash: each says what became of it, and it is so', async () => {
    const trashed = ids.filter((_, at) => at % 7 === 0);
    const goes = (async () => {
      for (const some of parts(trashed)) {
        await index.owner.query('UPDATE studies SET deleted_at = now() WHERE id = ANY ($1)', [some]);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    const outcomes = await changeAll(
      'RADIOLOGIST@A',
      ids.map((id) => ({ id, urgency: 'STAT' })),
    );
    await goes;
    expect(outcomes.map(({ id }) => id)).toEqual(ids);
    const now = await standing();
    const told = new Set(outcomes.map(({ outcome }) => outcome));
    expect([...told].every((one) => ['CHANGED', 'SAME', 'NOT_FOUND'].includes(one))).toBe(true);
    for (const { id, outcome } of outcomes)
      if (outcome === 'NOT_FOUND') expect(trashed.includes(id) || now.get(id)?.urgency !== 'STAT', id).toBe(true);
      else expect(now.get(id)?.urgency, id).toBe('STAT');
    // What stands is changed: nothing was passed over.
    const own = (await index.ask('RADIOLOGIST@A', 'GET', '/api/studies?limit=1&urgency=ROUTINE')).json;
    expect(own.items).toEqual([]);
    for (const id of trashed) expect(now.get(id)?.isGone).toBe(true);
  });

  test('are assigned by two people at once: of each one has it, the other is told, and what is told is so', async () => {
    const here = [...(await standing())].filter(([, { isGone }]) => !isGone).map(([id]) => id);
    const [one = [], other = []] = await Promise.all(
      READERS.map((assigneeId, at) =>
        changeAll(
          'RADIOLOGIST@A',
          // From both ends, so that they meet.
          (at === 0 ? here : [...here].reverse()).map((id) => ({ id, version: 1, assigneeId })),
        ),
      ),
    );
    const second = new Map(other.map(({ id, outcome }) => [id, outcome]));
    const now = await standing();
    const seen = new Set<string>();
    for (const { id, outcome } of one) {
      const both = [outcome, second.get(id) ?? ''];
      seen.add([...both].sort().join());
      if (outcome === 'NOT_FOUND') continue;
      expect([...both].sort(), id).toEqual(['CHANGED', 'STALE']);
      expect(now.get(id)?.assignee_id, id).toBe(outcome === 'CHANGED' ? READERS[0] : READERS[1]);
    }
    expect(seen.has('CHANGED,STALE')).toBe(true);
  });
});
