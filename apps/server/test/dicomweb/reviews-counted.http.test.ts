import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Browser, createFakeClock } from '../support/app.ts';
import { ENTRANCES, fileOf } from './blind-imports-support.ts';
import { type DicomwebServer, type Json, openDicomweb } from './support.ts';

const clock = createFakeClock();
let server: DicomwebServer;
beforeAll(async () => {
  server = await openDicomweb({ clock });
});
afterAll(() => server.close());

type Headers = Readonly<Record<string, string>>;
const ask = async (headers: Headers, url: string): Promise<Json> => (await server.app.inject({ url, headers })).json<Json>();
/** The dashboard's number; answers are kept for ten seconds. */
const counted = async (headers: Headers): Promise<number> => {
  clock.advance(11_000);
  return (await ask(headers, '/api/stats/overview')).identityReviews;
};

test('the dashboard counts the identities that the person’s own list has, what is held for them included', async () => {
  const groupId = await server.makeGroup();
  let people = 0;
  const person = async (role: 'PHYSICIAN' | 'STAFF' | 'RESEARCHER', group: string | null): Promise<Browser> => {
    people += 1;
    return server.login(await server.makeUser({ role, groupId: group }), { ip: `10.8.0.${people}` });
  };
  const [member, staff, researcher, stranger, admin] = [
    await person('PHYSICIAN', groupId),
    await person('STAFF', groupId),
    await person('RESEARCHER', groupId),
    await person('PHYSICIAN', await server.makeGroup()),
    await server.login('ADMIN'),
  ];
  // One waits because it has no Patient ID, two because nobody who sees identities has looked at them; one of these has none either.
  await server.store(member, [fileOf({ PatientID: '' })]);
  await ENTRANCES['one request']?.(server, researcher, [fileOf({ PatientID: 'HELD1' }), fileOf({ PatientID: '' })]);
  for (const [who, number] of [
    [member, 3],
    [staff, 3],
    [admin, 3],
    [stranger, 0],
  ] as const) {
    expect((await ask({ cookie: who.cookie }, '/api/identity-review')).total).toBe(number);
    expect(await counted({ cookie: who.cookie })).toBe(number);
  }
  // Without the list there is nothing to count, and nothing of others to learn by a number.
  expect((await ask({ cookie: researcher.cookie }, '/api/identity-review')).code).toBe('FORBIDDEN');
  expect(await counted({ cookie: researcher.cookie })).toBe(0);

  const made = await server.app.inject({
    method: 'POST',
    url: '/api/tokens',
    headers: admin.headers,
    payload: { name: 'pseudonyms', permissions: ['patients.read', 'identity-review.propose'], expiresInDays: 5 },
  });
  const token = { authorization: `Bearer ${made.json<{ secret: string }>().secret}` };
  expect((await ask(token, '/api/identity-review')).total).toBe(1);
  expect(await counted(token)).toBe(1);
  // What was asked for with one set of rights is not answered to another.
  expect((await ask({ cookie: admin.cookie }, '/api/stats/overview')).identityReviews).toBe(3);
});

test('who has just imported for the first time is not told that nothing is there; later numbers may be ten seconds old', async () => {
  const who = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: await server.makeGroup() }), {
    ip: '10.8.1.1',
  });
  const studies = async (): Promise<number> => (await ask({ cookie: who.cookie }, '/api/stats/overview')).studies;
  expect(await studies()).toBe(0);
  await server.store(who, [fileOf({ PatientID: 'FIRST1' })]);
  expect(await studies()).toBe(1);
});
