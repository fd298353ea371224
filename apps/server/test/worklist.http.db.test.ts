import { type Dataset, smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composed } from '../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import type { Browser } from './support/app.ts';

let server: DicomwebServer;
let groupId: string;
let admin: Browser;
let awa: Browser;
let jean: Browser;
let stranger: Browser;
beforeAll(async () => {
  server = await openDicomweb();
  groupId = await server.makeGroup();
  admin = await server.login('ADMIN');
  awa = await server.login(await server.makeUser({ role: 'RADIOLOGIST', firstName: 'Awa', lastName: 'Diop', groupId }));
  jean = await server.login(await server.makeUser({ role: 'PHYSICIAN', firstName: 'Jean', lastName: 'Ba', groupId }));
  stranger = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: await server.makeGroup() }));
});
afterAll(() => server.close());

let count = 0;
/** A stored study of one small image; gives its row. */
async function study(dataset: Dataset = {}): Promise<Json> {
  count += 1;
  const uid = `2.25.880${count}0`;
  const own = { PatientID: `W${count}`, PatientName: `Worklist^${count}`, ...dataset };
  const { bytes } = smallPicture({
    ...{ seed: `worklist ${count}`, columns: 2, frames: 1, cells: new Uint16Array(4), modality: 'CT' },
    dataset: { ...own, StudyInstanceUID: uid, SeriesInstanceUID: `${uid}.1`, SOPInstanceUID: `${uid}.1.1` },
  });
  expect((await server.store(awa, [Buffer.from(bytes)], `/groups/${groupId}/studies`)).statusCode).toBe(200);
  return (await ask(awa, 'GET', `/api/studies/${uid}`)).json;
}
async function ask(who: Browser, method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, body?: object) {
  const answer = await server.app.inject({ method, url, headers: who.headers, ...(body === undefined ? {} : { payload: body }) });
  return { status: answer.statusCode, json: (answer.body === '' ? undefined : answer.json()) as Json };
}
const work = async (who: Browser, item: object): Promise<Json> =>
  (await ask(who, 'POST', '/api/studies/work', { items: [item] })).json.items[0];
const notices = async (who: Browser): Promise<Json> => (await ask(who, 'GET', '/api/notices')).json;

/** Names and data of events until one fits; the stream ends with it. */
async function heard(
  who: Browser,
  url: string,
  fits: (name: string, data: Json) => boolean,
  act: () => Promise<unknown>,
): Promise<Json> {
  const answer = await server.app.inject({ method: 'GET', url, headers: who.headers, payloadAsStream: true });
  const stream = answer.stream();
  let text = '';
  let hasActed = false;
  for await (const piece of stream) {
    text += String(piece);
    if (!hasActed) await act();
    hasActed = true;
    for (const [, name = '', data = ''] of text.matchAll(/event: (\w+)\ndata: (.*)\n\n/g))
      if (fits(name, JSON.parse(data))) {
        stream.destroy();
        return JSON.parse(data);
      }
  }
  throw new Error('The stream ended.');
}

describe('a worklist that lives', () => {
  test('hears of an arrival, and of who is to read it', async () => {
    const seen = await heard(
      awa,
      '/api/studies/events',
      (name, { items }) => name === 'changed' && items.length > 0,
      () => study(),
    );
    expect(seen.items[0].patient.lastName).toBe('Worklist');
    const { id } = seen.items[0];
    const isAssigned = (name: string, { items }: Json) =>
      name === 'changed' && items.some((one: Json) => one.assigneeName === 'Jean Ba');
    await heard(awa, '/api/studies/events', isAssigned, () => work(awa, { id, assigneeId: jean.user.id, urgency: 'STAT' }));
    expect(await work(stranger, { id, urgency: 'ROUTINE' })).toEqual({ id, outcome: 'NOT_FOUND', study: null });
    expect(await work(awa, { id, assigneeId: stranger.user.id })).toMatchObject({ outcome: 'NO_SUCH_PERSON' });
  });

  test('labels go where their study goes, and with it', async () => {
    const { id, studyInstanceUid } = await study();
    const label = (await ask(admin, 'POST', '/api/labels', { name: 'Teaching', color: 'TEAL', groupId })).json;
    await work(awa, { id, addLabels: [label.id] });
    const patientId = (
      await ask(admin, 'POST', '/api/patients', { lastName: 'Elsewhere', firstName: 'E', birthDate: '1980-01-01' })
    ).json.id;
    const moved = await server.app.inject({
      ...{ method: 'PATCH', url: `/api/studies/${studyInstanceUid}`, headers: admin.headers },
      payload: { patientId, acceptMismatch: true, mismatchReason: 'a test' },
    });
    expect(moved.json()).toMatchObject({ groupId: null, labels: [{ name: 'Teaching', color: 'TEAL' }] });
    const rows = await server.db.withSystem((tx) =>
      tx.rows(composed({ text: 'SELECT group_id FROM study_labels WHERE study_id = $1', values: [id] })),
    );
    expect(rows).toEqual([{ group_id: null }]);
    // Nothing of it is told by DICOM.
    expect(
      (await server.app.inject({ method: 'GET', url: '/dicom-web/studies?includefield=all', headers: admin.headers })).body,
    ).not.toContain('Teaching');
  });
});

describe('people to choose from', () => {
  const offered = async (who: Browser, of?: string): Promise<string[]> =>
    (await ask(who, 'GET', `/api/studies/readers${of === undefined ? '' : `?groupId=${of}`}`)).json.items.map(
      ({ id }: Json) => id,
    );

  test('are colleagues: of one’s own groups, or of none; of other groups no list is given, whatever is asked for', async () => {
    const other = await server.makeGroup();
    const there = await server.makeUser({ role: 'RADIOLOGIST', groupId: other });
    const both = await server.makeUser({ role: 'RADIOLOGIST', groupId: other, groupIds: [groupId] });
    const nowhere = await server.makeUser({ role: 'RADIOLOGIST' });
    expect(await offered(awa, other)).toEqual([both.id]);
    const all = await offered(awa, 'none');
    expect(all).toEqual(expect.arrayContaining([awa.user.id, jean.user.id, both.id, nowhere.id]));
    expect(all).not.toContain(there.id);
    expect(await offered(awa)).toEqual(all);
    expect(await offered(admin, other)).toEqual(expect.arrayContaining([there.id, both.id]));
    expect(await offered(admin)).toContain(there.id);
  });

  test('the name of who reads a study is shown to all who see it, and nothing else of them', async () => {
    const other = await server.makeGroup();
    const reader = await server.makeUser({
      role: 'RADIOLOGIST',
      firstName: 'Zoé',
      lastName: 'Ailleurs',
      groupId: other,
      groupIds: [groupId],
    });
    const one = await study();
    await work(admin, { id: one.id, assigneeId: reader.id });
    // They leave the group; the study stays theirs to read by name.
    await server.db.withSystem((tx) => tx.run('DELETE FROM user_groups WHERE user_id = $1', [reader.id]));
    const seen = await ask(awa, 'GET', `/api/studies/${one.studyInstanceUid}`);
    expect(seen.json).toMatchObject({ assigneeId: reader.id, assigneeName: 'Zoé Ailleurs' });
    expect(JSON.stringify(seen.json)).not.toContain(reader.email);
    expect((await ask(awa, 'GET', '/api/users')).status).toBe(403);
    expect((await ask(awa, 'GET', '/api/stats/people')).status).toBe(403);
  });
});

describe('notices', () => {
  test('tell a person of a study that somebody else gives them, once, until they have read it', async () => {
    const { id, studyInstanceUid } = await study();
    const before = await notices(jean);
    const { unread } = await heard(
      jean,
      '/api/notices/events',
      (_name, data) => data.unread > before.unread,
      () => work(awa, { id, assigneeId: jean.user.id }),
    );
    expect(unread).toBe(before.unread + 1);
    const [latest] = (await notices(jean)).items;
    expect(latest).toMatchObject({
      kind: 'STUDY_ASSIGNED',
      readAt: null,
      study: { studyInstanceUid, patientName: expect.stringMatching(/^WORKLIST \d/) },
    });
    expect((await notices(awa)).items.some((one: Json) => one.kind === 'STUDY_ASSIGNED')).toBe(false);
    expect((await ask(awa, 'POST', '/api/notices/read', { ids: [latest.id] })).json.unread).toBe((await notices(awa)).unread);
    expect((await notices(jean)).unread).toBe(unread);
    expect((await ask(jean, 'POST', '/api/notices/read', {})).json).toEqual({ unread: 0 });
    // What goes out of one's reach is told of no more.
    await server.db.withSystem((tx) =>
      tx.run(composed({ text: 'UPDATE studies SET deleted_at = now() WHERE id = $1', values: [id] })),
    );
    expect((await notices(jean)).items.find((one: Json) => one.id === latest.id)).toMatchObject({ study: null });
  });

  test('tell of an import that ended', async () => {
    const { json } = await ask(awa, 'POST', '/api/imports', {});
    expect((await ask(awa, 'POST', `/api/imports/${json.id}/finish`)).status).toBe(200);
    expect((await notices(awa)).items[0]).toMatchObject({ kind: 'IMPORT_DONE', entityId: json.id, study: null });
  });
});

describe('views of the list', () => {
  const content = { columns: [{ id: 'patient', width: 200 }], sort: 'receivedAt', filters: { status: 'TO_READ' } };
  const save = (who: Browser, body: object) =>
    ask(who, 'PUT', '/api/list-views', { level: 'OWN', siteId: null, name: 'Mine', content, ...body });
  const names = async (who: Browser): Promise<string[]> =>
    (await ask(who, 'GET', '/api/list-views')).json.items.map(({ level, name }: Json) => `${level} ${name}`);

  test('are one’s own, or an administrator shares them with a site', async () => {
    expect((await save(awa, {})).status).toBe(200);
    expect((await save(awa, { name: '', content: { ...content, sort: null } })).status).toBe(200);
    expect((await save(awa, { level: 'SITE', name: 'All' })).status).toBe(403);
    const shared = (await save(admin, { level: 'SITE', siteId: groupId, name: 'Night' })).json;
    expect(await names(awa)).toEqual(['SITE Night', 'OWN ', 'OWN Mine']);
    expect(await names(jean)).toEqual(['SITE Night']);
    expect(await names(stranger)).toEqual([]);
    expect((await ask(stranger, 'DELETE', `/api/list-views/${shared.id}`)).status).toBe(404);
    expect((await ask(jean, 'DELETE', `/api/list-views/${shared.id}`)).status).toBe(403);
    expect((await ask(admin, 'DELETE', `/api/list-views/${shared.id}`)).status).toBe(204);
  });

  test('that were taken away are unknown to who takes them away again, and new to who saves them again', async () => {
    const first = (await save(admin, { level: 'SITE', siteId: groupId, name: 'Guard' })).json;
    expect((await ask(admin, 'DELETE', `/api/list-views/${first.id}`)).status).toBe(204);
    expect((await ask(admin, 'DELETE', `/api/list-views/${first.id}`)).json).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(await names(jean)).toEqual([]);
    const again = (await save(admin, { level: 'SITE', siteId: groupId, name: 'Guard' })).json;
    expect(again.id).not.toBe(first.id);
    expect(await names(jean)).toEqual(['SITE Guard']);
    await ask(admin, 'DELETE', `/api/list-views/${again.id}`);
  });

  test('that are saved over one of their name say what that one showed, so that it can be brought back', async () => {
    const other = { columns: null, sort: null, filters: { modality: 'MR' } };
    const shared = { level: 'SITE', siteId: groupId, name: 'Night' };
    expect((await save(admin, shared)).json.replaced).toBeNull();
    expect((await save(admin, { ...shared, content: other })).json).toMatchObject({ content: other, replaced: content });
    // One's own of that name, and everybody's, are others.
    expect((await save(admin, { name: 'Night', content: other })).json.replaced).toBeNull();
    expect((await save(admin, { ...shared, siteId: null, content: other })).json.replaced).toBeNull();
    // Whoever saves at the same moment writes over what the other has saved, not over what both saw.
    const both = await Promise.all(
      [1, 2].map((at) => save(admin, { ...shared, content: { ...other, filters: { q: String(at) } } })),
    );
    const replaced = both.map(({ json }) => JSON.stringify(json.replaced.filters));
    expect(replaced.filter((one) => one === JSON.stringify(other.filters))).toHaveLength(1);
    expect(new Set(replaced).size).toBe(2);
    for (const { id } of (await ask(admin, 'GET', '/api/list-views')).json.items)
      await ask(admin, 'DELETE', `/api/list-views/${id}`);
    expect((await ask(admin, 'DELETE', `/api/list-views/${both[0]?.json.id}`)).status).toBe(204);
  });

  test('are fifty at most, each of which can still be changed, as can how one leaves the list', async () => {
    for (let at = 0; at < 50; at += 1) expect((await save(jean, { name: `View ${at}` })).status).toBe(200);
    expect((await save(jean, { name: 'One more' })).json).toMatchObject({ status: 422, code: 'UNPROCESSABLE' });
    expect((await save(jean, { name: 'View 7', content: { ...content, sort: null } })).json.content.sort).toBeNull();
    expect((await save(jean, { name: '' })).status).toBe(200);
    expect(await names(jean)).toHaveLength(51);
  });
});

test('figures of the work are one’s own, and those of the disk are the administrator’s', async () => {
  const { id } = await study();
  const before = (await ask(awa, 'GET', '/api/stats/work')).json;
  await work(awa, { id, assigneeId: awa.user.id, urgency: 'URGENT' });
  const after = (await ask(awa, 'GET', '/api/stats/work')).json;
  expect([after.mine - before.mine, after.pressing - before.pressing, before.nobodys - after.nobodys]).toEqual([1, 1, 1]);
  await work(awa, { id, status: 'VALIDATED' });
  expect((await ask(awa, 'GET', '/api/stats/work')).json).toMatchObject({ mine: before.mine, turnaround: { studies: 1 } });
  expect((await ask(awa, 'GET', '/api/system/disk')).status).toBe(403);
  expect((await ask(admin, 'GET', '/api/system/disk')).json.totalBytes).toBeGreaterThan(0);
});
