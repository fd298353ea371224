import { createHash } from 'node:crypto';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { ENTRANCES, fileOf, newUid, told } from './blind-imports-support.ts';
import { type DicomwebServer, type Json, openDicomweb } from './support.ts';

/** What is damaged in the group, and what a researcher or who decides about them can learn or spoil by it. */
let server: DicomwebServer;
let groupId: string;
let member: Browser;
let people = 0;
const person = async (role: 'PHYSICIAN' | 'RESEARCHER'): Promise<Browser> => {
  people += 1;
  return server.login(await server.makeUser({ role, groupId }), { ip: `10.9.0.${people}` });
};

beforeAll(async () => {
  server = await openDicomweb();
  groupId = await server.makeGroup();
  member = await person('PHYSICIAN');
});
afterAll(() => server.close());

const objectPath = (id: string): string => path.join(server.settings.dataDir, 'objects', id.slice(0, 4), id.slice(4, 8), id);
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function flip(id: string): Promise<void> {
  const bytes = await readFile(objectPath(id));
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await writeFile(objectPath(id), bytes);
}

/** A file whose last bytes are pixels, as all of them are. */
const named = (): { uids: Record<string, string>; file: Buffer } => {
  const uids = { StudyInstanceUID: newUid(), SeriesInstanceUID: newUid(), SOPInstanceUID: newUid() };
  return { uids, file: fileOf({ ...uids, PatientID: `D${uids.SOPInstanceUID.slice(-4)}` }) };
};

const idsOf = async (sop: string, inGroup: string): Promise<string> =>
  server.db.withSystem(
    async (tx) =>
      (await tx.first('SELECT id FROM instances WHERE sop_instance_uid = $1 AND group_id = $2', [sop, inGroup]))?.id ?? '',
  );
const damaged = (): Promise<{ id: string; kind: string }[]> =>
  server.db.withSystem((tx) => tx.rows('SELECT id, kind FROM damaged_objects ORDER BY id'));
const reviews = async (): Promise<Json[]> =>
  (await server.app.inject({ url: '/api/identity-review?limit=100', headers: { cookie: member.cookie } })).json<Json>().items;
const decide = (id: string, decision: string) =>
  server.app.inject({
    method: 'POST',
    url: `/api/identity-review/${id}/decision`,
    headers: member.headers,
    payload: { decision },
  });

test.each(Object.keys(ENTRANCES))(
  'by %s, the very file of a damaged object that is not theirs tells a researcher nothing, and heals nothing',
  async (entrance) => {
    const enter = ENTRANCES[entrance];
    if (enter === undefined) throw new Error('no such entrance');
    const { uids, file } = named();
    expect((await server.store(member, [file])).statusCode).toBe(200);
    const id = await idsOf(uids.SOPInstanceUID ?? '', groupId);
    await flip(id);
    const harmed = hashOf(await readFile(objectPath(id)));
    const right = (await enter(server, await person('RESEARCHER'), [file])).map(told);
    const wrong = (await enter(server, await person('RESEARCHER'), [fileOf({ PatientID: 'D9999' })])).map(told);
    expect(right).toEqual(wrong);
    expect(JSON.stringify(right)).not.toContain('REPAIRED');
    expect(hashOf(await readFile(objectPath(id)))).toBe(harmed);
    expect(await damaged()).toEqual([]);
    // Who it belongs to is told, and heals it.
    const answer = await ENTRANCES['one request']?.(server, member, [file]);
    expect(answer?.[0]?.json<Json>().files).toMatchObject([{ outcome: 'stored', reason: 'REPAIRED' }]);
    expect(hashOf(await readFile(objectPath(id)))).toBe(hashOf(file));
  },
);

test('filing what is held heals the damaged object of the same file, and takes it off the list', async () => {
  const { uids, file } = named();
  await server.store(member, [file]);
  const id = await idsOf(uids.SOPInstanceUID ?? '', groupId);
  await truncate(objectPath(id), 300);
  await server.store(await person('RESEARCHER'), [file]);
  const [review] = await reviews();
  expect((await decide(review.id, 'same')).statusCode).toBe(204);
  expect(hashOf(await readFile(objectPath(id)))).toBe(hashOf(file));
  expect(await damaged()).toEqual([]);
  const url = `/studies/${uids.StudyInstanceUID}/series/${uids.SeriesInstanceUID}/instances/${uids.SOPInstanceUID}`;
  await expect.poll(async () => (await server.get(member, `${url}/frames/1`)).statusCode).toBe(200);
  const events = await server.db.withSystem((tx) =>
    tx.rows("SELECT actor_id FROM audit_events WHERE action = 'instance.repaired' AND entity_id = $1", [id]),
  );
  expect(events).toEqual([{ actor_id: member.user.id }]);
});

test('a held file that is damaged itself decides and heals nothing: 503 OBJECT_DAMAGED, and all stays as it is', async () => {
  const { uids, file } = named();
  await server.store(member, [file]);
  const id = await idsOf(uids.SOPInstanceUID ?? '', groupId);
  const researcher = await person('RESEARCHER');
  await server.store(researcher, [file]);
  const held = await idsOf(uids.SOPInstanceUID ?? '', researcher.user.id);
  await flip(held);
  await rm(objectPath(id));
  const [review] = await reviews();
  const answer = await decide(review.id, 'same');
  expect([answer.statusCode, answer.json<Json>().code]).toEqual([503, 'OBJECT_DAMAGED']);
  await expect(readFile(objectPath(id))).rejects.toThrow('ENOENT');
  expect((await reviews()).map((one) => one.id)).toContain(review.id);
  // The file comes again, to both: each is healed, and then it can be decided.
  await server.store(researcher, [file]);
  expect((await decide(review.id, 'same')).statusCode).toBe(204);
  expect(hashOf(await readFile(objectPath(id)))).toBe(hashOf(file));
  expect(await damaged()).toEqual([]);
});

test('a conflict whose incoming file is damaged does not replace the good one', async () => {
  const { uids, file } = named();
  await server.store(member, [file]);
  const other = fileOf({ ...uids, PatientID: `D${uids.SOPInstanceUID?.slice(-4)}`, InstanceNumber: 7 });
  expect((await server.store(member, [other])).statusCode).toBe(202);
  const list = await server.app.inject({ url: '/api/conflicts', headers: { cookie: member.cookie } });
  const [conflict] = list.json<Json>().items;
  await flip(conflict.id);
  const answer = await server.app.inject({
    method: 'POST',
    url: `/api/conflicts/${conflict.id}/decision`,
    headers: member.headers,
    payload: { decision: 'replace' },
  });
  expect([answer.statusCode, answer.json<Json>().code]).toEqual([503, 'OBJECT_DAMAGED']);
  expect(await idsOf(uids.SOPInstanceUID ?? '', groupId)).not.toBe(conflict.id);
});
