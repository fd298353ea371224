import { gunzipSync } from 'node:zlib';
import { buildZip, type Dataset, volumeSeries } from '@negatoscope/testkit';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formOf } from '../src/features/ingest/ingest-fixture.ts';
import { jobsOf } from '../src/jobs.ts';
import { composed } from '../src/platform/db/statements.ts';
import { type DicomwebServer, firstValue, type Json, openDicomweb } from './dicomweb/support.ts';
import { type Browser, createFakeClock } from './support/app.ts';
import { unzip } from './support/unzip.ts';

const URL = '/api/deid/exports';
const clock = createFakeClock();
const SECRETS = ['CACHEE', 'CACHE-1', 'Hopital', '2.25.9977553311'];
let server: DicomwebServer;
let group: string;
let radiologist: Browser;
let researcher: Browser;
let admin: Browser;
let projectId: string;
let patients: string[];

type Point = readonly [number, number, number];
const upwards = (heights: readonly number[]): Point[] => heights.map((z) => [-4, -4, z]);

/** A CT of one series whose slices lie where told. */
function series(name: string, number: number, positions: readonly Point[], dataset: Dataset = {}): Buffer[] {
  const options = {
    ...{ seed: `${name} ${number}`, side: 8, spacingMm: 1, positions, thicknessMm: 2, seriesNumber: number },
    ...{ studyInstanceUid: `2.25.9977553311${name.length}1`, seriesInstanceUid: `2.25.9977553311${name.length}1.${number}` },
    valueAt: ([x, y, z]: Point) => Math.round(10 * x + 3 * y + z),
    elementsOf: (index: number) => ({ SOPInstanceUID: `2.25.9977553311${name.length}1.${number}.${index + 1}` }),
    dataset: {
      ...{
        PatientName: `CACHEE^${name}`,
        PatientID: `CACHE-1-${name}`,
        PatientBirthDate: '19700102',
        InstitutionName: 'Hopital',
      },
      ...dataset,
    },
  };
  return [...volumeSeries(options)].map(({ bytes }) => Buffer.from(bytes));
}

beforeAll(async () => {
  server = await openDicomweb({ clock });
  group = await server.makeGroup('Research');
  const of = { groupId: group };
  radiologist = await server.login(await server.makeUser({ role: 'RADIOLOGIST', ...of }));
  researcher = await server.login(await server.makeUser({ role: 'RESEARCHER', ...of }));
  admin = await server.login('ADMIN');
  const files = [
    ...series('Ana', 1, upwards([0, 2, 4, 6])),
    ...series('Ana', 2, upwards([0, 2, 6, 8])),
    ...series('Ana', 3, upwards([0, 2, 4]), { BurnedInAnnotation: 'YES' }),
    ...series('Lucie', 1, upwards([0, 3])),
  ];
  const physician = await server.login('PHYSICIAN');
  expect((await server.store(physician, files)).statusCode).toBe(200);
  const made = await ask(radiologist, 'POST', '/api/deid/projects', { name: 'Thorax', dates: 'SHIFTED' });
  projectId = made.json.id;
  patients = (await ask(physician, 'GET', '/api/patients')).json.items.map(({ id }: { id: string }) => id);
});
afterAll(() => server.close());

async function ask(
  who: Browser,
  method: 'GET' | 'POST',
  url: string,
  body?: object,
): Promise<{ status: number; json: Json; raw: Buffer }> {
  const answer = await server.app.inject({ method, url, headers: who.headers, ...(body && { payload: body }) });
  const isJson = String(answer.headers['content-type']).includes('json');
  return { status: answer.statusCode, json: isJson ? answer.json() : undefined, raw: answer.rawPayload };
}
async function run(): Promise<void> {
  const job = jobsOf(server.parts, pino({ level: 'silent' })).find(({ kind }) => kind.name === 'run-deid-exports');
  await job?.run({}, { attempt: 1, isLast: false, signal: new AbortController().signal });
}
async function exported(who: Browser, body: object): Promise<{ told: Json; files: Map<string, Buffer>; raw: Buffer }> {
  const { status, json } = await ask(who, 'POST', URL, body);
  expect(status, JSON.stringify(json)).toBe(202);
  await run();
  const told = (await ask(who, 'GET', `${URL}/${json.id}`)).json;
  const { raw } = await ask(who, 'GET', `${URL}/${json.id}/file`);
  return { told, files: told.status === 'DONE' ? await unzip(raw) : new Map(), raw };
}
const change = (text: string, values: (string | Date)[]): Promise<unknown> =>
  server.db.withSystem((tx) => tx.rows(composed({ text, values })));
const counted = async (table: 'studies' | 'instances' | 'conflicts' | 'patients'): Promise<number> => {
  const counts = {
    studies: 'SELECT count(*)::int AS n FROM studies WHERE group_id = $1',
    instances: 'SELECT count(*)::int AS n FROM instances WHERE group_id = $1',
    conflicts: 'SELECT count(*)::int AS n FROM conflicts WHERE group_id = $1',
    patients: 'SELECT count(*)::int AS n FROM patients WHERE group_id = $1',
  };
  const row: Json = await server.db.withSystem((tx) => tx.first(composed({ text: counts[table], values: [group] })));
  return row.n;
};

describe('NIfTI', () => {
  test('series leave as one file each where they can, as DICOM with the reason where not, and nothing names anybody', async () => {
    const { told, files } = await exported(radiologist, { patientIds: patients, form: 'NIFTI' });
    expect(told, JSON.stringify(told.refusals)).toMatchObject({ status: 'DONE', form: 'NIFTI', total: 13, done: 10, refused: 3 });
    const manifest: Json = JSON.parse(String(files.get('manifest.json')));
    expect(manifest.series).toHaveLength(4);
    const by = (because: string | undefined) => manifest.series.filter((one: Json) => one.because === because);
    expect(by(undefined)).toHaveLength(2);
    expect(by('MISSING_SLICES')).toMatchObject([{ form: 'DICOM', measured: 1 }]);
    expect(by('INSTANCES_REFUSED')).toMatchObject([{ form: 'DICOM', measured: 3 }]);
    const names = [...files.keys()];
    expect(names.filter((name) => name.endsWith('.dcm'))).toHaveLength(4);
    const blocks = names.filter((name) => name.endsWith('.nii.gz'));
    expect(blocks).toHaveLength(2);
    for (const name of blocks) {
      const block = gunzipSync(files.get(name) ?? '');
      const slices = block.readInt16LE(46);
      expect([block.readInt16LE(42), block.readInt16LE(44), [2, 4].includes(slices)]).toEqual([8, 8, true]);
      // The first voxel is of the last row: x = -4, y = 3, on the lowest slice.
      expect(block.readUInt16LE(352) * block.readFloatLE(112) + block.readFloatLE(116)).toBe(-31);
      const sidecar = JSON.parse(String(files.get(name.replace('.nii.gz', '.json'))));
      expect(sidecar).toMatchObject({ Modality: 'CT', SliceThickness: 2, RescaleIntercept: -1024 });
    }
    for (const [name, bytes] of files) {
      const plain = name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
      for (const secret of SECRETS) expect(plain.includes(secret), `${secret} in ${name}`).toBe(false);
    }
    const listed = manifest.files.find(({ path }: Json) => path.endsWith('.nii.gz'));
    expect(listed).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), treatments: [expect.any(Number)] });
  });
});

describe('into a group', () => {
  const wish = () => ({ patientIds: patients, form: 'GROUP', projectId, targetGroupId: group });

  test('images come under the pseudonym, twice the same are there already, and its researchers see these alone', async () => {
    const first = await exported(radiologist, wish());
    expect(first.told).toMatchObject({ status: 'DONE', form: 'GROUP', done: 10, unchanged: 0, refused: 3 });
    expect(first.told.target).toEqual({ id: group, name: 'Research' });
    expect([...first.files.keys()]).toEqual(['manifest.json', 'group.json']);
    const state = async () => Promise.all([counted('patients'), counted('studies'), counted('instances'), counted('conflicts')]);
    expect(await state()).toEqual([2, 2, 10, 0]);

    const second = await exported(radiologist, wish());
    expect(second.told).toMatchObject({ status: 'DONE', done: 10, unchanged: 10, refused: 3 });
    expect(await state()).toEqual([2, 2, 10, 0]);

    const own = (await ask(radiologist, 'GET', `/api/patients?limit=50`)).json.items.filter((one: Json) => one.groupId === group);
    expect(own.map(({ externalId }: Json) => externalId)).toEqual([
      expect.stringMatching(/^P-[2-9A-Z]{10}$/),
      expect.stringMatching(/^P-[2-9A-Z]{10}$/),
    ]);
    const seen = (await ask(researcher, 'GET', '/api/studies')).json;
    expect(seen.items.map(({ groupId }: Json) => groupId)).toEqual([group, group]);
    expect((await ask(researcher, 'GET', '/api/patients')).json.items).toHaveLength(2);
    const instances = await server.json(radiologist, `/studies/${seen.items[0].studyInstanceUid}/metadata`);
    expect(firstValue(instances[0], '00120062')).toBe('YES');
    const everything = JSON.stringify([seen, String(first.files.get('group.json')), instances]);
    for (const secret of SECRETS) expect(everything.includes(secret)).toBe(false);
  });

  test('a worker that is killed in the midst is followed, and nothing comes twice', async () => {
    const { json } = await ask(radiologist, 'POST', URL, wish());
    const killed = "UPDATE deid_exports SET status = 'RUNNING', claim = gen_random_uuid(), kept_at = $2, tries = 1 WHERE id = $1";
    await change(killed, [json.id, new Date(clock.now().getTime() - 31_000)]);
    await run();
    expect((await ask(radiologist, 'GET', `${URL}/${json.id}`)).json).toMatchObject({ status: 'DONE', unchanged: 10 });
    expect(await counted('instances')).toBe(10);
  });

  test('who may not write there, or not import, lets nothing in; a project that keeps UIDs does not either', async () => {
    const other = await server.makeGroup('Other');
    expect((await ask(radiologist, 'POST', URL, { ...wish(), targetGroupId: other })).status).toBe(404);
    const seen = (await ask(researcher, 'GET', '/api/patients')).json.items.map(({ id }: Json) => id);
    expect((await ask(researcher, 'POST', URL, { ...wish(), patientIds: seen })).status).toBe(403);
    const open = await ask(radiologist, 'POST', '/api/deid/projects', {
      name: 'Open',
      dates: 'REMOVED',
      options: ['retainUids'],
    });
    expect((await ask(radiologist, 'POST', URL, { ...wish(), projectId: open.json.id })).json.code).toBe('UNPROCESSABLE');
    const { projectId: _none, ...without } = wish();
    expect((await ask(radiologist, 'POST', URL, without)).status).toBe(400);
    const inside = (await ask(radiologist, 'GET', `/api/patients?limit=50`)).json.items.filter(
      (one: Json) => one.groupId === group,
    );
    const ids = inside.map(({ id }: Json) => id);
    expect((await ask(radiologist, 'POST', URL, { ...wish(), patientIds: ids })).json.code).toBe('UNPROCESSABLE');
  });

  test('a right that is lost before it is made lets nothing in', async () => {
    const fresh = await server.makeGroup('Fresh');
    const member = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: fresh }));
    const project = await ask(member, 'POST', '/api/deid/projects', { name: 'Fresh', dates: 'REMOVED' });
    const { json } = await ask(member, 'POST', URL, { ...wish(), projectId: project.json.id, targetGroupId: fresh });
    await change("UPDATE users SET level = 'READ' WHERE id = $1", [member.user.id]);
    await run();
    expect((await ask(member, 'GET', `${URL}/${json.id}`)).json).toMatchObject({ status: 'FAILED', code: 'FORBIDDEN', done: 0 });
  });
});

describe('all that a filter finds', () => {
  const count = (who: Browser, body: object) => ask(who, 'POST', `${URL}/count`, body);

  test('is counted first, without what is in the group already, and leaves as it was counted', async () => {
    expect((await count(radiologist, { filter: {} })).json).toMatchObject({
      studies: 4,
      patients: 4,
      notYours: 0,
      alreadyThere: 0,
      isTooMany: false,
    });
    const into = await count(radiologist, { filter: { modality: 'CT' }, targetGroupId: group });
    expect(into.json).toMatchObject({ studies: 2, patients: 2, alreadyThere: 2 });
    expect((await count(radiologist, { filter: { modality: 'MR' } })).json.studies).toBe(0);
    const { told } = await exported(radiologist, { filter: { q: 'Lucie' } });
    expect(told).toMatchObject({ status: 'DONE', form: 'DICOM', patients: 1, total: 2, done: 2 });
    expect((await ask(radiologist, 'POST', URL, { filter: { modality: 'MR' } })).json.code).toBe('UNPROCESSABLE');
  });

  test('has nothing of other people’s own partitions, and nothing out of scope', async () => {
    expect((await server.store(researcher, series('Paul-Emile', 1, upwards([0, 1])))).statusCode).toBe(200);
    expect((await count(admin, { filter: {} })).json).toMatchObject({ studies: 4, notYours: 1 });
    expect((await count(researcher, { filter: {} })).json).toMatchObject({ studies: 3, notYours: 0 });
    const stranger = await server.login(
      await server.makeUser({ role: 'RESEARCHER', groupId: await server.makeGroup('Strangers') }),
    );
    expect((await count(stranger, { filter: {} })).json).toMatchObject({ studies: 0, patients: 0 });
  });

  test('a filter that is none, or beside patients, is refused', async () => {
    expect((await count(radiologist, { filter: { nonsense: '1' } })).status).toBe(400);
    expect((await ask(radiologist, 'POST', URL, { filter: {}, patientIds: patients })).status).toBe(400);
    expect((await ask(radiologist, 'POST', URL, {})).status).toBe(400);
  });
});

test('free text in the names of files that came, and of folders and ZIPs around them, leaves in no form: neither in a name, nor in a manifest', async () => {
  const NAMES = ['CACHEE Ana 1970-01-02.dcm', 'Hopital/CACHEE_Ana (rappeler).IMA'];
  const files = series('Anabelle', 1, upwards([0, 2, 4]));
  const inZip = buildZip(files.slice(1).map((bytes, at) => ({ name: `CACHE-1/${at} ${NAMES[1]}`, bytes })));
  const form = formOf([
    { name: NAMES[0] ?? '', bytes: files[0] ?? Buffer.alloc(0) },
    { name: 'CACHEE Ana.zip', bytes: inZip },
  ]);
  const imported = await server.app.inject({
    ...{ method: 'POST', url: '/api/patients/import', payload: form.payload },
    headers: { ...form.headers, ...radiologist.headers },
  });
  expect(imported.json(), imported.body).toMatchObject({ stored: 3 });
  const own = (await ask(radiologist, 'GET', '/api/patients')).json.items as { id: string }[];
  const patientIds = own.map(({ id }) => id);
  for (const wish of [{ form: 'DICOM' }, { form: 'NIFTI' }, { form: 'NIFTI', projectId }]) {
    const { told, files: left, raw } = await exported(radiologist, { patientIds, ...wish });
    expect(told.status).toBe('DONE');
    expect(left.size).toBeGreaterThan(1);
    for (const [name, bytes] of left) {
      const plain = name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
      for (const secret of [...SECRETS, 'rappeler', 'Ana']) {
        expect(name).not.toContain(secret);
        expect(plain.includes(secret), `${secret} in ${name}`).toBe(false);
      }
    }
    expect(raw.includes('rappeler')).toBe(false);
  }
});
