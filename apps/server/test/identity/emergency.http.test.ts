import { smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.ts';
import { type DicomwebServer, type Json, openDicomweb } from '../dicomweb/support.ts';
import { type Browser, createFakeClock, type TestApp } from '../support/app.ts';

const HOUR_MS = 3_600_000;
const UID = '2.25.66160';
const REASON = 'Arrivée aux urgences, inconsciente';
const clock = createFakeClock();
let server: DicomwebServer;
let admin: Browser;
let member: Browser;
let patientId: string;
let north: string;

/** A physician of another group, with tries of their own. */
const stranger = async (): Promise<Browser> => server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: south }));
let south: string;

beforeAll(async () => {
  server = await openDicomweb({ clock, settings: { breakGlass: { hours: 4 } } });
  north = await server.makeGroup('Nord');
  south = await server.makeGroup('Sud');
  admin = await server.login('ADMIN');
  member = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: north }));
  const dataset = {
    ...{ PatientID: 'URG-1', PatientName: 'NDIAYE^Awa', PatientBirthDate: '19810203' },
    ...{ StudyInstanceUID: UID, SeriesInstanceUID: `${UID}.1`, SOPInstanceUID: `${UID}.1.1` },
  };
  const { bytes } = smallPicture({ seed: 'emergency', columns: 2, cells: new Uint16Array(4), modality: 'DX', dataset });
  expect((await server.store(member, [Buffer.from(bytes)])).statusCode).toBe(200);
  const [study] = await server.db.withSystem((tx) =>
    tx.rows('SELECT patient_id FROM studies WHERE study_instance_uid = $1', [UID]),
  );
  patientId = study?.patient_id ?? '';
});
afterAll(() => server.close());

const ask = (who: Browser, method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object, at: TestApp = server) =>
  at.app.inject({ method, url, headers: { ...who.headers }, ...(payload === undefined ? {} : { payload }) });
const open = (who: Browser, over: object = {}) =>
  ask(who, 'POST', '/api/emergency-accesses', { identifier: 'URG-1', birthDate: '1981-02-03', reason: REASON, ...over });
const sees = async (who: Browser, at: TestApp = server): Promise<readonly [number, number, number]> => {
  const list = (await ask(who, 'GET', '/api/patients?q=NDIAYE', undefined, at)).json<{ items: Json[] }>();
  const record = await ask(who, 'GET', `/api/patients/${patientId}`, undefined, at);
  const images = await ask(who, 'GET', `/dicom-web/studies/${UID}/metadata`, undefined, at);
  return [record.statusCode, images.statusCode, list.items.length];
};
const NOTHING = [404, 404, 0] as const;
const ALL = [200, 200, 1] as const;

describe('access in an emergency', () => {
  test('opens one patient out of scope for a time, on every node, and ends by itself', async () => {
    const who = await stranger();
    const other = await server.another();
    try {
      expect(await sees(who)).toEqual(NOTHING);
      const opened = await open(who);
      expect(opened.statusCode).toBe(201);
      expect(opened.json()).toMatchObject({ items: [{ patientId, lastName: 'NDIAYE' }] });
      expect(await sees(who)).toEqual(ALL);
      expect(await sees(who, other)).toEqual(ALL);
      clock.advance(4 * HOUR_MS - 60_000);
      const again = await server.login(who.user);
      expect(await sees(again)).toEqual(ALL);
      clock.advance(60_000);
      expect(await sees(again)).toEqual(NOTHING);
      expect(await sees(again, other)).toEqual(NOTHING);
      expect((await ask(again, 'GET', '/api/emergency-accesses/own')).json()).toEqual({ hours: 4, items: [] });
    } finally {
      await other.close();
    }
  });

  test('is for reading: nothing of that patient can be changed, and nobody else of the group is seen', async () => {
    const who = await stranger();
    await open(who);
    expect((await ask(who, 'PATCH', `/api/patients/${patientId}`, { phone: '1' })).statusCode).toBeGreaterThanOrEqual(400);
    const [study] = await server.db.withSystem((tx) => tx.rows('SELECT id FROM studies WHERE study_instance_uid = $1', [UID]));
    const id = study?.id ?? '';
    const writes = await Promise.all([
      ask(who, 'PATCH', `/api/studies/${id}`, { description: 'x' }),
      ask(who, 'POST', `/api/studies/${id}/move`, { patientId }),
      ask(who, 'POST', `/api/studies/${id}/labels`, { labelId: id }),
      ask(who, 'POST', '/api/consultations', { patientId, reason: 'x' }),
    ]);
    for (const { statusCode } of writes) {
      expect(statusCode).toBeGreaterThanOrEqual(400);
      expect(statusCode).toBeLessThan(500);
    }
    const [patient] = await server.db.withSystem((tx) => tx.rows('SELECT phone FROM patients WHERE id = $1', [patientId]));
    expect(patient).toEqual({ phone: null });
  });

  test('says so where it refuses: nothing is read by turns, changed, or taken along', async () => {
    const who = await stranger();
    await open(who);
    const { updatedAt } = (await ask(who, 'GET', `/api/patients/${patientId}`)).json<Json>();
    const refused = await Promise.all([
      server.app.inject({ method: 'PUT', url: `/api/studies/${UID}/readings/${newId()}`, headers: { ...who.headers } }),
      ask(who, 'PATCH', `/api/studies/${UID}`, { status: 'VALIDATED' }),
      ask(who, 'PATCH', `/api/patients/${patientId}`, { phone: '1', updatedAt }),
      ask(who, 'POST', '/api/consultations', { patientId, date: clock.now().toISOString().slice(0, 10), reason: 'Douleur' }),
      ask(who, 'GET', `/api/patients/${patientId}/export`),
      ask(who, 'GET', `/api/patients/${patientId}/export?anonymize=true`),
    ]);
    expect(refused.map((answer) => answer.json<Json>().code)).toEqual(refused.map(() => 'OPEN_FOR_READING'));
    expect(refused.map(({ statusCode }) => statusCode)).toEqual(refused.map(() => 403));
    // By the same rule, what is refused is said of the patient and the study wherever they are listed.
    const urls = ['/api/patients?q=NDIAYE', `/api/studies?patientId=${patientId}`];
    const onlyReads = async (one: Browser): Promise<boolean[]> =>
      Promise.all(urls.map(async (url) => (await ask(one, 'GET', url)).json<{ items: Json[] }>().items[0].onlyReads ?? false));
    expect(await onlyReads(who)).toEqual([true, true]);
    expect(await onlyReads(await server.login(member.user))).toEqual([false, false]);
    expect((await ask(who, 'GET', `/api/patients/${patientId}`)).json<Json>().onlyReads).toBe(true);
    expect(await sees(who)).toEqual(ALL);
  });

  test('is told to administrators and to the group of the patient, and stands in the journal of the patient', async () => {
    const who = await stranger();
    member = await server.login(member.user);
    const before = (await ask(member, 'GET', '/api/notices?kind=EMERGENCY_ACCESS')).json<{ items: Json[] }>().items.length;
    const { items } = (await open(who)).json<{ items: Json[] }>();
    for (const told of [member, await server.login(admin.user)]) {
      const notices = (await ask(told, 'GET', '/api/notices?kind=EMERGENCY_ACCESS')).json<{ items: Json[] }>().items;
      expect(notices[0]).toMatchObject({ kind: 'EMERGENCY_ACCESS', entityId: items[0].id, study: { patientId } });
      if (told === member) expect(notices).toHaveLength(before + 1);
    }
    expect((await ask(who, 'GET', '/api/notices')).json()).toMatchObject({ items: [] });
    const events = await server.db.withSystem((tx) =>
      tx.rows(
        "SELECT actor_id, details FROM audit_events WHERE action = 'emergency.opened' AND patient_id = $1 ORDER BY occurred_at DESC, id DESC",
        [patientId],
      ),
    );
    expect(events[0]).toEqual({ actor_id: who.user.id, details: { hours: 4 } });
  });

  test('is ended by an administrator, who sees why it was opened; by nobody else than them and who opened it', async () => {
    const who = await stranger();
    const { items } = (await open(who)).json<{ items: Json[] }>();
    member = await server.login(member.user);
    const end = (by: Browser) => ask(by, 'POST', `/api/emergency-accesses/${items[0].id}/end`);
    expect((await end(await stranger())).statusCode).toBe(404);
    expect((await end(member)).statusCode).toBe(404);
    admin = await server.login(admin.user);
    const list = (await ask(admin, 'GET', '/api/emergency-accesses')).json<{ items: Json[] }>();
    expect(list.items[0]).toMatchObject({ userId: who.user.id, reason: REASON, patientId, isStanding: true });
    expect((await end(admin)).statusCode).toBe(204);
    expect(await sees(who)).toEqual(NOTHING);
    expect((await end(admin)).statusCode).toBe(404);
    expect((await ask(member, 'GET', '/api/emergency-accesses')).statusCode).toBe(403);
  });

  test('answers whoever tries identifiers as if there were nobody, and after six tries not at all', async () => {
    const who = await stranger();
    const wrong = [{ identifier: 'URG-2' }, { birthDate: '1981-02-04' }, { identifier: 'URG' }, { identifier: 'NDIAYE' }];
    for (const over of wrong) expect((await open(who, over)).json()).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect((await open(who, { reason: 'urgent !! 123456' })).statusCode).toBe(400);
    expect((await open(who)).statusCode).toBe(201);
    // Whom one sees by now is nobody who could be opened.
    expect((await open(who)).statusCode).toBe(404);
    const late = await open(who);
    expect(late.json()).toMatchObject({ code: 'RATE_LIMITED' });
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('is nobody’s without the permission, nor a token’s', async () => {
    for (const role of ['ADMIN', 'STAFF', 'RESEARCHER'] as const) {
      const who = await server.login(await server.makeUser({ role, groupId: south }));
      expect((await open(who)).statusCode, role).toBe(403);
    }
    const who = await stranger();
    const made = await ask(who, 'POST', '/api/tokens', {
      ...{
        name: 'x',
        expiresInDays: 1,
        permissions: ['patients.read', 'patients.identity', 'patients.emergency', 'studies.read'],
      },
    });
    const headers = { authorization: `Bearer ${made.json<{ secret: string }>().secret}` };
    const payload = { identifier: 'URG-1', birthDate: '1981-02-03', reason: REASON };
    const byToken = await server.app.inject({ method: 'POST', url: '/api/emergency-accesses', headers, payload });
    expect(byToken.statusCode).toBe(403);
    await open(who);
    const read = await server.app.inject({ url: `/api/patients/${patientId}`, headers });
    expect(read.statusCode).toBe(404);
  });

  test('is unknown where the site has not turned it on', async () => {
    const off = await openDicomweb({ clock });
    try {
      const who = await off.login('PHYSICIAN');
      const payload = { identifier: 'URG-1', birthDate: '1981-02-03', reason: REASON };
      const asked = await ask(who, 'POST', '/api/emergency-accesses', payload, off);
      expect(asked.json()).toMatchObject({ status: 404, code: 'NOT_FOUND' });
      expect((await ask(who, 'GET', '/api/emergency-accesses/own', undefined, off)).json()).toEqual({ hours: null, items: [] });
    } finally {
      await off.close();
    }
  });
});
