import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SECRETS, seedNamed, seedPerson } from '../../../../test/support/deid-seed.ts';
import { createIndexApp, GROUP_A, GROUP_B, type IndexApp, type Who } from '../../../../test/support/index-app.ts';
import { unzip } from '../../../../test/support/unzip.ts';
import { IMPLEMENTATION } from '../../../kernel/implementation.ts';

const URL = '/api/deid/projects';
const EXPORT = '/api/patients/export/anonymised';
let index: IndexApp;
let patients: string[];

beforeAll(async () => {
  index = await createIndexApp();
  await seedPerson(index, 'RADIOLOGIST@A');
  patients = [await seedNamed(index, GROUP_A, '1.2.826.45'), await seedNamed(index, GROUP_A, '1.2.826.46')];
});
afterAll(() => index.close());

async function made(who: Who, body: object = {}): Promise<string> {
  const { status, text } = await index.ask(who, 'POST', URL, { name: 'Thorax 2026', dates: 'REMOVED', ...body });
  expect(status, text).toBe(201);
  return JSON.parse(text).id;
}

interface Left {
  readonly names: string[];
  readonly files: Buffer[];
  readonly manifest: Record<string, unknown>;
}
async function left(projectId: string | undefined, patientIds = patients, who: Who = 'RADIOLOGIST@A'): Promise<Left> {
  const answer = await index.ask(who, 'POST', EXPORT, { patientIds, projectId });
  expect(answer.status, answer.text.slice(0, 300)).toBe(200);
  for (const secret of SECRETS) expect(answer.raw.includes(secret), secret).toBe(false);
  const files = await unzip(answer.raw);
  const names = [...files.keys()];
  return { names, files: [...files.values()], manifest: JSON.parse(String(files.get('manifest.json'))) };
}

describe('a project of de-identification', () => {
  test('gives the same pseudonyms, UIDs and dates each time, whoever exports, and in one patient or several', async () => {
    const id = await made('RADIOLOGIST@A', { dates: 'SHIFTED' });
    const both = await left(id);
    const again = await left(id, patients, 'RESEARCHER@A');
    const one = await left(id, patients.slice(1));
    expect(again.names).toEqual(both.names);
    expect(again.files.slice(0, 2)).toEqual(both.files.slice(0, 2));
    expect(one.files[0]).toEqual(both.files[both.names.indexOf(one.names[0] ?? '')]);
    expect(both.manifest).toMatchObject({
      project: { id, name: 'Thorax 2026' },
      profile: 'PS3.15 Basic',
      options: ['retainModifiedDates'],
      refused: [{ because: 'BURNED_IN' }, { because: 'BURNED_IN' }],
    });
  });

  test('can’t be joined with another one, nor with what left once: neither name, UID nor bytes agree', async () => {
    const [first, second] = [await left(await made('RADIOLOGIST@A')), await left(await made('RADIOLOGIST@A'))];
    const once = await left(undefined);
    const said = [first, second, once].map(({ names, files }) => {
      const uids = files.slice(0, 2).flatMap((file) => String(file.toString('latin1')).match(/2\.25\.\d+/g) ?? []);
      // Whose program wrote the file is the same.
      const theirs = uids.filter((uid) => uid !== IMPLEMENTATION.classUid);
      return [...names.slice(0, 2).map((name) => name.split('/')[0] ?? ''), ...theirs];
    });
    const all = said.flatMap((words) => [...new Set(words)]);
    expect(all.length).toBeGreaterThan(15);
    expect(new Set(all).size).toBe(all.length);
  });

  test('nor by the place of a patient, or of a study among theirs, in the files', async () => {
    const asked = [...patients];
    for (const number of [1, 2, 3, 4]) asked.push(await seedNamed(index, GROUP_A, `1.2.826.46${number}`));
    const orders = new Set<string>();
    for (let project = 0; project < 5; project += 1) {
      const { names } = await left(await made('RADIOLOGIST@A'), asked);
      const shown = names.filter((name) => name.endsWith('.dcm')).map((name) => name.split('/')[0] ?? '');
      expect(shown).toHaveLength(asked.length);
      expect(shown).toEqual([...shown].sort());
      orders.add(shown.join(' '));
    }
    expect(orders.size).toBe(5);
  });

  test('has the dates and options that were chosen', async () => {
    const removed = await left(await made('RADIOLOGIST@A', { dates: 'REMOVED' }));
    const shifted = await left(await made('RADIOLOGIST@A', { dates: 'SHIFTED', options: ['cleanDescriptors'] }));
    const codes = (file: Buffer | undefined): string[] => String(file?.toString('latin1')).match(/1131\d\d/g) ?? [];
    expect(codes(removed.files[0])).not.toContain('113107');
    expect(codes(shifted.files[0])).toEqual(expect.arrayContaining(['113100', '113105', '113107']));
    expect(String(removed.files[0]?.toString('latin1'))).not.toMatch(/\bDA..20\d{6}/s);
  });
});

describe('who may use it', () => {
  test('is of the group of who made it; a project of another group is as unknown', async () => {
    const id = await made('RADIOLOGIST@A');
    const seen = async (who: Who): Promise<string[]> => (await index.ask(who, 'GET', URL)).json.items.map((item) => item.id);
    expect(await seen('RESEARCHER@A')).toContain(id);
    expect(await seen('ADMIN@-')).toContain(id);
    expect(await seen('RADIOLOGIST@B')).not.toContain(id);
    const theirs = await seedNamed(index, GROUP_B, '1.2.826.47');
    const answer = await index.ask('RADIOLOGIST@B', 'POST', EXPORT, { patientIds: [theirs], projectId: id });
    expect([answer.status, answer.json.code]).toEqual([404, 'NOT_FOUND']);
    expect((await index.ask('RESEARCHER@A', 'POST', URL, { name: 'Mine', dates: 'REMOVED' })).status).toBe(403);
    expect((await index.ask('STAFF@A', 'GET', URL)).status).toBe(403);
  });

  test('no answer has the key, nor what it is sealed as', async () => {
    await made('RADIOLOGIST@A');
    const { rows } = await index.owner.query('SELECT sealed_key FROM deid_projects');
    const { text } = await index.ask('ADMIN@-', 'GET', URL);
    for (const { sealed_key: sealed } of rows) {
      expect(text).not.toContain(sealed.toString('hex'));
      expect(text).not.toContain(sealed.toString('base64'));
    }
    expect(text).not.toContain('ealed');
  });
});

describe('who a pseudonym is', () => {
  const ask = (id: string, pseudonym: string, who: Who = 'ADMIN@-', reason = 'Incidental finding in the lung') =>
    index.ask(who, 'POST', `${URL}/${id}/who`, { pseudonym, reason });
  const pseudonymOf = async (id: string, patientId: string): Promise<string> =>
    (await left(id, [patientId])).names[0]?.split('/')[0] ?? '';

  test('is told to administrators, by the project alone that it is of, and noted with the reason', async () => {
    const [id, other] = [await made('RADIOLOGIST@A'), await made('RADIOLOGIST@A')];
    const pseudonym = await pseudonymOf(id, patients[1] ?? '');
    const answer = await ask(id, pseudonym);
    expect([answer.status, JSON.parse(answer.text).patientId]).toEqual([200, patients[1]]);
    expect((await ask(other, pseudonym)).status).toBe(404);
    expect((await ask(id, pseudonym, 'RADIOLOGIST@A')).status).toBe(403);
    expect((await ask(id, pseudonym, 'RESEARCHER@A')).status).toBe(403);
    expect((await ask(id, pseudonym, 'ADMIN@-', '')).status).toBe(400);
    const { rows } = await index.owner.query(
      `SELECT outcome, patient_id, details->>'reason' AS reason FROM audit_events WHERE action = 'deid-project.asked-who' ORDER BY occurred_at, id`,
    );
    expect(rows).toEqual([
      { outcome: 'SUCCESS', patient_id: patients[1], reason: 'Incidental finding in the lung' },
      { outcome: 'FAILURE', patient_id: null, reason: 'Incidental finding in the lung' },
    ]);
  });

  test('is, of a record that was merged since, the record that stands', async () => {
    const id = await made('RADIOLOGIST@A');
    const gone = await seedNamed(index, GROUP_A, '1.2.826.48');
    const pseudonym = await pseudonymOf(id, gone);
    await index.owner.query('UPDATE patients SET merged_into = $2, deleted_at = now() WHERE id = $1', [gone, patients[0]]);
    expect(JSON.parse((await ask(id, pseudonym)).text).patientId).toBe(patients[0]);
  });
});

test('of what leaves by its header alone the preview and the manifest say that nobody has looked at its pixels', async () => {
  const { text } = await index.ask('RADIOLOGIST@A', 'POST', '/api/deid/preview', { patientIds: patients });
  expect(JSON.parse(text).items).toMatchObject(
    patients.map(() => ({ because: null, unseen: { rows: 4, columns: 4, looks: [] } })),
  );
  expect((await left(undefined)).manifest.pixels).toMatch(/nobody has looked/);
});

test('a key that is lost is said: nothing leaves, nothing is told, nothing is noted as exported', async () => {
  const id = await made('RADIOLOGIST@A');
  const { names } = await left(id);
  const exported = async (): Promise<number> =>
    (await index.owner.query("SELECT count(*)::int AS n FROM audit_events WHERE action = 'patient.exported'")).rows[0]?.n;
  const before = await exported();
  // Another server's key would do the same: the seal does not open.
  await index.owner.query(
    'UPDATE deid_projects SET sealed_key = set_byte(sealed_key, 20, get_byte(sealed_key, 20) # 1) WHERE id = $1',
    [id],
  );
  const answer = await index.ask('RADIOLOGIST@A', 'POST', EXPORT, { patientIds: patients, projectId: id });
  expect([answer.status, answer.json.code, answer.headers['content-type']]).toEqual([
    409,
    'PROJECT_KEY_LOST',
    expect.stringContaining('application/problem+json'),
  ]);
  const who = await index.ask('ADMIN@-', 'POST', `${URL}/${id}/who`, { pseudonym: names[0]?.split('/')[0], reason: 'A finding' });
  expect(who.json.code).toBe('PROJECT_KEY_LOST');
  expect(await exported()).toBe(before);
  const listed = JSON.parse((await index.ask('ADMIN@-', 'GET', URL)).text).items.find((item: { id: string }) => item.id === id);
  expect(listed.hasKey).toBe(false);
});
