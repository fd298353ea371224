import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeTarget, type Route, requestOf, routesOf, type Target } from '../support/access-matrix.ts';
import type { Browser } from '../support/app.ts';
import { isLong } from '../support/sample.ts';
import { openSharing, type SharingServer, type Visitor } from './support.ts';

/** Reviewed: all that whoever has a link gets another answer from than 401, 403 or 404, beside what is public, and only of its own study. */
const ANSWERS = [
  'frames',
  'instanceMetadata',
  'renderedFrames',
  'renderedInstance',
  'renderedSeries',
  'renderedStudy',
  'seriesMetadata',
  'studyMetadata',
  'thumbnailFrames',
  'thumbnailInstance',
  'thumbnailSeries',
  'thumbnailStudy',
];
/** Lists and searches: they answer for the visit, with what it shows and nothing else. */
const LISTS = ['qidoInstances', 'qidoSeries', 'qidoSeriesInstances', 'qidoStudies', 'qidoStudyInstances', 'qidoStudySeries'];
/** Of the visit itself; they name no study that is not in it. */
const OF_VISIT = ['getShared', 'getSharedSeries', 'downloadShared'];
/** They end what the others need, or begin what costs minutes; nobody who has a link is asked by them for more than nobody is. */
const NOT_ASKED = new Set(['endShared']);

let server: SharingServer;
let author: Browser;
let own: Target;
let other: Target;
let visits: Readonly<Record<'standing' | 'pseudonym' | 'withdrawn' | 'expired' | 'ended', Visitor>>;
beforeAll(async () => {
  server = await openSharing();
  const [group, second] = [await server.makeGroup(), await server.makeGroup()];
  own = await makeTarget(server, { uid: '2.25.701', group });
  other = await makeTarget(server, { uid: '2.25.702', group: second });
  // Who shares sees both.
  author = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: group, groupIds: [second] }));
  const share = async (body: object = {}) => {
    const made = await server.share(author, { studyIds: [own.ids.study], mayDownload: true, ...body });
    return { ...made, visitor: await server.visit(made.secret) };
  };
  const expired = await share({ expiresAt: new Date(server.clock.now().getTime() + 1000).toISOString() });
  const [standing, pseudonym, withdrawn, ended] = [
    await share(),
    await share({ profile: 'PSEUDONYM' }),
    await share(),
    await share(),
  ];
  await server.call(author, 'DELETE', `/api/shares/${withdrawn.id}`);
  const { cookie, csrf } = ended.visitor;
  await server.app.inject({ method: 'DELETE', url: '/api/shared', headers: { cookie, 'x-csrf-token': csrf } });
  server.clock.advance(1001);
  visits = {
    ...{ standing: standing.visitor, pseudonym: pseudonym.visitor, withdrawn: withdrawn.visitor },
    ...{ expired: expired.visitor, ended: ended.visitor },
  };
}, 120_000);
afterAll(() => server.close());

const isPublic = ({ operation }: Route): boolean => operation?.permission === 'public' && operation.visitor !== true;
const asked = (): Route[] => routesOf(server).filter((route) => !NOT_ASKED.has(route.id));

async function ask(route: Route, target: Target, headers: Record<string, string>) {
  const host = new URL(server.settings.publicUrl).host;
  const answer = await server.app.inject({ ...requestOf(route, target), headers: { host, ...headers }, payloadAsStream: true });
  const chunks: Buffer[] = [];
  for await (const chunk of answer.stream()) chunks.push(Buffer.from(chunk as Uint8Array));
  return { status: answer.statusCode, body: Buffer.concat(chunks).toString('latin1') };
}

/** Which routes let through who asks so; what is refused must say nothing of anybody. */
async function letThrough(target: Target, headers: Record<string, string>): Promise<string[]> {
  const through: string[] = [];
  for (const route of asked()) {
    if (isPublic(route)) continue;
    const { status, body } = await ask(route, target, headers);
    expect(status, route.id).toBeLessThan(500);
    if (![401, 403, 404].includes(status)) through.push(route.id);
    else expect(body, route.id).not.toMatch(/matrice|1970-01-01|19700101|2\.25\.70[12]/i);
  }
  return through.sort();
}

describe('whoever has a link, by every route there is', { timeout: 240_000 }, () => {
  test('is answered by those that are named, of the study that is shared', async () => {
    const through = await letThrough(own, { cookie: visits.standing.cookie });
    // Ids of a series and of a study of the visit are tried beside: here they are unknown ones.
    expect(through).toEqual([...ANSWERS, ...LISTS, 'getShared'].sort());
  });

  test('also where the request says that it is the visit’s', async () => {
    const through = await letThrough(own, { cookie: visits.standing.cookie, 'x-shared-visit': '1' });
    expect(through).toEqual([...ANSWERS, ...LISTS, 'getShared'].sort());
  });

  test('gets nothing of another study that its author sees, and lists without it', async () => {
    const headers = { cookie: visits.standing.cookie };
    expect(await letThrough(other, headers)).toEqual([...LISTS, 'getShared'].sort());
    for (const route of asked().filter(({ id }) => LISTS.includes(id) || id === 'getShared')) {
      const { body } = await ask(route, other, headers);
      expect(body, route.id).not.toContain(other.uid);
      expect(body, route.id).not.toContain(`Matrice^${other.uid}`);
    }
  });

  test('gets no more under pseudonyms, and no name', async () => {
    const headers = { cookie: visits.pseudonym.cookie };
    const through = await letThrough(own, headers);
    expect([...ANSWERS, ...LISTS, 'getShared']).toEqual(expect.arrayContaining(through));
    for (const id of through) {
      const route = asked().find((one) => one.id === id);
      if (route !== undefined) expect((await ask(route, own, headers)).body, id).not.toMatch(/matrice|19700101|1970-01-01/i);
    }
  });

  test.each(['withdrawn', 'expired', 'ended'] as const)('is nobody once it is %s', async (which) => {
    const headers = { cookie: visits[which].cookie };
    expect(await letThrough(own, headers)).toEqual([]);
    if (isLong) expect(await letThrough(own, { ...headers, 'x-shared-visit': '1' })).toEqual([]);
  });

  test('is answered by the routes of the visit itself for what it shows only', async () => {
    const [row] = await server.db.withSystem((tx) => tx.rows('SELECT id FROM series WHERE study_id = $1', [other.ids.study]));
    const standing = visits.standing;
    expect((await server.as(standing, `/api/shared/series/${row?.id}`)).statusCode).toBe(404);
    expect((await server.as(standing, `/api/shared/studies/${other.ids.study}/archive`)).statusCode).toBe(404);
    expect((await server.as(standing, `/api/shared/studies/${own.ids.study}/archive`)).statusCode).toBe(200);
    expect(
      asked()
        .flatMap(({ id, operation }) => (operation?.visitor === true ? [id] : []))
        .sort(),
    ).toEqual([...OF_VISIT].sort());
  });
});
