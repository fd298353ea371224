import type { Study } from '@negatoscope/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIndexApp, GROUP_A, type IndexApp, seedPatient, seedStudy, type Who } from '../../../test/support/index-app.ts';

let index: IndexApp;
let number = 0;
const READER = '019a0000-0000-7000-b000-000000000001';
const OTHER = '019a0000-0000-7000-b000-000000000002';
const STRANGER = '019a0000-0000-7000-b000-000000000003';
beforeAll(async () => {
  index = await createIndexApp();
  for (const [id, first, group] of [
    [READER, 'Reader', GROUP_A],
    [OTHER, 'Other', GROUP_A],
    [STRANGER, 'Stranger', null],
  ] as const)
    await index.owner.query(
      `INSERT INTO users (id, email, first_name, last_name, role, level, status, group_id, password_hash) VALUES ($1, $2, $3, 'X', 'RADIOLOGIST', 'WRITE', 'ACTIVE', $4, 'x')`,
      [id, `${first}@example.org`, first, group],
    );
});
afterAll(() => index.close());

async function study(groupId: string | null = GROUP_A): Promise<string> {
  number += 1;
  const patientId = await seedPatient(index.owner, { groupId, familyName: `Work ${number}` });
  const { id } = await seedStudy(index.owner, { patientId, groupId, uid: `1.2.826.99.${number}` });
  return id;
}
interface Item {
  readonly outcome: string;
  readonly study: Study | null;
}
const items = (json: unknown): Item[] => (json as { items: Item[] }).items;
async function change(who: Who, ...wanted: object[]): Promise<Item[]> {
  const { status, json } = await index.ask(who, 'POST', '/api/studies/work', { items: wanted });
  expect(status).toBe(200);
  return items(json);
}
const listed = async (who: Who, query: string): Promise<string[]> =>
  (await index.ask(who, 'GET', `/api/studies?limit=200&${query}`)).json.items.map(({ id }) => id);

describe('who reads a study, and how soon', () => {
  test('of two who assign at once the second is told, and sees whom the first has given it to', async () => {
    const id = await study();
    const [first] = await change('RADIOLOGIST@A', { id, version: 0, assigneeId: READER });
    expect(first).toMatchObject({ outcome: 'CHANGED', study: { assigneeName: 'Reader X', workVersion: 1 } });
    const [second] = await change('PHYSICIAN@A', { id, version: 0, assigneeId: OTHER });
    expect(second).toMatchObject({ outcome: 'STALE', study: { assigneeId: READER, assigneeName: 'Reader X', workVersion: 1 } });
    const [again] = await change('PHYSICIAN@A', { id, version: 1, assigneeId: OTHER });
    expect(again).toMatchObject({ outcome: 'CHANGED', study: { assigneeId: OTHER } });
    // Who wants what is so already has lost nothing.
    expect(await change('RADIOLOGIST@A', { id, version: 0, assigneeId: OTHER })).toMatchObject([{ outcome: 'SAME' }]);
  });

  test('each of several studies is changed, or says why not, by itself', async () => {
    const [own, foreign, given] = [await study(), await study('019a0000-0000-7000-a000-00000000000b'), await study()];
    const done = await change(
      'RADIOLOGIST@A',
      { id: own, urgency: 'STAT', status: 'IN_PROGRESS' },
      { id: foreign, urgency: 'STAT' },
      { id: given, assigneeId: STRANGER },
    );
    expect(done.map(({ outcome }) => outcome)).toEqual(['CHANGED', 'NOT_FOUND', 'NO_SUCH_PERSON']);
    expect(done[0]?.study).toMatchObject({ urgency: 'STAT', status: 'IN_PROGRESS' });
    expect(done[1]?.study).toBeNull();
    // Validating is for who validates.
    expect(await change('STAFF@A', { id: own, status: 'VALIDATED' })).toMatchObject([{ outcome: 'FORBIDDEN' }]);
    expect((await index.ask('RESEARCHER@A', 'POST', '/api/studies/work', { items: [{ id: own }] })).status).toBe(403);
  });

  test('a prior is archived and not to be read; taken back it is to be read again', async () => {
    const id = await study();
    expect(await change('STAFF@A', { id, isPrior: true })).toMatchObject([{ study: { status: 'ARCHIVED', isPrior: true } }]);
    expect(await listed('STAFF@A', 'status=TO_READ')).not.toContain(id);
    expect(await listed('STAFF@A', 'prior=true')).toEqual([id]);
    expect(await listed('STAFF@A', 'prior=false')).not.toContain(id);
    expect(await change('STAFF@A', { id, isPrior: false })).toMatchObject([{ study: { status: 'TO_READ', isPrior: false } }]);
    await change('STAFF@A', { id, isPrior: true });
    expect(await change('STAFF@A', { id, status: 'TO_READ' })).toMatchObject([{ study: { isPrior: false } }]);
  });

  test('the list is narrowed by whom a study is for and by how soon', async () => {
    const [mine, pressing, nobodys] = [await study(), await study(), await study()];
    await change('RADIOLOGIST@A', { id: mine, assigneeId: READER }, { id: pressing, urgency: 'URGENT', assigneeId: OTHER });
    expect(await listed('RADIOLOGIST@A', `assignee=${READER}&urgency=ROUTINE`)).toEqual([mine]);
    expect(await listed('RADIOLOGIST@A', 'urgency=PRESSING')).toContain(pressing);
    expect(await listed('RADIOLOGIST@A', 'urgency=PRESSING')).not.toContain(mine);
    const free = await listed('RADIOLOGIST@A', 'assignee=none');
    expect([free.includes(nobodys), free.includes(mine)]).toEqual([true, false]);
    expect(await listed('RADIOLOGIST@A', 'assignee=me')).toEqual([]);
    expect(await listed('RADIOLOGIST@A', `assignee=${READER}&q=work`)).toContain(mine);
    // What is finished is nobody's work any more: the first page's figures and their lists are of the same studies.
    await change('RADIOLOGIST@A', { id: mine, status: 'VALIDATED' }, { id: pressing, status: 'IN_PROGRESS' });
    const open = await listed('RADIOLOGIST@A', 'status=OPEN');
    expect([open.includes(mine), open.includes(pressing), open.includes(nobodys)]).toEqual([false, true, true]);
    for (const sort of ['studyDate', '-receivedAt', 'patientName'])
      expect((await listed('RADIOLOGIST@A', `status=OPEN&sort=${sort}`)).sort()).toEqual([...open].sort());
    expect(await listed('RADIOLOGIST@A', `status=OPEN&assignee=${READER}`)).not.toContain(mine);
  });
});

describe('labels', () => {
  const make = async (who: Who, body: object) => index.ask(who, 'POST', '/api/labels', body);

  test('are made by who may, one of a name in a group', async () => {
    const own = { name: 'Teaching', color: 'BLUE', groupId: GROUP_A };
    expect((await make('STAFF@A', own)).status).toBe(403);
    expect((await make('RADIOLOGIST@A', own)).status).toBe(200);
    expect((await make('RADIOLOGIST@A', own)).json.code).toBe('CONFLICT');
    expect((await make('RADIOLOGIST@A', { ...own, groupId: null })).status).toBe(403);
    expect((await make('RADIOLOGIST@B', { ...own })).status).toBe(403);
    expect((await make('ADMIN@-', { ...own, groupId: null })).status).toBe(200);
    const names = async (who: Who) => (await index.ask(who, 'GET', '/api/labels')).json.items.map(({ groupId }) => groupId);
    expect((await names('STAFF@A')).sort()).toEqual([GROUP_A, null].sort());
    expect(await names('STAFF@B')).toEqual([null]);
    expect((await index.ask('RESEARCHER@A', 'GET', '/api/labels')).status).toBe(403);
  });

  test('are put on studies of their group, found by them, and hidden from who sees no texts', async () => {
    const label = (await make('RADIOLOGIST@A', { name: 'Of Mrs Hours', color: 'RED', groupId: GROUP_A })).json.id;
    const [id, ungrouped] = [await study(), await study(null)];
    const [put, refused] = await change('STAFF@A', { id, addLabels: [label] }, { id: ungrouped, addLabels: [label] });
    expect(put).toMatchObject({ outcome: 'CHANGED', study: { labels: [{ id: label, name: 'Of Mrs Hours', color: 'RED' }] } });
    expect(refused).toMatchObject({ outcome: 'NO_SUCH_LABEL' });
    expect(await listed('STAFF@A', `label=${label}`)).toEqual([id]);
    expect(await listed('STAFF@A', `label=${label}&q=work`)).toEqual([id]);
    expect(await listed('STAFF@B', `label=${label}`)).toEqual([]);
    expect(await listed('RESEARCHER@A', `label=${label}`)).toEqual([]);
    expect((await index.ask('RESEARCHER@A', 'GET', '/api/studies?limit=200')).text).not.toContain('Mrs Hours');
    expect(await change('STAFF@A', { id, removeLabels: [label] })).toMatchObject([{ study: { labels: [] } }]);
    await change('STAFF@A', { id, addLabels: [label] });
    expect((await index.ask('RADIOLOGIST@B', 'DELETE', `/api/labels/${label}`)).status).toBe(404);
    expect((await index.ask('RADIOLOGIST@A', 'DELETE', `/api/labels/${label}`)).status).toBe(204);
    expect(await change('STAFF@A', { id })).toMatchObject([{ outcome: 'SAME', study: { labels: [] } }]);
  });
});
