import { ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { type DatabaseProxy, openDatabaseProxy } from '../support/database-proxy.ts';
import { isLong } from '../support/sample.ts';
import { type DicomwebServer, openDicomweb } from './support.ts';

let proxy: DatabaseProxy;
let server: DicomwebServer;
let groupId: string;
let otherGroup: string;
let member: Browser;
beforeAll(async () => {
  server = await openDicomweb({
    connect: async (connection) => {
      proxy = await openDatabaseProxy(connection);
      return proxy.connection;
    },
  });
  [groupId, otherGroup] = [await server.makeGroup(), await server.makeGroup()];
  member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
});
afterAll(async () => {
  await server.close();
  await proxy.close();
});

/** Stores a study and looks at it, so that all of it is in memory; gives what a viewer asks. */
async function inMemory(seed: string): Promise<{ studyUid: string; statuses: () => Promise<number[]> }> {
  const [slice] = ctVolume({ seed, slices: 1, rows: 8, columns: 8 });
  if (slice === undefined) throw new Error('no slice');
  expect((await server.store(member, [Buffer.from(slice.bytes)])).statusCode).toBe(200);
  const url = `/studies/${slice.studyInstanceUid}/series/${slice.seriesInstanceUid}/instances/${slice.sopInstanceUid}`;
  const statuses = async () => {
    const answers: number[] = [];
    for (const what of ['/frames/1', '', '/metadata']) answers.push((await server.get(member, url + what)).statusCode);
    return answers;
  };
  expect(await statuses()).toEqual([200, 200, 200]);
  return { studyUid: slice.studyInstanceUid, statuses };
}

/** As another process does it. */
const trash = (uid: string) =>
  server.db.withSystem(async (tx) => {
    await tx.run('UPDATE studies SET deleted_at = now() WHERE study_instance_uid = $1', [uid]);
    await tx.run("SELECT pg_notify('negatoscope_index', '{}')");
  });
const rescope = (uid: string) =>
  server.db.withSystem(async (tx) => {
    for (const statement of [
      'UPDATE patients SET group_id = $2 WHERE id = (SELECT patient_id FROM studies WHERE study_instance_uid = $1)',
      'UPDATE studies SET group_id = $2 WHERE study_instance_uid = $1',
      'UPDATE series SET group_id = $2 WHERE study_id = (SELECT id FROM studies WHERE study_instance_uid = $1)',
      'UPDATE instances SET group_id = $2 WHERE series_id IN (SELECT s.id FROM series s JOIN studies t ON t.id = s.study_id WHERE t.study_instance_uid = $1)',
    ] as const)
      await tx.run(statement, [uid, otherGroup]);
    await tx.run("SELECT pg_notify('negatoscope_index', '{}')");
  });
const untrusted = () => expect.poll(() => server.changes.isTrusted, { timeout: 10_000 }).toBe(false);
const trusted = () => expect.poll(() => server.changes.isTrusted, { timeout: 10_000 }).toBe(true);

const CHANGES = [
  ['deleted', trash],
  ['given to another group', rescope],
] as const;
test.each(CHANGES.filter((_one, place) => isLong || place === 0))(
  'what was %s while the listening connection was away is served neither meanwhile nor afterwards',
  async (name, change) => {
    await trusted();
    const { studyUid, statuses } = await inMemory(`deaf ${name}`);
    // From now on nobody gets to listen to changes of the index again; to other channels, and to all else, one does.
    proxy.hold = (sent) => sent.includes('LISTEN') && sent.includes('negatoscope_index');
    expect(proxy.cut('LISTEN')).toBeGreaterThan(0);
    await untrusted();
    // Longer than it takes to connect again.
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await statuses()).toEqual([200, 200, 200]);
    await change(studyUid);
    expect(await statuses()).toEqual([404, 404, 404]);
    proxy.hold = undefined;
    proxy.cut('LISTEN');
    await trusted();
    expect(await statuses()).toEqual([404, 404, 404]);
  },
);

test('a line that died without a sign is not trusted: what was deleted meanwhile is not served, and listening begins anew', async () => {
  await trusted();
  const { studyUid, statuses } = await inMemory('silent');
  // It stays open, but nothing passes.
  expect(proxy.freeze('LISTEN')).toBeGreaterThan(0);
  await untrusted();
  await trash(studyUid);
  expect(await statuses()).toEqual([404, 404, 404]);
  // Given up by itself after ten seconds.
  if (!isLong) proxy.cut('LISTEN');
  await expect.poll(() => server.changes.isTrusted, { timeout: 20_000 }).toBe(true);
  expect(await statuses()).toEqual([404, 404, 404]);
});

test('what was read while nobody listened is not believed afterwards', async () => {
  await trusted();
  const { studyUid, statuses } = await inMemory('read while deaf');
  proxy.hold = (sent) => sent.includes('LISTEN');
  proxy.cut('LISTEN');
  await untrusted();
  expect(await statuses()).toEqual([200, 200, 200]);
  await trash(studyUid);
  proxy.hold = undefined;
  proxy.cut('LISTEN');
  await trusted();
  expect(await statuses()).toEqual([404, 404, 404]);
});
