import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SECRETS, seedNamed, seedPerson } from '../../../../test/support/deid-seed.ts';
import { actorOf, createIndexApp, GROUP_A, GROUP_B, type IndexApp, type Who } from '../../../../test/support/index-app.ts';
import { unzip } from '../../../../test/support/unzip.ts';
import { type Person, service } from '../../../access/index.ts';
import { type MakingPorts, runExports } from './run.ts';

const URL = '/api/deid/exports';
const BY = service('run-deid-exports', []);
const WHO: Who = 'RADIOLOGIST@A';
let index: IndexApp;
let patients: string[];
/** Who asked, as they are now; the test takes rights away here. */
let personNow: () => Person | undefined;
let ports: MakingPorts;

beforeAll(async () => {
  index = await createIndexApp();
  for (const who of [WHO, 'RESEARCHER@A', 'ADMIN@-'] as const) await seedPerson(index, who);
  patients = [await seedNamed(index, GROUP_A, '1.2.826.45', 3), await seedNamed(index, GROUP_A, '1.2.826.46', 2)];
  ports = {
    ...index.making,
    personOf: async () => personNow(),
    log: { error: () => undefined, warn: () => undefined } as unknown as MakingPorts['log'],
    decode: () => Promise.reject(new Error('nothing is decoded')),
    takeInto: () => Promise.reject(new Error('nothing goes into a group')),
  };
});
beforeEach(() => {
  personNow = () => actorOf(WHO);
});
afterAll(() => index.close());

const run = (signal = new AbortController().signal): Promise<number> => runExports(ports, BY, { signal });
async function asked(body: object = {}, who: Who = WHO): Promise<string> {
  const { status, text } = await index.ask(who, 'POST', URL, { patientIds: patients, ...body });
  expect(status, text).toBe(202);
  return JSON.parse(text).id;
}
const told = async (id: string, who: Who = WHO) => JSON.parse((await index.ask(who, 'GET', `${URL}/${id}`)).text);
const file = (id: string, who: Who = WHO) => index.ask(who, 'GET', `${URL}/${id}/file`);
const kept = (): Promise<string[]> => index.making.exports.list(new Date(Date.now() + 60_000));

async function requireWhole(id: string): Promise<string[]> {
  const { status, raw } = await file(id);
  expect(status).toBe(200);
  for (const secret of SECRETS) expect(raw.includes(secret), secret).toBe(false);
  const files = await unzip(raw);
  const manifest = JSON.parse(String(files.get('manifest.json')));
  expect(manifest.files).toHaveLength(5);
  for (const { path, sha256 } of manifest.files)
    expect(
      createHash('sha256')
        .update(files.get(path) ?? '')
        .digest('hex'),
    ).toBe(sha256);
  return [...files.keys()];
}

/** Does something once, before the n-th read of the store of the next run. */
function atRead(nth: number, act: () => Promise<void> | void): () => void {
  const { objects } = index.making;
  const readInto = objects.readInto.bind(objects);
  let count = 0;
  Object.assign(objects, {
    readInto: async (id: string, offset: number, target: Buffer) => {
      count += 1;
      if (count === nth) await act();
      return readInto(id, offset, target);
    },
  });
  return () => void Object.assign(objects, { readInto });
}

describe('an export without identity in the background', () => {
  test('is made, told with what did not leave and why, and downloaded by who asked alone', async () => {
    const id = await asked();
    expect((await told(id)).status).toBe('WAITING');
    expect((await file(id)).status).toBe(404);
    expect(await run()).toBe(1);
    const done = await told(id);
    expect(done).toMatchObject({ status: 'DONE', code: null, total: 7, done: 5, refused: 2, project: null, patients: 2 });
    // Patients leave in the order of their pseudonyms.
    const refused = [...done.refusals].sort((one, other) => one.path.slice(-8).localeCompare(other.path.slice(-8)));
    expect(refused).toEqual([
      { path: expect.stringMatching(/^P-.{10}\/0001\/0001\/0003\.dcm$/), because: 'BURNED_IN' },
      { path: expect.stringMatching(/^P-.{10}\/0001\/0001\/0004\.dcm$/), because: 'BURNED_IN' },
    ]);
    await requireWhole(id);
    for (const who of ['RESEARCHER@A', 'ADMIN@-'] as const) {
      expect((await file(id, who)).status).toBe(404);
      expect((await index.ask(who, 'GET', `${URL}/${id}`)).status).toBe(404);
      expect((await index.ask(who, 'POST', `${URL}/${id}/cancel`)).status).toBe(404);
    }
    const { rows } = await index.owner.query('SELECT action FROM audit_events WHERE entity_id = $1 ORDER BY occurred_at, id', [
      id,
    ]);
    expect(rows.map(({ action }) => action)).toEqual(['deid-export.asked', 'deid-export.ended', 'deid-export.downloaded']);
  });

  test('of a project has its pseudonyms, as what is streamed has', async () => {
    const made = await index.ask(WHO, 'POST', '/api/deid/projects', { name: 'Thorax', dates: 'SHIFTED' });
    const { id: projectId } = JSON.parse(made.text);
    const id = await asked({ projectId });
    await run();
    const streamed = await index.ask(WHO, 'POST', '/api/patients/export/anonymised', { patientIds: patients, projectId });
    expect(await requireWhole(id)).toEqual([...(await unzip(streamed.raw)).keys()]);
    expect((await told(id)).project).toEqual({ id: projectId, name: 'Thorax' });
  });

  test('whose process ends in order, or is killed, in mid-run is begun anew, and its result is whole', async () => {
    const before = (await kept()).length;
    const id = await asked();
    const stop = new AbortController();
    const undo = atRead(4, () => stop.abort());
    await expect(run(stop.signal)).rejects.toThrow();
    undo();
    expect((await told(id)).status).toBe('WAITING');
    expect(await kept()).toHaveLength(before);
    // A process that is killed says nothing: its claim stands, and is nobody's after half a minute.
    await index.owner.query(
      "UPDATE deid_exports SET status = 'RUNNING', claim = gen_random_uuid(), kept_at = $2, done = 3 WHERE id = $1",
      [id, index.now],
    );
    expect(await run()).toBe(0);
    index.now = new Date(index.now.getTime() + 31_000);
    expect(await run()).toBe(1);
    await requireWhole(id);
    expect(await kept()).toHaveLength(before + 1);
  });

  test('is stopped, and nothing of it is kept', async () => {
    const before = (await kept()).length;
    const waiting = await asked();
    expect(JSON.parse((await index.ask(WHO, 'POST', `${URL}/${waiting}/cancel`)).text).status).toBe('CANCELLED');
    expect(await run()).toBe(0);
    const running = await asked();
    const undo = atRead(3, async () => void (await index.ask(WHO, 'POST', `${URL}/${running}/cancel`)));
    await run();
    undo();
    expect(await told(running)).toMatchObject({ status: 'CANCELLED', code: null, sizeBytes: null });
    expect((await file(running)).status).toBe(404);
    expect(await kept()).toHaveLength(before);
  });
});

describe('a right that is lost meanwhile', () => {
  const without = (): Person => ({ ...actorOf(WHO), permissions: new Set(['studies.read']) });

  test.each([
    ['before it is made', 0],
    ['while it is made', 3],
  ])('%s: nothing is kept', async (_when, nth) => {
    const before = (await kept()).length;
    const id = await asked();
    if (nth === 0) personNow = without;
    const undo = atRead(nth, () => {
      personNow = without;
    });
    await run();
    undo();
    expect(await told(id)).toMatchObject({ status: 'FAILED', code: 'FORBIDDEN' });
    expect(await kept()).toHaveLength(before);
  });

  test.each(['DICOM', 'NIFTI'] as const)('one group of several, while it is made as %s: nothing is kept', async (form) => {
    const of = (...groupIds: string[]): Person => ({ ...actorOf(WHO), groupIds });
    personNow = () => of(GROUP_A, GROUP_B);
    const before = (await kept()).length;
    const id = await asked({ form });
    const undo = atRead(3, () => {
      personNow = () => of(GROUP_B);
    });
    await run();
    undo();
    expect(await told(id)).toMatchObject({ status: 'FAILED', code: 'FORBIDDEN', sizeBytes: null });
    expect(await kept()).toHaveLength(before);
  });

  test('with the account or the group: nothing is kept', async () => {
    const [gone, moved] = [await asked(), await asked()];
    personNow = () => undefined;
    const undo = atRead(1, () => undefined);
    await run();
    undo();
    for (const id of [gone, moved]) expect(await told(id)).toMatchObject({ status: 'FAILED', code: 'FORBIDDEN' });
    const other = await asked();
    personNow = () => actorOf('RADIOLOGIST@B');
    await run();
    expect(await told(other)).toMatchObject({ status: 'FAILED', code: 'NOT_FOUND' });
  });

  test('before the download, of one study: the ZIP stays here', async () => {
    const id = await asked();
    await run();
    await index.owner.query("UPDATE studies SET deleted_at = now() WHERE study_instance_uid = '1.2.826.46'");
    try {
      const answer = await file(id);
      expect([answer.status, answer.json.code]).toEqual([403, 'FORBIDDEN']);
    } finally {
      await index.owner.query("UPDATE studies SET deleted_at = NULL WHERE study_instance_uid = '1.2.826.46'");
    }
    expect((await file(id)).status).toBe(200);
  });
});

test('whose patient is erased: the ZIP goes as well, and that of others stays', async () => {
  const erased = await seedNamed(index, GROUP_A, '1.2.826.47', 1);
  const [of, other] = [await asked({ patientIds: [erased, patients[0]] }), await asked({ patientIds: [patients[1]] })];
  await run();
  const before = await kept();
  const { rows } = await index.owner.query('SELECT id, result_id FROM deid_exports WHERE id = ANY ($1)', [[of, other]]);
  const fileOf = (id: string) => rows.find((row) => row.id === id)?.result_id;
  expect(before).toEqual(expect.arrayContaining([fileOf(of), fileOf(other)]));
  const ofStudy = "(SELECT s.id FROM series s JOIN studies t ON t.id = s.study_id WHERE t.study_instance_uid = '1.2.826.47')";
  for (const sql of [
    `DELETE FROM instances WHERE series_id IN ${ofStudy}`,
    `DELETE FROM series WHERE id IN ${ofStudy}`,
    "DELETE FROM studies WHERE study_instance_uid = '1.2.826.47'",
  ])
    await index.owner.query(sql);
  await run();
  expect(await kept()).toEqual(before.filter((id) => id !== fileOf(of)));
  expect(await told(of)).toMatchObject({ status: 'FAILED', code: 'NOT_FOUND', sizeBytes: null, expiresAt: null });
  expect([(await file(of)).status, (await file(other)).status]).toEqual([404, 200]);
});

test('a key that is lost meanwhile fails the export with that code', async () => {
  const made = await index.ask(WHO, 'POST', '/api/deid/projects', { name: 'Thorax', dates: 'REMOVED' });
  const { id: projectId } = JSON.parse(made.text);
  const id = await asked({ projectId });
  await index.owner.query("UPDATE deid_projects SET sealed_key = '\\x00' WHERE id = $1", [projectId]);
  await run();
  expect(await told(id)).toMatchObject({ status: 'FAILED', code: 'PROJECT_KEY_LOST' });
  expect((await index.ask(WHO, 'POST', URL, { patientIds: patients, projectId })).json.code).toBe('PROJECT_KEY_LOST');
});

test('after a week neither file nor row is there', async () => {
  const id = await asked();
  await run();
  index.now = new Date(index.now.getTime() + 7 * 86_400_000 + 1_000);
  expect((await file(id)).status).toBe(404);
  await run();
  expect((await index.ask(WHO, 'GET', `${URL}/${id}`)).status).toBe(404);
  expect(await kept()).toEqual([]);
});
