import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { insertAccess } from '../../src/features/sharing/repository.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Browser } from '../support/app.ts';
import { openSharing, picture, type SharedImage, type SharingServer, type Visitor } from './support.ts';

const MINUTE_MS = 60_000;

let server: SharingServer;
let group: string;
let other: string;
let admin: Browser;
let author: Browser;
let shared: SharedImage;
let number = 600;
beforeAll(async () => {
  server = await openSharing();
  [group, other] = [await server.makeGroup('Nord'), await server.makeGroup('Sud')];
});
afterAll(() => server.close());
beforeEach(async () => {
  admin = await server.login('ADMIN');
  author = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: group }));
  number += 1;
  shared = await server.image(author, `2.25.${number}`, 'Nommee');
});

const codeOf = (answer: { json(): unknown }): unknown => (answer.json() as { code?: unknown }).code;
const sql = (
  text: 'UPDATE users SET status = $2 WHERE id = $1' | 'UPDATE users SET group_id = $2::uuid WHERE id = $1',
  id: string,
  value: string,
) => server.db.withSystem((tx) => tx.run(text, [id, value]));

/** Every way in is shut, and all that is told is the same; an answer to nobody names nobody. */
async function expectShut(secret: string, visitor?: Visitor): Promise<void> {
  const opened = await server.open(secret);
  const unknown = await server.open('A'.repeat(43));
  expect([opened.statusCode, codeOf(opened)]).toEqual([404, 'SHARE_UNKNOWN']);
  expect(opened.body).toBe(unknown.body);
  expect(opened.headers['set-cookie']).toBeUndefined();
  for (const url of visitor === undefined ? [] : ['/api/shared', picture(shared), `/api/shared/series/${shared.seriesId}`]) {
    const answer = await server.as(visitor ?? { cookie: '' }, url);
    expect([401, 404], url).toContain(answer.statusCode);
    expect(answer.body).not.toMatch(/nommee/i);
  }
}

describe('a share ends (reliability S25)', () => {
  test('by its time, for visits that are open too', async () => {
    const expiresAt = new Date(server.clock.now().getTime() + 2 * MINUTE_MS).toISOString();
    const { secret, id } = await server.share(author, { studyIds: [shared.studyId], expiresAt });
    const visitor = await server.visit(secret);
    server.clock.advance(2 * MINUTE_MS);
    await expectShut(secret, visitor);
    const again = await server.login(author.user);
    expect((await server.call(again, 'GET', `/api/shares/${id}`)).json()).toMatchObject({ state: 'EXPIRED' });
  });

  test('by being withdrawn, at once and for good, in another process too; a second time changes nothing', async () => {
    const second = await server.another();
    try {
      const { secret, id } = await server.share(author, { studyIds: [shared.studyId] });
      const visitor = await server.visit(secret);
      const host = new URL(server.settings.publicUrl).host;
      const there = () => second.app.inject({ method: 'GET', url: picture(shared), headers: { cookie: visitor.cookie, host } });
      expect((await there()).statusCode).toBe(200);
      expect((await server.call(author, 'DELETE', `/api/shares/${id}`)).statusCode).toBe(204);
      expect((await server.call(author, 'DELETE', `/api/shares/${id}`)).statusCode).toBe(204);
      await expectShut(secret, visitor);
      await expect.poll(async () => (await there()).statusCode, { timeout: 20_000 }).toBe(401);
      expect((await server.call(author, 'GET', `/api/shares/${id}`)).json()).toMatchObject({
        state: 'WITHDRAWN',
        endedAt: expect.any(String),
      });
    } finally {
      await second.close();
    }
  });

  test('by the number of its openings, also where several come at once, each that is refused on record; who is in goes on', async () => {
    const { secret, id } = await server.share(author, { studyIds: [shared.studyId], maxOpenings: 2 });
    const visitor = await server.visit(secret);
    const both = await Promise.all([1, 2, 3].map(() => server.open(secret)));
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([201, 404, 404]);
    expect((await server.as(visitor, picture(shared))).statusCode).toBe(200);
    await expectShut(secret);
    const told = (await server.call(author, 'GET', `/api/shares/${id}`)).json<{ accesses: { outcome: string }[] }>();
    expect(told).toMatchObject({ state: 'USED_UP', openings: 2 });
    // Two that came at once, and one that came after.
    expect(told.accesses.filter(({ outcome }) => outcome === 'REFUSED')).toHaveLength(3);
    const events = (await server.call(admin, 'GET', `/api/audit?entity=${id}`)).json<{ items: { action: string }[] }>();
    expect(events.items.filter(({ action }) => action === 'share.refused')).toHaveLength(3);
  });

  test('by ten wrong codes, however many at once, and its author is told', async () => {
    const { secret, id, code } = await server.share(author, { studyIds: [shared.studyId], withCode: true });
    const needed = await server.open(secret);
    expect([needed.statusCode, codeOf(needed)]).toEqual([401, 'SHARE_CODE_NEEDED']);
    const wrong = code === '00000000' ? '00000001' : '00000000';
    await server.visit(secret, code ?? '');
    const tried = await Promise.all(Array.from({ length: 14 }, () => server.open(secret, wrong)));
    const told = tried.map(codeOf);
    expect(told.filter((one) => one === 'SHARE_CODE_WRONG')).toHaveLength(10);
    expect(told.filter((one) => one === 'SHARE_UNKNOWN')).toHaveLength(4);
    const right = await server.open(secret, code ?? '');
    expect([right.statusCode, codeOf(right)]).toEqual([404, 'SHARE_UNKNOWN']);
    await expectShut(secret);
    const details = (await server.call(author, 'GET', `/api/shares/${id}`)).json<{ accesses: { outcome: string }[] }>();
    expect(details).toMatchObject({ state: 'CLOSED' });
    expect(details.accesses.filter(({ outcome }) => outcome === 'CODE_WRONG')).toHaveLength(10);
    expect((await server.call(author, 'GET', '/api/notices')).json()).toMatchObject({
      items: [{ kind: 'SHARE_CLOSED', study: null }],
    });
  });

  test('a right code takes nothing from those that are left', async () => {
    const { secret, code } = await server.share(author, { studyIds: [shared.studyId], withCode: true });
    for (let turn = 0; turn < 12; turn += 1) await server.visit(secret, code ?? '');
  });

  test('where its author is suspended, deleted, or sees the study no more; and is there again when they do', async () => {
    const { secret, id } = await server.share(author, { studyIds: [shared.studyId] });
    const visitor = await server.visit(secret);
    await sql('UPDATE users SET status = $2 WHERE id = $1', author.user.id, 'SUSPENDED');
    server.clock.advance(1001);
    await expectShut(secret, visitor);
    expect((await server.call(admin, 'GET', `/api/shares/${id}`)).json()).toMatchObject({ state: 'LOST' });
    await sql('UPDATE users SET status = $2 WHERE id = $1', author.user.id, 'ACTIVE');
    await server.visit(secret);
    await sql('UPDATE users SET group_id = $2::uuid WHERE id = $1', author.user.id, other);
    server.clock.advance(1001);
    await expectShut(secret, visitor);
    expect((await server.call(admin, 'DELETE', `/api/users/${author.user.id}`)).statusCode).toBeLessThan(300);
    await expectShut(secret, visitor);
    expect((await server.call(admin, 'GET', `/api/shares/${id}`)).json()).toMatchObject({ author: null, state: 'LOST' });
  });

  test('for a study that is moved to another group or to the trash; the other ones stay, and nothing comes to it by a wider scope of its author', async () => {
    const [moved, trashed, kept] = [
      shared,
      await server.image(author, `2.25.${number}001`, 'Jetee'),
      await server.image(author, `2.25.${number}002`, 'Gardee'),
    ];
    const { secret } = await server.share(author, { studyIds: [moved, trashed, kept].map(({ studyId }) => studyId) });
    const visitor = await server.visit(secret);
    expect((await server.view(visitor)).studies).toHaveLength(3);
    const { updatedAt } = (await server.call(admin, 'GET', `/api/patients/${moved.patientId}`)).json<{ updatedAt: string }>();
    const went = await server.call(admin, 'PATCH', `/api/patients/${moved.patientId}`, { groupId: other, updatedAt });
    expect(went.statusCode).toBe(200);
    expect((await server.call(admin, 'DELETE', `/api/studies/${trashed.study}`)).statusCode).toBeLessThan(300);
    server.clock.advance(1001);
    const left = await server.view(visitor);
    expect(left.studies.map(({ studyInstanceUid }) => studyInstanceUid)).toEqual([kept.study]);
    expect((await server.as(visitor, picture(moved))).statusCode).toBe(404);
    expect((await server.as(visitor, picture(trashed))).statusCode).toBe(404);
    // Who sees everything from now on still shares what they shared.
    await server.image(author, `2.25.${number}003`, 'Autre');
    await server.db.withSystem((tx) =>
      tx.run("UPDATE users SET role = 'ADMIN', level = 'ADMIN' WHERE id = $1", [author.user.id]),
    );
    server.clock.advance(1001);
    const wide = await server.view(visitor);
    expect(wide.studies.map(({ studyInstanceUid }) => studyInstanceUid).sort()).toEqual([moved.study, kept.study].sort());
  });

  test('not by a merge of its patient into another: it shows what its study shows, under the name that the study has now, and after the undo again under the first', async () => {
    const into = await server.image(author, `2.25.${number}004`, 'Retenue');
    const { secret } = await server.share(author, { studyIds: [shared.studyId] });
    const visitor = await server.visit(secret);
    const named = async () => {
      server.clock.advance(1001);
      return server.view(visitor);
    };
    expect((await named()).studies).toMatchObject([
      { studyInstanceUid: shared.study, patientName: expect.stringMatching(/nommee/i) },
    ]);
    await server.db.withSystem((tx) =>
      tx.run("UPDATE patients SET identity_status = 'IDENTITY_REVIEW', identity_reason = 'CONTRADICTION' WHERE id = $1", [
        shared.patientId,
      ]),
    );
    const decided = await server.call(admin, 'POST', `/api/identity-review/${shared.patientId}/decision`, {
      decision: 'same',
      patientId: into.patientId,
    });
    expect(decided.statusCode, decided.body).toBeLessThan(300);
    // One study, as before: that of the record that it is in now stays its own.
    expect((await named()).studies).toMatchObject([
      { studyInstanceUid: shared.study, patientName: expect.stringMatching(/retenue/i) },
    ]);
    expect((await server.as(visitor, picture(shared))).statusCode).toBe(200);
    expect((await server.as(visitor, picture(into))).statusCode).toBe(404);
    expect((await server.open(secret)).statusCode).toBe(201);
    const [merge] = (await server.call(admin, 'GET', `/api/patients/${into.patientId}/merges`)).json<{
      items: { id: string }[];
    }>().items;
    const undone = await server.call(admin, 'POST', `/api/patient-merges/${merge?.id}/undo`, {});
    expect(undone.statusCode, undone.body).toBeLessThan(300);
    expect((await named()).studies).toMatchObject([
      { studyInstanceUid: shared.study, patientName: expect.stringMatching(/nommee/i) },
    ]);
    expect((await server.as(visitor, picture(shared))).statusCode).toBe(200);
  });
});

describe('a visit', () => {
  test('ends after half an hour without use, and after eight hours whatever is done', async () => {
    const { secret } = await server.share(author, { studyIds: [shared.studyId] });
    const idle = await server.visit(secret);
    server.clock.advance(29 * MINUTE_MS);
    expect((await server.as(idle, '/api/shared')).statusCode).toBe(200);
    server.clock.advance(29 * MINUTE_MS);
    expect((await server.as(idle, '/api/shared')).statusCode).toBe(200);
    server.clock.advance(30 * MINUTE_MS);
    const over = await server.as(idle, '/api/shared');
    expect([over.statusCode, codeOf(over)]).toEqual([401, 'SHARE_VISIT_OVER']);
    const used = await server.visit(secret);
    for (let turn = 0; turn < 19; turn += 1) {
      server.clock.advance(25 * MINUTE_MS);
      expect((await server.as(used, picture(shared))).statusCode).toBe(200);
    }
    server.clock.advance(5 * MINUTE_MS);
    expect((await server.as(used, picture(shared))).statusCode).toBe(401);
  });

  test('is ended by who has it, not by another site, and leaves another visit of the same link alone; each counted', async () => {
    const { secret, id } = await server.share(author, { studyIds: [shared.studyId] });
    const [one, two] = [await server.visit(secret), await server.visit(secret)];
    const host = new URL(server.settings.publicUrl).host;
    const end = (headers: Record<string, string>) =>
      server.app.inject({ method: 'DELETE', url: '/api/shared', headers: { host, ...headers } });
    expect((await end({ cookie: one.cookie })).statusCode).toBe(403);
    expect((await end({ cookie: one.cookie, 'x-csrf-token': one.csrf, origin: 'https://elsewhere.example' })).statusCode).toBe(
      403,
    );
    expect((await server.as(one, '/api/shared')).statusCode).toBe(200);
    expect((await end({ cookie: one.cookie, 'x-csrf-token': one.csrf })).statusCode).toBe(204);
    expect((await end({})).statusCode).toBe(204);
    server.clock.advance(1001);
    expect((await server.as(one, '/api/shared')).statusCode).toBe(401);
    expect((await server.as(two, '/api/shared')).statusCode).toBe(200);
    expect((await server.call(author, 'GET', `/api/shares/${id}`)).json()).toMatchObject({
      openings: 2,
      accesses: [{ outcome: 'ENDED' }, { outcome: 'OPENED' }, { outcome: 'OPENED' }],
    });
  });

  test('outlasts a restart of the server', async () => {
    const { secret } = await server.share(author, { studyIds: [shared.studyId] });
    const visitor = await server.visit(secret);
    const second = await server.another();
    const host = new URL(server.settings.publicUrl).host;
    const answer = await second.app.inject({ method: 'GET', url: '/api/shared', headers: { cookie: visitor.cookie, host } });
    await second.close();
    expect(answer.statusCode).toBe(200);
  });

  test('is opened from this site only, and a network that guesses is told to wait', async () => {
    const { secret } = await server.share(author, { studyIds: [shared.studyId] });
    const host = new URL(server.settings.publicUrl).host;
    const foreign = await server.app.inject({
      ...{ method: 'POST', url: '/api/shared/open', payload: { secret } },
      headers: { origin: 'https://elsewhere.example', host },
    });
    expect([foreign.statusCode, codeOf(foreign)]).toEqual([403, 'ORIGIN_REFUSED']);
    const told = new Set<number>();
    for (let turn = 0; turn < 40; turn += 1)
      told.add((await server.open(`${String(turn).padStart(43, 'b')}`, undefined, '10.9.9.9')).statusCode);
    expect([...told]).toEqual([404, 429]);
    expect((await server.open(secret, undefined, '10.9.9.9')).statusCode).toBe(429);
    expect((await server.open(secret, undefined, '10.9.9.8')).statusCode).toBe(201);
  });

  test.each(['', 'short', 'a'.repeat(44), `${'a'.repeat(42)}\u0000`, `${'a'.repeat(42)}é`])(
    'is opened by no secret like %j',
    async (secret) => {
      const answer = await server.open(secret);
      expect([400, 404]).toContain(answer.statusCode);
    },
  );
});

test('what became of a try of a share that is gone meanwhile is not noted, and no failure', async () => {
  const noted = await server.db.withSystem((tx) =>
    insertAccess(tx, { id: newId(), shareId: newId(), at: server.clock.now(), ip: '::1', outcome: 'REFUSED' }),
  );
  expect(noted).toBe(0);
});

describe('who has a session and a visit', () => {
  test('has one or the other: a person by default, the visit where the request says so, never both', async () => {
    const { secret } = await server.share(author, { studyIds: [shared.studyId] });
    const visitor = await server.visit(secret);
    const stranger = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: other }));
    const own = await server.image(stranger, `2.25.${number}009`, 'Propre');
    const both = { cookie: `${stranger.cookie}; ${visitor.cookie}` };
    const said = { 'x-shared-visit': '1' };
    expect((await server.as(both, picture(own))).statusCode).toBe(200);
    expect((await server.as(both, picture(shared))).statusCode).toBe(404);
    expect((await server.as(both, picture(own), said)).statusCode).toBe(404);
    expect((await server.as(both, picture(shared), said)).statusCode).toBe(200);
    // The visit's routes are the visit's, the person's are the person's.
    expect((await server.as(both, '/api/shared')).statusCode).toBe(200);
    expect((await server.as({ cookie: stranger.cookie }, '/api/shared')).statusCode).toBe(401);
    expect((await server.as(both, '/api/studies', said)).statusCode).toBe(200);
    // What a browser asks for by itself, a small picture or a document, takes no header: its address says it.
    const asked = (image: SharedImage): string => `${picture(image)}?shared-visit=1`;
    expect((await server.as(both, asked(own))).statusCode).toBe(404);
    expect((await server.as(both, asked(shared))).statusCode).toBe(200);
    expect((await server.as({ cookie: stranger.cookie }, asked(own))).statusCode).toBe(401);
    // Who says visit and has none is nobody.
    expect((await server.as({ cookie: stranger.cookie }, picture(own), said)).statusCode).toBe(401);
  });
});
