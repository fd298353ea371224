import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertShare } from '../../src/features/sharing/repository.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Browser } from '../support/app.ts';
import { type DatabaseProxy, openDatabaseProxy } from '../support/database-proxy.ts';
import { openSharing, picture, type SharedImage, type SharingServer } from './support.ts';

let server: SharingServer;
let group: string;
let author: Browser;
let shared: SharedImage;
let sibling: SharedImage;
beforeAll(async () => {
  server = await openSharing();
  group = await server.makeGroup('Nord');
  author = await server.login(
    await server.makeUser({ role: 'RADIOLOGIST', groupId: group, firstName: 'Anne', lastName: 'Auteur' }),
  );
  shared = await server.image(author, '2.25.501', 'Visible');
  sibling = await server.image(author, '2.25.502', 'Voisine');
});
afterAll(() => server.close());

const codeOf = (answer: { json(): unknown }): unknown => (answer.json() as { code?: unknown }).code;

describe('a share', () => {
  test('opens its study for who has the link: what it is of, its series, its images by DICOMweb, and no sibling study', async () => {
    const { id, secret, code } = await server.share(author, { studyIds: [shared.studyId] });
    expect(code).toBeNull();
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const visitor = await server.visit(secret);
    const view = await server.view(visitor);
    expect(view).toMatchObject({
      ...{ recipient: 'Dr Dupont', profile: 'IDENTIFIED', mayDownload: false },
      studies: [{ studyInstanceUid: shared.study, patientName: expect.stringMatching(/VISIBLE/i), birthDate: '1970-01-02' }],
    });
    expect(view.studies).toHaveLength(1);
    const [series] = view.studies[0]?.series ?? [];
    const instances = await server.as(visitor, `/api/shared/series/${series?.id}`);
    expect(instances.json()).toEqual({ instances: [{ sopInstanceUid: shared.instance, kind: 'IMAGE', frames: 1 }] });
    const drawn = await server.as(visitor, picture(shared));
    expect(drawn.statusCode).toBe(200);
    expect(drawn.rawPayload.length).toBeGreaterThan(50);
    expect((await server.as(visitor, `/dicom-web/studies/${shared.study}/metadata`)).statusCode).toBe(200);
    const found = await server.as(visitor, '/dicom-web/studies');
    expect(found.json<object[]>()).toHaveLength(1);

    for (const url of [
      picture(sibling),
      `/dicom-web/studies/${sibling.study}/metadata`,
      `/dicom-web/studies/${sibling.study}/thumbnail`,
    ])
      expect((await server.as(visitor, url)).statusCode, url).toBe(404);
    expect((await server.as(visitor, `/api/shared/series/${sibling.seriesId}`)).statusCode).toBe(404);

    const told = (await server.call(author, 'GET', `/api/shares/${id}`)).json();
    expect(told).toMatchObject({
      openings: 1,
      state: 'OPEN',
      accesses: [{ outcome: 'OPENED', ip: expect.stringMatching(/^10\.1\./) }],
    });
  });

  test('keeps neither its secret nor its code: hashes are in the database, and neither is in the log, the journal or an address', async () => {
    const lines: string[] = [];
    const logged = await openSharing({ logLines: lines });
    try {
      const by = await logged.login('RADIOLOGIST');
      const image = await logged.image(by, '2.25.511');
      const { secret, code } = await logged.share(by, { studyIds: [image.studyId], withCode: true });
      expect(code).toMatch(/^\d{8}$/);
      const visitor = await logged.visit(secret, `${code?.slice(0, 4)} ${code?.slice(4)}`);
      await logged.as(visitor, picture(image));
      await logged.open('x'.repeat(43));
      const dump = await logged.db.withSystem(async (tx) =>
        JSON.stringify([
          await tx.rows('SELECT row_to_json(s) AS row FROM shares s'),
          await tx.rows('SELECT row_to_json(a) AS row FROM share_accesses a'),
          await tx.rows('SELECT row_to_json(e) AS row FROM audit_events e'),
        ]),
      );
      const cookie = visitor.cookie.split('=')[1] ?? '';
      for (const kept of [dump, lines.join('')])
        for (const word of [secret, code ?? '', cookie]) {
          expect(word.length).toBeGreaterThan(7);
          expect(kept).not.toContain(word);
        }
    } finally {
      await logged.close();
    }
  });

  test('of somebody else’s study, of an unknown one, or of two with one UID is not made', async () => {
    const other = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: await server.makeGroup() }));
    const theirs = await server.image(other, '2.25.521');
    for (const studyIds of [[theirs.studyId], [shared.studyId, theirs.studyId], ['00000000-0000-7000-8000-000000000000']]) {
      const made = await server.call(author, 'POST', '/api/shares', { studyIds, profile: 'IDENTIFIED', recipient: 'X' });
      expect(made.statusCode).toBe(404);
    }
  });

  test('of what is open in an emergency is not made, and such a study is never shown', async () => {
    const site = await openSharing({ settings: { breakGlass: { hours: 4 } } });
    try {
      const owner = await site.login(await site.makeUser({ role: 'RADIOLOGIST', groupId: await site.makeGroup() }));
      const image = await site.image(owner, '2.25.541', 'Urgence');
      const physician = await site.login(await site.makeUser({ role: 'PHYSICIAN', groupId: await site.makeGroup() }));
      const opened = await site.call(physician, 'POST', '/api/emergency-accesses', {
        ...{ identifier: 'P2.25.541', birthDate: '1970-01-02', reason: 'Arrivée aux urgences' },
      });
      expect(opened.statusCode).toBe(201);
      const body = { studyIds: [image.studyId], profile: 'PSEUDONYM', recipient: 'X' };
      const made = await site.call(physician, 'POST', '/api/shares', body);
      expect([made.statusCode, codeOf(made)]).toEqual([403, 'OPEN_FOR_READING']);
      // Shared while it was in their group, and by now open in the emergency alone.
      const own = await site.image(physician, '2.25.542', 'Propre');
      const { secret } = await site.share(physician, { studyIds: [own.studyId] });
      await site.db.withSystem(async (tx) => {
        await tx.run('UPDATE share_studies SET study_id = $1 WHERE study_id = $2', [image.studyId, own.studyId]);
      });
      expect((await site.call(physician, 'GET', `/api/patients/${image.patientId}`)).statusCode).toBe(200);
      expect((await site.open(secret)).statusCode).toBe(404);
    } finally {
      await site.close();
    }
  });

  test('by a token that sees no identity is under pseudonyms, and by one without the right is refused', async () => {
    const host = new URL(server.settings.publicUrl).host;
    const share = async (permissions: string[], more: object = {}) => {
      const token = await server.call(author, 'POST', '/api/tokens', { name: permissions.join(), permissions, expiresInDays: 1 });
      const { secret } = token.json<{ secret: string }>();
      return server.app.inject({
        ...{ method: 'POST', url: '/api/shares', headers: { authorization: `Bearer ${secret}`, host } },
        payload: { studyIds: [shared.studyId], profile: 'IDENTIFIED', recipient: 'X', ...more },
      });
    };
    const blind = await share(['studies.read', 'studies.share']);
    expect([blind.statusCode, blind.json()]).toMatchObject([201, { share: { profile: 'PSEUDONYM' } }]);
    expect((await share(['studies.read', 'patients.identity'])).statusCode).toBe(403);
    const files = await share(['studies.read', 'studies.share', 'patients.identity'], { mayDownload: true });
    expect(files.statusCode).toBe(403);
  });

  test.each([
    ['no studies', { studyIds: [] }],
    ['an end that is past', { expiresAt: '2020-01-01T00:00:00.000Z' }],
    ['an end in 91 days', { expiresAt: new Date(Date.now() + 91 * 86_400_000).toISOString() }],
    ['no recipient', { recipient: '  ' }],
    ['a recipient that no database keeps', { recipient: 'a\u0000b' }],
    ['a recipient of two lines', { recipient: 'Dr A\nDr B' }],
    ['a recipient that turns the text round', { recipient: 'Dr \u202eA' }],
    ['half a character in it', { recipient: 'Dr \ud800' }],
    ['half a character in the note', { note: 'a\udfff' }],
    ['no openings', { maxOpenings: 0 }],
    ['too many openings', { maxOpenings: 1001 }],
    ['an unknown profile', { profile: 'EVERYTHING' }],
  ])('with %s is refused', async (_what, body) => {
    const wanted = { studyIds: [shared.studyId], profile: 'IDENTIFIED', recipient: 'X', ...body };
    const made = await server.call(author, 'POST', '/api/shares', wanted);
    expect([made.statusCode, codeOf(made)]).toEqual([400, 'VALIDATION_FAILED']);
  });

  test('is seen by its author and by administrators, and by no colleague', async () => {
    const { id } = await server.share(author, { studyIds: [shared.studyId] });
    const colleague = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: group }));
    const admin = await server.login('ADMIN');
    expect((await server.call(colleague, 'GET', `/api/shares/${id}`)).statusCode).toBe(404);
    expect((await server.call(colleague, 'DELETE', `/api/shares/${id}`)).statusCode).toBe(404);
    expect((await server.call(colleague, 'GET', '/api/shares')).json()).toMatchObject({ items: [], total: 0 });
    const all = (await server.call(admin, 'GET', '/api/shares?limit=1')).json<{ items: { id: string }[]; nextCursor: string }>();
    expect(all.items).toMatchObject([{ id, author: { id: author.user.id, name: 'Anne Auteur' } }]);
    const next = await server.call(admin, 'GET', `/api/shares?limit=1&cursor=${all.nextCursor}`);
    expect(next.json<{ items: { id: string }[] }>().items[0]?.id).not.toBe(id);
    expect((await server.call(admin, 'DELETE', `/api/shares/${id}`)).statusCode).toBe(204);
  });
});

describe('under pseudonyms', () => {
  test('nothing names anybody: not the view, the metadata, a search, or what who sees pseudonyms is not shown', async () => {
    const { secret } = await server.share(author, { studyIds: [shared.studyId], profile: 'PSEUDONYM' });
    const visitor = await server.visit(secret);
    const view = await server.view(visitor);
    expect(view.studies[0]).toMatchObject({ birthDate: null, description: null });
    for (const url of [
      '/api/shared',
      `/dicom-web/studies/${shared.study}/metadata`,
      '/dicom-web/studies',
      `/dicom-web/studies/${shared.study}/series`,
    ]) {
      const answer = await server.as(visitor, url);
      expect(answer.statusCode, url).toBe(200);
      expect(answer.body).not.toMatch(/visible|19700102|1970-01-02|thorax/i);
    }
    expect((await server.as(visitor, '/dicom-web/studies?PatientName=VISIBLE*')).statusCode).toBe(403);
    expect((await server.as(visitor, picture(shared))).statusCode).toBe(200);
  });

  test('a researcher shares, whatever profile is asked for, and a picture that may name somebody is held back', async () => {
    const researcher = await server.login(await server.makeUser({ role: 'RESEARCHER', groupId: group }));
    const typed = await server.image(author, '2.25.531', 'Tapee', {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.7',
      Modality: 'OT',
      BurnedInAnnotation: 'YES',
    });
    const { secret, id } = await server.share(researcher, { studyIds: [shared.studyId, typed.studyId], profile: 'IDENTIFIED' });
    expect((await server.call(researcher, 'GET', `/api/shares/${id}`)).json()).toMatchObject({ profile: 'PSEUDONYM' });
    const visitor = await server.visit(secret);
    expect((await server.view(visitor)).profile).toBe('PSEUDONYM');
    const held = await server.as(visitor, picture(typed));
    expect([held.statusCode, codeOf(held)]).toEqual([403, 'HELD_BACK']);
    const told = await server.as(visitor, `/api/shared/series/${typed.seriesId}`);
    expect(told.json()).toMatchObject({ instances: [{ kind: 'HELD_BACK' }] });
  });

  test('an author who loses the right to identities shares none any more', async () => {
    const physician = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: group }));
    const { secret } = await server.share(physician, { studyIds: [shared.studyId] });
    const visitor = await server.visit(secret);
    await server.db.withSystem((tx) => tx.run("UPDATE users SET role = 'RESEARCHER' WHERE id = $1", [physician.user.id]));
    server.clock.advance(1001);
    expect((await server.as(visitor, '/api/shared')).statusCode).toBe(401);
    expect((await server.open(secret)).statusCode).toBe(404);
  });
});

test('fifty open shares of three authors are listed by one question for their rights, and one in the scope of each', async () => {
  let proxy: DatabaseProxy | undefined;
  const watched = await openSharing({
    connect: async (connection) => {
      proxy = await openDatabaseProxy(connection);
      return proxy.connection;
    },
  });
  try {
    const site = await watched.makeGroup('Est');
    const authors = await Promise.all(
      [1, 2, 3].map(async () => watched.login(await watched.makeUser({ role: 'RADIOLOGIST', groupId: site }))),
    );
    const [first] = authors;
    if (first === undefined) throw new Error('Nobody shares.');
    const { studyId } = await watched.image(first, '2.25.590');
    const now = watched.clock.now();
    const rest = { codeHash: null, profile: 'IDENTIFIED', recipient: 'Dr Dupont', note: null } as const;
    await watched.db.withSystem(async (tx) => {
      for (let at = 0; at < 50; at += 1) {
        const userId = (authors[at % 3] ?? first).user.id;
        const ends = { now, expiresAt: new Date(now.getTime() + 86_400_000), maxOpenings: null };
        const secretHash = Buffer.alloc(32, at);
        await insertShare(tx, { ...rest, ...ends, id: newId(), userId, secretHash, mayDownload: false, studyIds: [studyId] });
      }
    });
    const admin = await watched.login('ADMIN');
    const list = async () =>
      (await watched.call(admin, 'GET', '/api/shares?limit=50&open=true')).json<{ items: { state: string }[] }>().items;
    // Who is asked for the second time is asked by statements that are prepared.
    expect((await list()).map(({ state }) => state)).toEqual(Array.from({ length: 50 }, () => 'OPEN'));
    let sent = '';
    if (proxy !== undefined)
      proxy.hold = (text) => {
        sent += text;
        return false;
      };
    expect(await list()).toHaveLength(50);
    const count = (what: string): number => sent.split(what).length - 1;
    expect([count('FROM users WHERE id = ANY'), count('studies-sharable')]).toEqual([1, 3]);
    // One who may not sign in any more shows nothing; the others do.
    await watched.db.withSystem((tx) => tx.run("UPDATE users SET status = 'SUSPENDED' WHERE id = $1", [first.user.id]));
    const states = (await list()).map(({ state }) => state);
    expect([states.filter((state) => state === 'LOST').length, states.filter((state) => state === 'OPEN').length]).toEqual([
      17, 33,
    ]);
  } finally {
    await watched.close();
    await proxy?.close();
  }
});
