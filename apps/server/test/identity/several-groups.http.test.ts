import { get } from 'node:http';
import { smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composed } from '../../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from '../dicomweb/support.ts';
import type { Browser } from '../support/app.ts';

const PLACES = ['A', 'B', 'C'] as const;
type Place = (typeof PLACES)[number];
const UIDS: Readonly<Record<Place, string>> = { A: '2.25.110001', B: '2.25.110002', C: '2.25.110003' };

let server: DicomwebServer;
let second: Awaited<ReturnType<DicomwebServer['another']>>;
let admin: Browser;
const group: Record<Place, string> = { A: '', B: '', C: '' };
const patient: Record<Place, string> = { A: '', B: '', C: '' };

const ask = (who: Browser, method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, payload?: object) =>
  server.app.inject({ method, url, headers: { ...who.headers }, ...(payload === undefined ? {} : { payload }) });

const picture = (uid: string): Buffer => {
  const dataset = {
    ...{ PatientID: uid, PatientName: `GROUPES^${uid}`, PatientBirthDate: '19700101', StudyDate: '20260301' },
    ...{ StudyInstanceUID: uid, SeriesInstanceUID: `${uid}.1`, SOPInstanceUID: `${uid}.1.1` },
  };
  return Buffer.from(smallPicture({ seed: uid, columns: 2, cells: new Uint16Array(4), modality: 'CT', dataset }).bytes);
};

beforeAll(async () => {
  server = await openDicomweb();
  second = await server.another();
  admin = await server.login('ADMIN');
  for (const place of PLACES) {
    group[place] = await server.makeGroup(`Groupe ${place}`);
    const member = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: group[place] }));
    expect((await server.store(member, [picture(UIDS[place])])).statusCode).toBe(200);
    const { items } = (await ask(member, 'GET', '/api/patients')).json<{ items: Json[] }>();
    patient[place] = items[0].id;
  }
});
afterAll(async () => {
  await second.close();
  await server.close();
});

const makeMember = (role: 'PHYSICIAN' | 'RADIOLOGIST' | 'RESEARCHER' = 'RADIOLOGIST') =>
  server.makeUser({ role, groupId: group.A, groupIds: [group.B] });
const setGroups = (id: string, body: object) => ask(admin, 'PATCH', `/api/users/${id}`, body);

/** Which of the places each way in shows. */
async function sightOf(who: Browser, at: Pick<DicomwebServer, 'app'> = server): Promise<Record<string, string>> {
  const { host } = new URL(server.settings.publicUrl);
  const asked = (url: string) => at.app.inject({ method: 'GET', url, headers: { ...who.headers, host } });
  const named = async (url: string): Promise<string> => {
    const { body, statusCode } = await asked(url);
    expect(statusCode).toBe(200);
    return PLACES.filter((place) => body.includes(UIDS[place]) || body.includes(patient[place])).join('');
  };
  const answered = async (of: (place: Place) => string): Promise<string> => {
    const statuses = await Promise.all(PLACES.map(async (place) => (await asked(of(place))).statusCode));
    expect(statuses.filter((status) => status !== 200 && status !== 404)).toEqual([]);
    return PLACES.filter((_, index) => statuses[index] === 200).join('');
  };
  return {
    patients: await named('/api/patients'),
    studies: await named('/api/studies'),
    qido: await named('/dicom-web/studies'),
    fhir: await named('/fhir/Patient'),
    record: await answered((place) => `/api/patients/${patient[place]}`),
    frames: await answered(
      (place) => `/dicom-web/studies/${UIDS[place]}/series/${UIDS[place]}.1/instances/${UIDS[place]}.1.1/frames/1`,
    ),
    inGroup: await answered((place) => `/dicom-web/groups/${group[place]}/studies/${UIDS[place]}/metadata`),
    export: await answered((place) => `/api/patients/${patient[place]}/export`),
  };
}
/** A stream of events, once it has begun; `ended` when the server has cut it. */
const openEvents = (address: string, { cookie }: Browser): Promise<{ readonly ended: Promise<boolean> }> =>
  new Promise((resolve, reject) => {
    get(`${address}/api/studies/events`, { headers: { cookie }, agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(String(response.statusCode)));
      response.on('error', () => undefined);
      const ended = new Promise<boolean>((done) => response.once('close', () => done(true)));
      response.once('data', () => resolve({ ended }));
      return undefined;
    }).on('error', reject);
  });

const everywhere = (places: string) => ({
  ...{ patients: places, studies: places, qido: places, fhir: places },
  ...{ record: places, frames: places, inGroup: places, export: places },
});

describe('a person of several groups', () => {
  test('sees what is of each of them and nothing of others, by every way in; and less at once, on every node', async () => {
    const user = await makeMember();
    const who = await server.login(user);
    expect(await sightOf(who)).toEqual(everywhere('AB'));
    expect(await sightOf(who, second)).toEqual(everywhere('AB'));
    expect((await setGroups(user.id, { groupIds: [group.B] })).statusCode).toBe(200);
    expect(await sightOf(who)).toEqual(everywhere('B'));
    await expect.poll(async () => (await sightOf(who, second)).frames, { timeout: 1_000 }).toBe('B');
    expect((await setGroups(user.id, { groupIds: [group.B, group.C] })).statusCode).toBe(200);
    expect(await sightOf(who)).toEqual(everywhere('BC'));
  });

  test('has a researcher’s sight the same way', async () => {
    const who = await server.login(await makeMember('RESEARCHER'));
    const { body } = await ask(who, 'GET', '/dicom-web/studies');
    expect(PLACES.filter((place) => body.includes(UIDS[place]))).toEqual(['A', 'B']);
  });

  test('has open streams of events cut within a second when one group is taken away, by whichever node they came', async () => {
    const user = await makeMember();
    const who = await server.login(user);
    const addresses = await Promise.all([server, second].map(({ app }) => app.listen({ host: '127.0.0.1', port: 0 })));
    const ends = await Promise.all(addresses.map((address) => openEvents(address, who)));
    await setGroups(user.id, { groupIds: [group.A] });
    const late = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 1_000));
    expect(await Promise.all(ends.map(({ ended }) => Promise.race([ended, late])))).toEqual([true, true]);
  });

  test('whose rows change at psql is known anew as well', async () => {
    const user = await makeMember();
    const who = await server.login(user);
    expect((await sightOf(who)).record).toBe('AB');
    await server.db.withSystem((tx) => tx.run('DELETE FROM user_groups WHERE user_id = $1', [user.id]));
    await expect.poll(async () => (await sightOf(who)).record, { timeout: 1_000 }).toBe('A');
  });

  test('makes and imports in the main one, unless they name another of theirs', async () => {
    const who = await server.login(await makeMember());
    const made = async (groupId?: string) =>
      (await ask(who, 'POST', '/api/patients', { lastName: 'Neuf', ...(groupId && { groupId }) })).json<Json>();
    expect(await made()).toMatchObject({ groupId: group.A });
    expect(await made(group.B)).toMatchObject({ groupId: group.B });
    expect(await made(group.C)).toMatchObject({ status: 403 });
    const imported = async (into: object) => {
      const opened = await ask(who, 'POST', '/api/imports', into);
      if (opened.statusCode !== 201) return opened.statusCode;
      const text = 'SELECT group_id FROM imports WHERE id = $1';
      const rows = await server.db.withSystem((tx) => tx.rows(composed({ text, values: [opened.json<Json>().id] })));
      return (rows as { group_id: string }[])[0]?.group_id; // As the text says.
    };
    expect(await imported({ groupId: group.B })).toBe(group.B);
    expect(await imported({})).toBe(group.A);
    expect(await imported({ groupId: group.C })).toBe(403);
    const label = async (groupId: string) =>
      (await ask(who, 'POST', '/api/labels', { name: `L ${groupId}`, color: 'BLUE', groupId })).statusCode;
    expect([await label(group.A), await label(group.B), await label(group.C)]).toEqual([200, 200, 403]);
  });

  test('is asked which one is meant where one UID is in two of them; what is in one of them goes before what is in none', async () => {
    const uid = '2.25.110009';
    for (const groupId of [group.A, group.B, null]) {
      const member = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId }));
      expect((await server.store(member, [picture(uid)])).statusCode).toBe(200);
    }
    const who = await server.login(await makeMember());
    const codeOf = async (url: string) => (await ask(who, 'GET', url)).json<Json>().code ?? 'ok';
    expect(await codeOf(`/api/studies/${uid}`)).toBe('AMBIGUOUS_UID');
    expect(await codeOf(`/dicom-web/studies/${uid}/metadata`)).toBe('AMBIGUOUS_UID');
    expect(await codeOf(`/api/studies/${uid}?groupId=${group.B}`)).toBe('ok');
    expect(await codeOf(`/dicom-web/groups/${group.B}/studies/${uid}/metadata`)).toBe('ok');
    const one = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: group.B }));
    expect((await ask(one, 'GET', `/api/studies/${uid}`)).json()).toMatchObject({ groupId: group.B });
  });
});

describe('the groups of an account', () => {
  const codeOf = async (body: object, id: string) => {
    const { statusCode, ...answer } = await setGroups(id, body);
    return statusCode === 200 ? [answer.json<Json>().groupId, answer.json<Json>().groupIds] : answer.json<Json>().code;
  };

  test('are told beside the main one, which clients of before read and write', async () => {
    const { id } = await server.makeUser();
    const { A, B, C } = group;
    const [first, last] = [B, C].sort();
    expect(await codeOf({ groupIds: [A, B, C] }, id)).toEqual([A, [A, first, last]]);
    expect(await codeOf({ groupId: B, groupIds: [A, B] }, id)).toEqual([B, [B, A]]);
    expect(await codeOf({ firstName: 'Awa' }, id)).toEqual([B, [B, A]]);
    expect(await codeOf({ groupId: C }, id)).toEqual([C, [C]]);
    expect(await codeOf({ groupId: null }, id)).toEqual([null, []]);
    expect(await codeOf({ groupIds: [] }, id)).toEqual([null, []]);
    expect(await codeOf({ groupId: C, groupIds: [A, B] }, id)).toBe('VALIDATION_FAILED');
    expect(await codeOf({ groupId: null, groupIds: [A] }, id)).toBe('VALIDATION_FAILED');
    expect(await codeOf({ groupIds: [A, id] }, id)).toBe('VALIDATION_FAILED');
    // The main one was taken away by a process of before, which knows no other.
    await setGroups(id, { groupIds: [A, B] });
    const text = 'UPDATE users SET group_id = NULL WHERE id = $1';
    await server.db.withSystem((tx) => tx.run(composed({ text, values: [id] })));
    expect(await codeOf({ lastName: 'Sy' }, id)).toEqual([B, [B]]);
    expect(await codeOf({ groupIds: [B, C] }, id)).toEqual([B, [B, C]]);
    const made = await ask(admin, 'POST', '/api/users', {
      ...{ email: 'plusieurs@example.org', firstName: 'Zoé', lastName: 'B', role: 'STAFF', groupIds: [B, A] },
    });
    expect(made.json()).toMatchObject({ groupId: B, groupIds: [B, A] });
  });

  test('are found by any of them, counted in each, and told in the history and the review', async () => {
    const user = await makeMember();
    await setGroups(user.id, { groupIds: [group.C, group.B] });
    const found = async (query: string) =>
      (await ask(admin, 'GET', `/api/users?limit=200&${query}`)).json<{ items: Json[] }>().items.map(({ id }) => id);
    for (const place of ['B', 'C'] as const) expect(await found(`groupId=${group[place]}`)).toContain(user.id);
    expect(await found(`groupId=${group.A}`)).not.toContain(user.id);
    expect(await found('groupId=none')).not.toContain(user.id);
    const history = (await ask(admin, 'GET', `/api/users/${user.id}/history`)).json<{ items: Json[] }>();
    const further = `${group.A} ${group.B}`;
    expect(history.items[0]).toMatchObject({
      ...{ kind: 'RIGHTS' },
      changes: [{ field: 'groupIds', from: further, to: `${group.C} ${group.B}`, isTold: true }],
    });
    const review = (await ask(admin, 'GET', '/api/access-review')).json<{ people: Json[] }>();
    const reviewed = review.people.find(({ id }) => id === user.id);
    expect(reviewed.groups).toEqual([
      { id: group.C, name: 'Groupe C' },
      { id: group.B, name: 'Groupe B' },
    ]);
    expect(reviewed.patients).toBeGreaterThanOrEqual(2);
    const own = (await ask(await server.login(user), 'GET', '/api/groups')).json<{ items: Json[] }>();
    expect(own.items.map(({ name }) => name)).toEqual(['Groupe B', 'Groupe C']);
  });

  test('lose one that is deleted; another becomes the main one', async () => {
    const gone = await server.makeGroup('Bref');
    const main = await server.makeUser({ role: 'PHYSICIAN', groupId: gone, groupIds: [group.B] });
    const beside = await server.makeUser({ role: 'PHYSICIAN', groupId: group.B, groupIds: [gone] });
    expect((await ask(admin, 'GET', '/api/groups?q=bref')).json()).toMatchObject({ items: [{ userCount: 2 }] });
    expect((await ask(admin, 'DELETE', `/api/groups/${gone}`)).statusCode).toBe(204);
    for (const { id } of [main, beside])
      expect((await ask(admin, 'GET', `/api/users/${id}`)).json()).toMatchObject({ groupId: group.B, groupIds: [group.B] });
  });
});
