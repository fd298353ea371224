import { randomUUID } from 'node:crypto';
import { READING_LASTS_MS } from '@negatoscope/contract';
import { type Dataset, smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { service } from '../src/access/index.ts';
import { createAudit } from '../src/features/audit/index.ts';
import { sweep } from '../src/features/studies/reading/index.ts';
import { composed } from '../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import { type Browser, createFakeClock } from './support/app.ts';

const clock = createFakeClock();
let server: DicomwebServer;
let radiologist: Browser;
let physician: Browser;
let staff: Browser;
beforeAll(async () => {
  server = await openDicomweb({ clock });
  radiologist = await server.login(await server.makeUser({ role: 'RADIOLOGIST', firstName: 'Awa', lastName: 'Diop' }));
  physician = await server.login(await server.makeUser({ role: 'PHYSICIAN', firstName: 'Jean', lastName: 'Ba' }));
  staff = await server.login('STAFF');
});
afterAll(() => server.close());

let count = 0;
/** A stored study of one small image; gives its UID. */
async function study(who: Browser = radiologist, groupId?: string, dataset: Dataset = {}): Promise<string> {
  count += 1;
  const uid = `2.25.990${count}0`;
  const own = { PatientID: `R${count}`, PatientName: `Ndiaye^${count}`, ...dataset };
  const { bytes } = smallPicture({
    seed: `readings ${count}`,
    columns: 2,
    frames: 1,
    cells: new Uint16Array(4),
    modality: 'CT',
    dataset: { ...own, StudyInstanceUID: uid, SeriesInstanceUID: `${uid}.1`, SOPInstanceUID: `${uid}.1.1` },
  });
  const url = groupId === undefined ? '/studies' : `/groups/${groupId}/studies`;
  expect((await server.store(who, [Buffer.from(bytes)], url)).statusCode).toBe(200);
  return uid;
}

type Method = 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
async function ask(who: Browser, method: Method, url: string, body?: object) {
  const answer = await server.app.inject({ method, url, headers: who.headers, ...(body === undefined ? {} : { payload: body }) });
  return { status: answer.statusCode, json: (answer.body === '' ? undefined : answer.json()) as Json };
}
const look = (who: Browser, uid: string) => ask(who, 'GET', `/api/studies/${uid}/readings`);
const keep = (who: Browser, uid: string, id: string) => ask(who, 'PUT', `/api/studies/${uid}/readings/${id}`);
const end = (who: Browser, uid: string, id: string) => ask(who, 'DELETE', `/api/studies/${uid}/readings/${id}`);
const namesOf = ({ json }: { json: Json }): string[] => json.readers.map(({ name }: Json) => name);
const rows = (text: string, values: string[] = []): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text, values })));
const eventsOf = async (uid: string): Promise<string[]> =>
  (
    await rows(
      `SELECT action, details::text AS details FROM audit_events WHERE action LIKE 'study.reading%' AND entity_id =
       (SELECT id::text FROM studies WHERE study_instance_uid = $1) ORDER BY id`,
      [uid],
    )
  ).map(({ action, details }) => `${action} ${details}`);
const runSweep = () =>
  sweep(
    { db: server.db, clock, audit: createAudit({ db: server.db, clock }), events: { publish: async () => undefined } },
    service('end-readings', ['studies.validate']),
    new AbortController().signal,
  );

describe('a reading', () => {
  test('marks a study to be read as in progress, under the reader’s name, and releases it when it ends', async () => {
    const uid = await study();
    const id = randomUUID();
    expect((await look(staff, uid)).json).toMatchObject({ status: 'TO_READ', readers: [], firstOpenedAt: null });
    const begun = await keep(radiologist, uid, id);
    expect([begun.status, begun.json]).toMatchObject([
      200,
      { status: 'IN_PROGRESS', readers: [{ name: 'Awa Diop', isSelf: true }] },
    ]);
    expect((await look(staff, uid)).json).toMatchObject({
      status: 'IN_PROGRESS',
      readers: [{ name: 'Awa Diop', isSelf: false }],
    });
    expect((await end(radiologist, uid, id)).status).toBe(204);
    expect((await look(staff, uid)).json).toMatchObject({ status: 'TO_READ', readers: [] });
    expect((await end(radiologist, uid, id)).status).toBe(204);
    expect(await eventsOf(uid)).toEqual(['study.reading-began {"marks": true}', 'study.reading-ended {"isReleased": true}']);
  });

  test('is not begun by who may not validate, nor by looking', async () => {
    const uid = await study();
    expect((await keep(staff, uid, randomUUID())).json.code).toBe('FORBIDDEN');
    await ask(radiologist, 'GET', `/api/studies/${uid}`);
    expect((await look(radiologist, uid)).json).toMatchObject({ status: 'TO_READ', readers: [] });
  });

  test('of two is seen by both, and the study is released by the last of them', async () => {
    const uid = await study();
    const [one, other] = [randomUUID(), randomUUID()];
    await keep(radiologist, uid, one);
    clock.advance(1_000);
    expect(namesOf(await keep(physician, uid, other))).toEqual(['Awa Diop', 'Jean Ba']);
    expect(namesOf(await keep(radiologist, uid, one))).toEqual(['Awa Diop', 'Jean Ba']);
    await end(radiologist, uid, one);
    expect((await look(staff, uid)).json).toMatchObject({ status: 'IN_PROGRESS', readers: [{ name: 'Jean Ba' }] });
    await end(physician, uid, other);
    expect((await look(staff, uid)).json).toMatchObject({ status: 'TO_READ', readers: [] });
  });

  test('in two windows is one reader, and one window that closes ends nothing', async () => {
    const uid = await study();
    const [one, other] = [randomUUID(), randomUUID()];
    await keep(radiologist, uid, one);
    expect(namesOf(await keep(radiologist, uid, other))).toEqual(['Awa Diop']);
    await end(radiologist, uid, one);
    expect((await look(staff, uid)).json).toMatchObject({ status: 'IN_PROGRESS', readers: [{ name: 'Awa Diop' }] });
  });

  test('never takes back what a person has said: validated, or set in progress by hand', async () => {
    const [validated, byHand] = [await study(), await study()];
    const id = randomUUID();
    await keep(radiologist, validated, id);
    await ask(radiologist, 'PATCH', `/api/studies/${validated}`, { status: 'VALIDATED' });
    await end(radiologist, validated, id);
    expect((await look(staff, validated)).json.status).toBe('VALIDATED');
    // Who opens a validated study only looks.
    expect((await keep(physician, validated, randomUUID())).json).toMatchObject({ status: 'VALIDATED', readers: [] });
    await ask(staff, 'PATCH', `/api/studies/${byHand}`, { status: 'IN_PROGRESS' });
    await keep(radiologist, byHand, id);
    await end(radiologist, byHand, id);
    expect((await look(staff, byHand)).json.status).toBe('IN_PROGRESS');
    const changed = await study();
    await keep(radiologist, changed, id);
    await ask(radiologist, 'PATCH', `/api/studies/${changed}`, { status: 'VALIDATED' });
    await ask(radiologist, 'PATCH', `/api/studies/${changed}`, { status: 'IN_PROGRESS' });
    await end(radiologist, changed, id);
    expect((await look(staff, changed)).json.status).toBe('IN_PROGRESS');
  });

  test('whose page has gone without a word ends after a time, and goes on as long as there are signs of it', async () => {
    const uid = await study();
    const id = randomUUID();
    // What the tests before have left.
    clock.advance(READING_LASTS_MS);
    await runSweep();
    await keep(radiologist, uid, id);
    clock.advance(READING_LASTS_MS - 1_000);
    await keep(radiologist, uid, id);
    clock.advance(READING_LASTS_MS - 1_000);
    expect(await runSweep()).toBe(0);
    expect((await look(staff, uid)).json).toMatchObject({ status: 'IN_PROGRESS', readers: [{ name: 'Awa Diop' }] });
    clock.advance(2_000);
    expect((await look(staff, uid)).json.readers).toEqual([]);
    expect((await ask(staff, 'GET', '/api/studies?limit=100')).json.items.flatMap(({ readers = [] }: Json) => readers)).toEqual(
      [],
    );
    expect(await runSweep()).toBe(1);
    expect((await look(staff, uid)).json.status).toBe('TO_READ');
    expect((await eventsOf(uid)).at(-1)).toContain('"isAbandoned": true');
    // The page that wakes up again reads on.
    expect((await keep(radiologist, uid, id)).json).toMatchObject({ status: 'IN_PROGRESS', readers: [{ name: 'Awa Diop' }] });
  });

  test('is told in the worklist, by name and in order, while it lasts; of what nobody reads now there is none', async () => {
    const [uid, byHand, untouched] = [await study(), await study(), await study()];
    const listed = async (who: Browser, of: string): Promise<Json> =>
      (await ask(who, 'GET', '/api/studies?limit=100')).json.items.find((one: Json) => one.studyInstanceUid === of);
    const [one, again, other] = [randomUUID(), randomUUID(), randomUUID()];
    await keep(radiologist, uid, one);
    clock.advance(1_000);
    await keep(radiologist, uid, again);
    await keep(physician, uid, other);
    await ask(staff, 'PATCH', `/api/studies/${byHand}`, { status: 'IN_PROGRESS' });
    expect(namesOf({ json: await listed(staff, uid) })).toEqual(['Awa Diop', 'Jean Ba']);
    expect((await listed(physician, uid)).readers.map(({ isSelf }: Json) => isSelf)).toEqual([false, true]);
    expect(await listed(staff, byHand)).toMatchObject({ status: 'IN_PROGRESS', readers: [] });
    expect(await listed(staff, untouched)).not.toHaveProperty('readers');
    await end(physician, uid, other);
    expect(namesOf({ json: await listed(staff, uid) })).toEqual(['Awa Diop']);
  });

  test('under an id of somebody else, or a text that is none, or the eleventh of one person, is refused', async () => {
    const uid = await study();
    const id = randomUUID();
    await keep(radiologist, uid, id);
    expect((await keep(physician, uid, id)).json.code).toBe('CONFLICT');
    await end(physician, uid, id);
    expect(namesOf(await look(staff, uid))).toEqual(['Awa Diop']);
    expect((await keep(radiologist, uid, 'x')).json.code).toBe('NOT_FOUND');
    for (let more = 0; more < 9; more += 1) expect((await keep(radiologist, uid, randomUUID())).status).toBe(200);
    expect((await keep(radiologist, uid, randomUUID())).json.code).toBe('UNPROCESSABLE');
  });

  test('of many at once is each there once, and the study is released once', async () => {
    const uid = await study();
    const ids = Array.from({ length: 8 }, () => randomUUID());
    const begun = await Promise.all(ids.flatMap((id) => [keep(radiologist, uid, id), keep(radiologist, uid, id)]));
    expect(begun.map(({ status }) => status)).toEqual(begun.map(() => 200));
    await Promise.all(ids.map((id) => end(radiologist, uid, id)));
    expect((await look(staff, uid)).json).toMatchObject({ status: 'TO_READ', readers: [] });
    const events = await eventsOf(uid);
    expect(events.filter((event) => event.includes('"marks": true'))).toHaveLength(1);
    expect(events.filter((event) => event.includes('"isReleased": true'))).toHaveLength(1);
  });
});

describe('out of scope', () => {
  test('a reading is unknown by every route, and goes with its study into another group', async () => {
    const [groupId, otherId] = [await server.makeGroup(), await server.makeGroup()];
    const member = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId }));
    const outsider = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: otherId }));
    const uid = await study(member, groupId);
    const id = randomUUID();
    await keep(member, uid, id);
    const unknown = (await look(outsider, '2.25.404')).json;
    for (const answer of [await look(outsider, uid), await keep(outsider, uid, randomUUID()), await end(outsider, uid, id)])
      expect([answer.status, answer.json]).toEqual([404, unknown]);
    const researcher = await server.login(await server.makeUser({ role: 'RESEARCHER', groupId }));
    expect((await look(researcher, uid)).json.readers).toMatchObject([{ name: null, isSelf: false }]);
    const inList = async (who: Browser): Promise<Json[]> => (await ask(who, 'GET', '/api/studies')).json.items;
    const seen = (await inList(researcher)).filter((one) => one.studyInstanceUid === uid);
    expect(seen).toMatchObject([{ readers: [{ name: null, isSelf: false }] }]);
    expect((await inList(outsider)).filter((one) => one.studyInstanceUid === uid)).toEqual([]);
    // Moved away while it is read: the reader loses it, and the reading with it.
    const admin = await server.login('ADMIN');
    const patient = (await ask(admin, 'POST', '/api/patients', { lastName: 'Cible', firstName: '', groupId: otherId })).json;
    const moved = await ask(admin, 'PATCH', `/api/studies/${uid}?groupId=${groupId}`, {
      patientId: patient.id,
      ...{ acceptMismatch: true, mismatchReason: 'Vérifié avec la patiente' },
    });
    expect(moved.status).toBe(200);
    expect((await keep(member, uid, id)).status).toBe(404);
    expect(namesOf(await look(outsider, uid))).toHaveLength(1);
    clock.advance(READING_LASTS_MS + 1);
    await runSweep();
    expect((await look(outsider, uid)).json).toMatchObject({ status: 'TO_READ', readers: [] });
  });
});

describe('priors of received studies', () => {
  const priors = async (uid: string): Promise<string[]> =>
    (await ask(radiologist, 'GET', `/api/studies/${uid}/priors`)).json.items.map(
      ({ studyInstanceUid }: Json) => studyInstanceUid,
    );
  const same = { PatientID: 'SHARED-1', PatientName: 'Sarr^Ami', PatientBirthDate: '19700101' };

  test('the same Patient ID of two issuers is never a prior, that of one issuer is', async () => {
    const issued = (IssuerOfPatientID: string, StudyDate: string) =>
      study(radiologist, undefined, { ...same, IssuerOfPatientID, StudyDate });
    const current = await issued('CLINIQUE A', '20260201');
    const foreign = await issued('CLINIQUE B', '20260101');
    const earlier = await issued('CLINIQUE A', '20250101');
    expect(await priors(current)).toEqual([earlier]);
    expect(await priors(foreign)).toEqual([]);
    expect(await priors(earlier)).toEqual([current]);
  });
});
