import { UNDO_MOVE_MS } from '@negatoscope/contract';
import { chestXray } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mergePatients } from '../src/archive/lifecycle/merge.ts';
import { findMerge, findMerges, undoMerge } from '../src/archive/lifecycle/merge-undo.ts';
import { createAudit } from '../src/features/audit/index.ts';
import { purgeTrash } from '../src/features/patients/index.ts';
import { newId } from '../src/kernel/ids.ts';
import { composed } from '../src/platform/db/statements.ts';
import { DiskStore } from '../src/platform/objects/disk/disk-store.ts';
import { nodeSyncFs } from '../src/platform/objects/disk/sync-fs.ts';
import { InlineWriter } from '../src/platform/objects/disk/writer-threads.ts';
import { ROW_KINDS } from '../src/row-kinds.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import { type Browser, createFakeClock } from './support/app.ts';
import { unzip } from './support/unzip.ts';
import { UPKEEP } from './support/upkeep.ts';

const DAY = '2026-03-02';
const clock = createFakeClock();
let server: DicomwebServer;
let admin: Browser;
let staff: Browser;
let awa: Browser;
let luc: Browser;
let radiologist: Browser;
beforeAll(async () => {
  server = await openDicomweb({ clock });
  admin = await server.login('ADMIN');
  staff = await server.login('STAFF');
  radiologist = await server.login('RADIOLOGIST');
  awa = await server.login(await server.makeUser({ role: 'PHYSICIAN', firstName: 'Awa', lastName: 'Diop' }));
  luc = await server.login(await server.makeUser({ role: 'PHYSICIAN', firstName: 'Luc', lastName: 'Petit' }));
});
afterAll(() => server.close());

async function call(who: Browser, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: object) {
  const answer = await server.app.inject({ method, url, headers: who.headers, ...(body === undefined ? {} : { payload: body }) });
  return { status: answer.statusCode, json: (answer.body === '' ? undefined : answer.json()) as Json };
}
const rows = (text: string, values: (string | null)[] = []): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text, values })));
const eventsOf = async (id: string): Promise<string[]> =>
  (await rows('SELECT action FROM audit_events WHERE entity_id = $1 ORDER BY occurred_at, id', [id])).map(({ action }) => action);

let people = 0;
async function patient(groupId: string | null = null): Promise<string> {
  people += 1;
  const body = { lastName: `Ndiaye ${people}`, firstName: 'Fatou', birthDate: '1980-05-06', groupId };
  return (await call(admin, 'POST', '/api/patients', body)).json.id;
}
const register = async (who: Browser, patientId: string, more: object = {}) =>
  call(who, 'POST', '/api/consultations', { patientId, date: DAY, ...more });
const registered = async (more: object = {}, groupId: string | null = null): Promise<Json> =>
  (await register(groupId === null ? staff : admin, await patient(groupId), more)).json;
const move = (who: Browser, id: string, status: string, more: object = {}) =>
  call(who, 'POST', `/api/consultations/${id}/status`, { status, ...more });
const get = (who: Browser, id: string) => call(who, 'GET', `/api/consultations/${id}`);
const update = (who: Browser, id: string, body: object) => call(who, 'PATCH', `/api/consultations/${id}`, body);
const idsOf = async (who: Browser, query: string): Promise<string[]> =>
  (await call(who, 'GET', `/api/consultations?${query}`)).json.items.map(({ id }: Json) => id);

let films = 0;
/** A chest film of a patient in the archive; gives the study. */
async function film(patientId: string, on = clock.now()): Promise<{ uid: string; sop: string; id: string }> {
  films += 1;
  const [uid, sop] = [`2.25.990${films}0`, `2.25.990${films}2`];
  const StudyDate = on.toISOString().slice(0, 10).replaceAll('-', '');
  const dataset = {
    StudyDate,
    StudyInstanceUID: uid,
    SeriesInstanceUID: `2.25.990${films}1`,
    SOPInstanceUID: sop,
    PatientID: `F${films}`,
  };
  const files = [...chestXray({ seed: 'c', rows: 64, columns: 64, dataset })].map(({ bytes }) => Buffer.from(bytes));
  expect((await server.store(admin, files)).statusCode).toBe(200);
  const moved = { patientId, acceptMismatch: true, mismatchReason: 'the film of this patient' };
  const { status, json } = await call(admin, 'PATCH', `/api/studies/${uid}`, moved);
  expect([status, json.patient?.id]).toEqual([200, patientId]);
  return { uid, sop, id: json.id };
}

describe('registering', () => {
  test('keeps reason, symptoms and vital signs, and marks what is unusual', async () => {
    const { status, json } = await register(staff, await patient(), {
      reason: 'Toux depuis un mois',
      symptoms: { checks: { COUGH: 'YES', FEVER: 'NO' }, hivStatus: 'UNKNOWN', text: 'Fatigue' },
      vitalSigns: { temperatureC: 38.4, heartRateBpm: 84, weightKg: 47.5 },
      physicianId: awa.user.id,
    });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      ...{ status: 'WAITING', date: DAY, reason: 'Toux depuis un mois', physicianName: 'Awa Diop', version: 1, undo: null },
      symptoms: { checks: { COUGH: 'YES', FEVER: 'NO' }, hivStatus: 'UNKNOWN', text: 'Fatigue' },
      vitalSigns: { temperatureC: 38.4, heartRateBpm: 84, weightKg: 47.5, heightCm: null },
      ...{ unusual: ['temperatureC'], notes: '', studies: [], orders: [], registeredBy: 'Test Person' },
      patient: { firstName: 'Fatou', birthDate: '1980-05-06' },
    });
    expect(json.vitalSignsAt).toBe(clock.now().toISOString());
    expect((await get(radiologist, json.id)).json).toMatchObject({ reason: 'Toux depuis un mois' });
    expect(await eventsOf(json.id)).toEqual(['consultation.registered', 'consultation.read']);
  });

  test('the same patient waits once a day', async () => {
    const first = await registered();
    const again = await register(awa, first.patientId);
    expect([again.status, again.json.code, again.json.current.id]).toEqual([409, 'ALREADY_WAITING', first.id]);
    expect((await register(staff, first.patientId, { date: '2026-03-03' })).status).toBe(201);
    await move(staff, first.id, 'CANCELLED');
    const second = (await register(staff, first.patientId)).json;
    expect(second.status).toBe('WAITING');
    // Nor by taking the cancelling back, nor by another day.
    const back = await move(staff, first.id, 'WAITING');
    expect([back.status, back.json.code, back.json.current.id]).toEqual([409, 'ALREADY_WAITING', second.id]);
    const moved = await call(staff, 'PATCH', `/api/consultations/${second.id}`, { version: second.version, date: '2026-03-03' });
    expect(moved.json.code).toBe('ALREADY_WAITING');
  });

  test.each([
    [{ vitalSigns: { temperatureC: 384 } }, 422, 'VITAL_SIGN_OUT_OF_RANGE', 'vitalSigns.temperatureC'],
    [{ vitalSigns: { systolicMmHg: 80, diastolicMmHg: 120 } }, 422, 'VITAL_SIGN_OUT_OF_RANGE', 'vitalSigns.diastolicMmHg'],
    [{ vitalSigns: { pulse: 80 } }, 400, 'VALIDATION_FAILED', 'vitalSigns'],
    [{ vitalSigns: { temperatureC: '38' } }, 400, 'VALIDATION_FAILED', 'vitalSigns.temperatureC'],
    [{ symptoms: { checks: { COUGH: 'MAYBE' } } }, 400, 'VALIDATION_FAILED', 'symptoms.checks.COUGH'],
    [{ date: '2026-02-30' }, 400, 'VALIDATION_FAILED', 'date'],
    [{ date: '0001-01-01' }, 400, 'VALIDATION_FAILED', 'date'],
    [{ date: '9999-12-31' }, 400, 'VALIDATION_FAILED', 'date'],
    [{ reason: 'a\u0000b' }, 400, 'VALIDATION_FAILED', 'reason'],
    [{ reason: 'x'.repeat(501) }, 400, 'VALIDATION_FAILED', 'reason'],
    [{ notes: 'not yet' }, 400, 'VALIDATION_FAILED', ''],
  ])('refuses %j with %i %s, and says of which field', async (body, status, code, field) => {
    const answer = await register(staff, await patient(), body);
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(answer.json.errors.map(({ path }: Json) => path.replace(/^body\.?/, ''))).toContain(field);
  });

  test('with somebody who conducts consultations of this patient, and nobody else', async () => {
    const group = await server.makeGroup();
    const member = await server.makeUser({ role: 'PHYSICIAN', groupId: group, firstName: 'Du', lastName: 'Groupe' });
    const inGroup = await patient(group);
    const offered = await call(admin, 'GET', `/api/consultations/physicians?patientId=${inGroup}`);
    expect(offered.json.items).toEqual([{ id: member.id, name: 'Du Groupe' }]);
    for (const physicianId of [awa.user.id, staff.user.id, newId()])
      expect((await register(admin, inGroup, { physicianId })).json.code).toBe('UNPROCESSABLE');
    expect((await register(admin, inGroup, { physicianId: member.id })).status).toBe(201);
    expect((await register(staff, inGroup)).status).toBe(404);
    expect((await call(staff, 'GET', `/api/consultations/physicians?patientId=${inGroup}`)).status).toBe(404);
    // Of a patient of no group everybody could conduct it; who is of other groups is no list for who shares none.
    const offeredTo = async (who: Browser): Promise<string[]> =>
      (await call(who, 'GET', `/api/consultations/physicians?patientId=${await patient(null)}`)).json.items.map(
        ({ id }: Json) => id,
      );
    expect(await offeredTo(admin)).toEqual(expect.arrayContaining([member.id, luc.user.id]));
    const seen = await offeredTo(staff);
    expect(seen).toContain(luc.user.id);
    expect(seen).not.toContain(member.id);
  });
});

describe('the way of a consultation', () => {
  test('is taken by one physician; the second is told who has taken it, and may take it over', async () => {
    const { id } = await registered({ physicianId: luc.user.id });
    const both = await Promise.all([move(awa, id, 'IN_PROGRESS'), move(luc, id, 'IN_PROGRESS')]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    const [winner, loser] = both[0].status === 200 ? [awa, luc] : [luc, awa];
    const refused = both.find(({ status }) => status === 409)?.json;
    expect(refused).toMatchObject({
      code: 'CONSULTATION_TAKEN',
      current: { physicianId: winner.user.id, status: 'IN_PROGRESS' },
    });
    expect(refused.current.physicianName).toBe(winner === awa ? 'Awa Diop' : 'Luc Petit');
    expect((await move(winner, id, 'IN_PROGRESS')).status).toBe(200);
    for (const to of ['DONE', 'CANCELLED', 'WAITING']) expect((await move(loser, id, to)).json.code).toBe('CONSULTATION_TAKEN');
    expect((await move(loser, id, 'IN_PROGRESS', { takeOverFrom: loser.user.id })).json.code).toBe('CONSULTATION_TAKEN');
    expect((await move(loser, id, 'IN_PROGRESS', { takeOverFrom: winner.user.id })).json).toMatchObject({
      ...{ physicianId: loser.user.id, undo: null },
    });
    expect((await move(loser, id, 'DONE')).json).toMatchObject({ status: 'DONE', endedAt: clock.now().toISOString() });
    const events = await eventsOf(id);
    expect(events.filter((action) => action !== 'consultation.read')).toEqual([
      ...['consultation.registered', 'consultation.taken', 'consultation.taken-over', 'consultation.done'],
    ]);
    // What a refusal, or a wish that changes nothing, shows of a patient is a read: once refused at first, once the same again, four times refused.
    expect(events.filter((action) => action === 'consultation.read')).toHaveLength(6);
  });

  test('goes only where it may: every other move is refused with a code', async () => {
    const at = {
      WAITING: async (): Promise<string> => (await registered()).id,
      IN_PROGRESS: async (): Promise<string> => {
        const id = await at.WAITING();
        await move(awa, id, 'IN_PROGRESS');
        return id;
      },
      DONE: async (): Promise<string> => {
        const id = await at.IN_PROGRESS();
        await move(awa, id, 'DONE');
        return id;
      },
      CANCELLED: async (): Promise<string> => {
        const id = await at.WAITING();
        await move(awa, id, 'CANCELLED');
        return id;
      },
    };
    const states = ['WAITING', 'IN_PROGRESS', 'DONE', 'CANCELLED'] as const;
    const wishes: { id: string; from: string; to: string }[] = [];
    for (const from of states)
      for (const to of states.filter((state) => state !== from)) wishes.push({ id: await at[from](), from, to });
    // Once, for sessions end by the same clock.
    clock.advance(UNDO_MOVE_MS + 1);
    const answers: string[] = [];
    for (const { id, from, to } of wishes) {
      const { status, json } = await move(awa, id, to);
      answers.push(`${from} ${to}: ${status === 200 ? json.status : json.code}`);
    }
    expect(answers).toEqual([
      'WAITING IN_PROGRESS: IN_PROGRESS',
      'WAITING DONE: ILLEGAL_MOVE',
      'WAITING CANCELLED: CANCELLED',
      'IN_PROGRESS WAITING: UNDO_EXPIRED',
      'IN_PROGRESS DONE: DONE',
      'IN_PROGRESS CANCELLED: CANCELLED',
      'DONE WAITING: ILLEGAL_MOVE',
      'DONE IN_PROGRESS: UNDO_EXPIRED',
      'DONE CANCELLED: ILLEGAL_MOVE',
      'CANCELLED WAITING: UNDO_EXPIRED',
      'CANCELLED IN_PROGRESS: ILLEGAL_MOVE',
      'CANCELLED DONE: ILLEGAL_MOVE',
    ]);
  });

  test('the last move is taken back by who made it, exactly', async () => {
    const before = await registered({ physicianId: luc.user.id });
    const taken = (await move(awa, before.id, 'IN_PROGRESS')).json;
    expect(taken.undo).toEqual({ to: 'WAITING', until: new Date(clock.now().getTime() + UNDO_MOVE_MS).toISOString() });
    expect((await get(luc, before.id)).json.undo).toBeNull();
    const { version: _, ...back } = (await move(awa, before.id, 'WAITING')).json;
    expect(back).toEqual({ ...before, version: undefined, undo: null });
    expect((await move(awa, before.id, 'CANCELLED')).json.status).toBe('CANCELLED');
    expect((await move(staff, before.id, 'WAITING')).json.code).toBe('ILLEGAL_MOVE');
    expect((await move(awa, before.id, 'WAITING')).json.status).toBe('WAITING');
    await move(awa, before.id, 'IN_PROGRESS');
    await move(awa, before.id, 'DONE');
    expect((await move(awa, before.id, 'IN_PROGRESS')).json).toMatchObject({ status: 'IN_PROGRESS', endedAt: null });
  });

  test('who was taken is let go again, though a merge of records has brought another one that waits', async () => {
    const { id, patientId, date } = await registered();
    const other = (await register(staff, patientId, { date: '2026-03-03' })).json;
    await move(awa, id, 'IN_PROGRESS');
    await rows('UPDATE consultations SET day = $2::text::date WHERE id = $1::uuid', [other.id, date]);
    expect((await move(awa, id, 'WAITING')).json.status).toBe('WAITING');
  });

  test('the last move is taken back though the physician of before has no account any more', async () => {
    const { id } = await registered({ physicianId: luc.user.id });
    await move(awa, id, 'IN_PROGRESS');
    await rows("UPDATE consultations SET before = jsonb_set(before, '{physicianId}', to_jsonb($2::text)) WHERE id = $1::uuid", [
      id,
      newId(),
    ]);
    expect(await move(awa, id, 'WAITING')).toMatchObject({ status: 200, json: { status: 'WAITING', physicianId: null } });
  });

  test('staff register and cancel, and conduct nothing; a radiologist sees', async () => {
    const { id, version } = await registered();
    for (const who of [staff, admin]) expect((await move(who, id, 'IN_PROGRESS')).json.code).toBe('FORBIDDEN');
    expect((await update(staff, id, { version, notes: 'x' })).json.code).toBe('FORBIDDEN');
    expect((await move(radiologist, id, 'CANCELLED')).json.code).toBe('FORBIDDEN');
    expect((await get(radiologist, id)).status).toBe(200);
    await move(awa, id, 'IN_PROGRESS');
    expect((await move(staff, id, 'CANCELLED')).json.code).toBe('CONSULTATION_TAKEN');
    expect((await update(staff, id, { version: version + 1, vitalSigns: { temperatureC: 37 } })).status).toBe(200);
  });
});

describe('what is written', () => {
  test('names the version that it was written on; a change by somebody else meanwhile is shown, and nothing is lost', async () => {
    const { id } = await registered();
    expect((await update(awa, id, { version: 1, notes: 'x' })).json.code).toBe('CONFLICT');
    const { version } = (await move(awa, id, 'IN_PROGRESS')).json;
    const vitals = await update(staff, id, { version, vitalSigns: { temperatureC: 39 } });
    expect(vitals.json.version).toBe(version + 1);
    const stale = await update(awa, id, { version, notes: 'Crépitants à droite' });
    expect([stale.status, stale.json.code]).toEqual([409, 'STALE_UPDATE']);
    expect(stale.json.current).toMatchObject({ version: version + 1, notes: '', vitalSigns: { temperatureC: 39 } });
    const kept = await update(awa, id, { version: version + 1, notes: '  Crépitants à droite\n' });
    expect(kept.json).toMatchObject({ notes: '  Crépitants à droite\n', vitalSigns: { temperatureC: 39 } });
    expect((await update(luc, id, { version: kept.json.version, notes: 'y' })).json.code).toBe('CONSULTATION_TAKEN');
    expect((await update(awa, id, { version: kept.json.version, date: '2026-03-05' })).json.code).toBe('CONFLICT');
    await move(awa, id, 'DONE');
    const ended = await update(awa, id, { version: kept.json.version + 1, notes: 'z' });
    expect([ended.json.code, ended.json.current.notes]).toEqual(['CONSULTATION_ENDED', '  Crépitants à droite\n']);
    const details = await rows(
      "SELECT details FROM audit_events WHERE entity_id = $1 AND action = 'consultation.updated' ORDER BY occurred_at, id",
      [id],
    );
    expect(details.map((one: Json) => one.details.fields)).toEqual([['vitalSigns'], ['notes']]);
  });

  test('what changes nothing is no change', async () => {
    const { id, reason, symptoms, vitalSigns } = await registered({ vitalSigns: { weightKg: 50 } });
    expect((await update(staff, id, { version: 1, reason, symptoms, vitalSigns })).json.version).toBe(1);
    expect(await eventsOf(id)).toEqual(['consultation.registered', 'consultation.read']);
    // Nor is the same in another order.
    const checks = { COUGH: 'YES', FEVER: 'NO' };
    const { version } = (await update(staff, id, { version: 1, symptoms: { ...symptoms, checks } })).json;
    const turned = { ...symptoms, checks: { FEVER: 'NO', COUGH: 'YES' } };
    expect((await update(staff, id, { version, symptoms: turned })).json.version).toBe(version);
  });
});

describe('what is changed in part', () => {
  const vitalsOf = (weightKg: number): object => ({ vitalSigns: { weightKg, temperatureC: 38.5 } });

  test('leaves the other vital signs and answers as they are; null takes one away', async () => {
    const { id } = await registered({
      ...vitalsOf(50),
      symptoms: { checks: { COUGH: 'YES', FEVER: 'NO' }, hivStatus: 'NEGATIVE', text: 'Fatigue' },
    });
    const signs = (await update(staff, id, { version: 1, vitalSigns: { weightKg: 51 } })).json.vitalSigns;
    expect(signs).toMatchObject({ weightKg: 51, temperatureC: 38.5 });
    const without = (await update(staff, id, { version: 2, vitalSigns: { temperatureC: null } })).json;
    expect(without.vitalSigns).toMatchObject({ weightKg: 51, temperatureC: null });
    const answers = (await update(staff, id, { version: 3, symptoms: { checks: { COUGH: null, NIGHT_SWEATS: 'YES' } } })).json;
    expect(answers.symptoms).toEqual({ checks: { FEVER: 'NO', NIGHT_SWEATS: 'YES' }, hivStatus: 'NEGATIVE', text: 'Fatigue' });
    expect((await update(staff, id, { version: 4, symptoms: { text: '' } })).json.symptoms.hivStatus).toBe('NEGATIVE');
    // A pressure is held against the one that stands already.
    expect((await update(staff, id, { version: 5, vitalSigns: { systolicMmHg: 90 } })).status).toBe(200);
    expect((await update(staff, id, { version: 6, vitalSigns: { diastolicMmHg: 95 } })).json.code).toBe(
      'VITAL_SIGN_OUT_OF_RANGE',
    );
  });

  test('is no change, and no taking of vital signs, where it names nothing', async () => {
    const { id } = await registered();
    for (const body of [{ vitalSigns: {} }, { symptoms: {} }, { symptoms: { checks: {} } }])
      expect((await update(staff, id, { version: 1, ...body })).json).toMatchObject({ version: 1, vitalSignsAt: null });
  });

  test('is no day of another century', async () => {
    const { id } = await registered();
    for (const date of ['0001-01-01', '9999-12-31'])
      expect((await update(staff, id, { version: 1, date })).json.code).toBe('VALIDATION_FAILED');
    expect((await update(staff, id, { version: 1, date: '2025-12-24' })).status).toBe(200);
  });
});

describe('two at once', () => {
  test('registering and taking back a cancelling leave one open consultation of the day', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { id, patientId } = await registered();
      await move(staff, id, 'CANCELLED');
      const both = await Promise.all([register(awa, patientId), move(staff, id, 'WAITING')]);
      expect(both.map(({ status }) => (status < 300 ? 'done' : 'refused')).sort()).toEqual(['done', 'refused']);
      expect(await idsOf(staff, `patientId=${patientId}&status=WAITING`)).toHaveLength(1);
    }
  });

  test('the same film ordered twice, or by the same id again, is one order', async () => {
    const { id } = await registered();
    await move(awa, id, 'IN_PROGRESS');
    const order = (more: object = {}) =>
      call(awa, 'POST', `/api/consultations/${id}/orders`, { modality: 'DX', bodyPart: 'CHEST', ...more });
    const both = await Promise.all([order(), order()]);
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    const [first] = (await get(awa, id)).json.orders;
    expect((await get(awa, id)).json.orders).toHaveLength(1);
    // Another question is another order, and so is a film that is ordered anew once the first was cancelled.
    const orderId = newId();
    expect((await order({ orderId, reason: 'Contrôle' })).json.orders).toHaveLength(2);
    expect((await order({ orderId, reason: 'Contrôle' })).json.orders).toHaveLength(2);
    expect((await order({ orderId, reason: 'Autre' })).json.code).toBe('CONFLICT');
    await call(awa, 'POST', `/api/consultations/${id}/orders/${first.id}/status`, { status: 'CANCELLED' });
    expect((await order()).json.orders).toHaveLength(3);
    const other = await registered();
    await move(awa, other.id, 'IN_PROGRESS');
    const taken = { modality: 'DX', bodyPart: 'CHEST', orderId };
    expect((await call(awa, 'POST', `/api/consultations/${other.id}/orders`, taken)).json.code).toBe('CONFLICT');
  });
});

describe('an order', () => {
  async function done(): Promise<{ id: string; patientId: string; study: { uid: string; id: string } }> {
    const { id, patientId } = await registered();
    await move(awa, id, 'IN_PROGRESS');
    await call(awa, 'POST', `/api/consultations/${id}/orders`, { modality: 'DX', bodyPart: 'CHEST' });
    const study = await film(patientId);
    const attached = await call(awa, 'POST', `/api/consultations/${id}/studies`, { studyInstanceUid: study.uid });
    expect(attached.json).toMatchObject({ openOrders: 0, orders: [{ status: 'DONE', studyId: study.id }] });
    return { id, patientId, study };
  }
  const openAgain = { openOrders: 1, orders: [{ status: 'REQUESTED', studyId: null }] };
  const doneAgain = { openOrders: 0, orders: [{ status: 'DONE' }] };

  test('is asked for again when its film goes to another patient, and done when that is taken back', async () => {
    const { id, patientId, study } = await done();
    const moved = { patientId: await patient(), acceptMismatch: true, mismatchReason: 'of somebody else' };
    expect((await call(admin, 'PATCH', `/api/studies/${study.uid}`, moved)).status).toBe(200);
    expect((await get(awa, id)).json).toMatchObject(openAgain);
    const exported = await server.app.inject({ method: 'GET', url: `/api/patients/${patientId}/export`, headers: awa.headers });
    const orders = [...(await unzip(exported.rawPayload))].find(([name]) => name.endsWith('film_orders.json'));
    expect(JSON.parse(String(orders?.[1]))).toMatchObject([{ status: 'REQUESTED' }]);
    expect((await call(admin, 'PATCH', `/api/studies/${study.uid}`, { ...moved, patientId })).status).toBe(200);
    expect((await get(awa, id)).json).toMatchObject(doneAgain);
  });

  test('is asked for again while its film is in the trash, and another film does it', async () => {
    const { id, patientId, study } = await done();
    expect((await call(admin, 'DELETE', `/api/studies/${study.uid}`)).status).toBe(204);
    expect((await get(awa, id)).json).toMatchObject(openAgain);
    expect((await call(admin, 'POST', `/api/trash/${study.id}/restore`)).status).toBe(204);
    expect((await get(awa, id)).json).toMatchObject(doneAgain);
    await call(admin, 'DELETE', `/api/studies/${study.uid}`);
    const next = await film(patientId);
    const attached = await call(awa, 'POST', `/api/consultations/${id}/studies`, { studyInstanceUid: next.uid });
    expect(attached.json).toMatchObject({ openOrders: 0, orders: [{ status: 'DONE', studyId: next.id }] });
  });

  test('is cancelled with its consultation, and asked for again with it; one that was cancelled before stays so', async () => {
    const { id, patientId } = await registered();
    await move(awa, id, 'IN_PROGRESS');
    const order = async (bodyPart: string): Promise<string> =>
      (await call(awa, 'POST', `/api/consultations/${id}/orders`, { modality: 'DX', bodyPart })).json.orders.at(-1).id;
    const [, hand] = [await order('CHEST'), await order('HAND')];
    await call(awa, 'POST', `/api/consultations/${id}/orders/${hand}/status`, { status: 'CANCELLED' });
    expect((await move(awa, id, 'CANCELLED')).json).toMatchObject({
      ...{ openOrders: 0, orders: [{ status: 'CANCELLED' }, { status: 'CANCELLED' }] },
    });
    expect(await idsOf(staff, `patientId=${patientId}`)).toEqual([id]);
    expect((await move(awa, id, 'IN_PROGRESS')).json).toMatchObject({
      ...{ openOrders: 1, orders: [{ status: 'REQUESTED' }, { status: 'CANCELLED' }] },
    });
  });
});

describe('a physician who can’t conduct it any more', () => {
  test('is nobody a patient waits for: in another group, or without an account', async () => {
    const gone = await server.makeUser({ role: 'PHYSICIAN', firstName: 'Ibou', lastName: 'Fall' });
    const [moved, left] = [
      await registered({ physicianId: awa.user.id }),
      await registered({ physicianId: gone.id, date: '2026-03-04' }),
    ];
    const { updatedAt } = (await call(admin, 'GET', `/api/patients/${moved.patientId}`)).json;
    const groupId = await server.makeGroup();
    expect((await call(admin, 'PATCH', `/api/patients/${moved.patientId}`, { updatedAt, groupId })).status).toBe(200);
    expect((await get(admin, moved.id)).json).toMatchObject({ status: 'WAITING', physicianId: null, physicianName: null });
    expect(await idsOf(admin, `physicianId=${awa.user.id}&patientId=${moved.patientId}`)).toEqual([]);
    expect(await idsOf(staff, `physicianId=${gone.id}`)).toEqual([left.id]);
    await rows("UPDATE users SET status = 'INACTIVE' WHERE id = $1::uuid", [gone.id]);
    expect((await get(staff, left.id)).json).toMatchObject({ physicianId: null, physicianName: null });
    expect(await idsOf(staff, `physicianId=${gone.id}`)).toEqual([]);
    expect((await move(luc, left.id, 'IN_PROGRESS')).json.physicianId).toBe(luc.user.id);
  });

  test('is taken over from, deactivated or deleted', async () => {
    const who = await server.login(await server.makeUser({ role: 'PHYSICIAN', firstName: 'Ibou', lastName: 'Fall' }));
    const [one, two] = [await registered(), await registered()];
    for (const { id } of [one, two]) expect((await move(who, id, 'IN_PROGRESS')).status).toBe(200);
    await rows("UPDATE users SET status = 'INACTIVE' WHERE id = $1::uuid", [who.user.id]);
    expect((await move(luc, one.id, 'IN_PROGRESS', { takeOverFrom: who.user.id })).json.physicianId).toBe(luc.user.id);
    expect((await call(admin, 'DELETE', `/api/users/${who.user.id}`)).status).toBe(204);
    expect((await get(luc, two.id)).json).toMatchObject({ status: 'IN_PROGRESS', physicianId: null });
    expect((await move(staff, two.id, 'IN_PROGRESS')).json.code).toBe('FORBIDDEN');
    expect((await move(luc, two.id, 'IN_PROGRESS')).json.physicianId).toBe(luc.user.id);
  });
});

describe('films', () => {
  test('are ordered by who conducts it; a study that is attached does the order, and detaching opens it again', async () => {
    const { id, patientId } = await registered();
    const order = { modality: 'DX', bodyPart: 'CHEST', reason: 'Toux' };
    const ordered = (who: Browser) => call(who, 'POST', `/api/consultations/${id}/orders`, order);
    expect((await ordered(awa)).json.code).toBe('CONFLICT');
    await move(awa, id, 'IN_PROGRESS');
    expect((await ordered(luc)).json.code).toBe('CONSULTATION_TAKEN');
    const { status, json } = await ordered(awa);
    expect([status, json.orders]).toMatchObject([201, [{ ...order, status: 'REQUESTED', studyId: null, orderedBy: 'Awa Diop' }]]);
    const orderId = json.orders[0].id;
    const setOrder = (to: string) => call(awa, 'POST', `/api/consultations/${id}/orders/${orderId}/status`, { status: to });
    const byLuc = await call(luc, 'POST', `/api/consultations/${id}/orders/${orderId}/status`, { status: 'CANCELLED' });
    expect(byLuc.json.code).toBe('CONSULTATION_TAKEN');
    expect((await setOrder('CANCELLED')).json.orders[0].status).toBe('CANCELLED');
    expect((await setOrder('REQUESTED')).json.openOrders).toBe(1);
    const [study, prior] = [await film(patientId), await film(patientId, new Date('2019-05-06'))];
    const attach = (who: Browser, uid: string) =>
      call(who, 'POST', `/api/consultations/${id}/studies`, { studyInstanceUid: uid });
    // A film of years ago, laid beside for comparison, is not the one that was ordered.
    expect((await attach(staff, prior.uid)).json).toMatchObject({ studyCount: 1, openOrders: 1 });
    expect((await call(staff, 'DELETE', `/api/consultations/${id}/studies/${prior.id}`)).json.openOrders).toBe(1);
    const attached = await attach(staff, study.uid);
    expect(attached.json).toMatchObject({
      ...{ studyCount: 1, openOrders: 0, studies: [{ studyInstanceUid: study.uid, instanceCount: 1 }] },
      orders: [{ status: 'DONE', studyId: study.id }],
    });
    expect((await attach(staff, study.uid)).json.version).toBe(attached.json.version);
    expect((await setOrder('CANCELLED')).json.code).toBe('ILLEGAL_MOVE');
    const other = await film(await patient());
    expect((await attach(staff, other.uid)).json.code).toBe('OTHER_PATIENT');
    expect((await attach(staff, '1.2.3')).status).toBe(404);
    const detached = await call(staff, 'DELETE', `/api/consultations/${id}/studies/${study.id}`);
    expect(detached.json).toMatchObject({ studies: [], orders: [{ status: 'REQUESTED', studyId: null }] });
    await move(awa, id, 'DONE');
    expect((await ordered(awa)).json.code).toBe('CONSULTATION_ENDED');
    expect((await attach(staff, study.uid)).json.orders[0].status).toBe('DONE');
  });

  test('the model is asked about a film that is attached, from the consultation, and about no other', async () => {
    const { id, patientId } = await registered();
    const [mine, loose] = [await film(patientId), await film(patientId)];
    await call(staff, 'POST', `/api/consultations/${id}/studies`, { studyInstanceUid: mine.uid });
    const ask = (who: Browser, body: object) => call(who, 'POST', `/api/consultations/${id}/predictions`, body);
    const { status, json } = await ask(radiologist, { sopInstanceUid: mine.sop });
    expect([status, json]).toMatchObject([202, { consultationId: id, status: 'QUEUED', sopInstanceUid: mine.sop }]);
    expect((await ask(awa, { studyInstanceUid: mine.uid })).json).toMatchObject({ consultationId: id, sopInstanceUid: null });
    for (const body of [{ sopInstanceUid: loose.sop }, { studyInstanceUid: loose.uid }, { sopInstanceUid: '1.2.3' }])
      expect((await ask(awa, body)).status).toBe(404);
    expect((await ask(staff, { sopInstanceUid: mine.sop })).json.code).toBe('FORBIDDEN');
    await move(staff, id, 'CANCELLED');
    expect((await ask(awa, { sopInstanceUid: mine.sop })).json.code).toBe('CONFLICT');
  });
});

describe('the waiting room', () => {
  test('is one day’s, by physician and state, in pages; what is out of scope is not there', async () => {
    const date = '2026-04-01';
    const group = await server.makeGroup();
    const member = await server.login(await server.makeUser({ role: 'STAFF', groupId: group }));
    const first = await registered({ date, physicianId: awa.user.id });
    const second = await registered({ date });
    const hidden = await registered({ date }, group);
    await move(awa, first.id, 'IN_PROGRESS');
    expect(await idsOf(staff, `date=${date}`)).toEqual([second.id, first.id]);
    expect(await idsOf(member, `date=${date}`)).toEqual([hidden.id, second.id, first.id]);
    expect(await idsOf(staff, `date=${date}&physicianId=${awa.user.id}`)).toEqual([first.id]);
    expect(await idsOf(staff, `date=${date}&status=WAITING`)).toEqual([second.id]);
    expect(await idsOf(staff, `patientId=${first.patientId}`)).toEqual([first.id]);
    const page = (await call(staff, 'GET', `/api/consultations?date=${date}&limit=1`)).json;
    expect([page.total, page.items.length]).toEqual([2, 1]);
    expect(await idsOf(staff, `date=${date}&limit=1&cursor=${page.nextCursor}`)).toEqual([first.id]);
    expect((await call(staff, 'GET', '/api/consultations?cursor=nonsense')).json.code).toBe('BAD_CURSOR');
    expect((await get(staff, hidden.id)).status).toBe(404);
    for (const answer of [
      await move(awa, hidden.id, 'IN_PROGRESS'),
      await update(staff, hidden.id, { version: 1, reason: 'x' }),
      await call(awa, 'POST', `/api/consultations/${hidden.id}/orders`, { modality: 'DX', bodyPart: 'CHEST' }),
    ])
      expect([answer.status, answer.json.code]).toEqual([404, 'NOT_FOUND']);
  });

  test('is told of changes as they come, each as who listens may see it', async () => {
    const group = await server.makeGroup();
    const inGroup = await patient(group);
    const base = await server.app.listen({ port: 0, host: '127.0.0.1' });
    const gone = new AbortController();
    const response = await fetch(`${base}/api/consultations/events`, {
      headers: { cookie: staff.cookie },
      signal: gone.signal,
    });
    expect(response.status).toBe(200);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const until = async (word: string): Promise<void> => {
      while (!heard.includes(word)) {
        const next = await reader?.read();
        if (next?.value === undefined) throw new Error(`The events ended without ${word}.`);
        heard += next.value;
      }
    };
    await until('alive');
    await register(admin, inGroup);
    const { id } = await registered({ reason: 'entendu' });
    await until(id);
    expect(heard).toContain('"reason":"entendu"');
    expect(heard).not.toContain(inGroup);
    await move(awa, id, 'IN_PROGRESS');
    await until('"status":"IN_PROGRESS"');
    expect(heard).toContain('"physicianName":"Awa Diop"');
    gone.abort();
  });
});

describe('a consultation goes with its patient', () => {
  async function full(): Promise<{ id: string; patientId: string; study: string }> {
    const { id, patientId } = await registered();
    await move(awa, id, 'IN_PROGRESS');
    await call(awa, 'POST', `/api/consultations/${id}/orders`, { modality: 'DX', bodyPart: 'CHEST' });
    const study = await film(patientId);
    await call(awa, 'POST', `/api/consultations/${id}/studies`, { studyInstanceUid: study.uid });
    return { id, patientId, study: study.uid };
  }

  test('when records are merged, and back when that is undone', async () => {
    const { id, patientId, study } = await full();
    const into = await patient();
    const mergeId = newId();
    const now = clock.now();
    await server.db.withSystem((tx) =>
      mergePatients(tx, ROW_KINDS, { id: mergeId, from: patientId, into, actorId: admin.user.id, now }),
    );
    const merged = (await get(awa, id)).json;
    expect(merged).toMatchObject({ patientId: into, studies: [{ studyInstanceUid: study }], orders: [{ status: 'DONE' }] });
    expect((await register(staff, patientId)).status).toBe(404);
    expect((await move(awa, id, 'DONE')).status).toBe(200);
    await server.db.withSystem(async (tx) => {
      const [last] = await findMerges(tx, into);
      const merge = last === undefined ? undefined : await findMerge(tx, last.id);
      if (merge === undefined) throw new Error('No merge was noted.');
      await undoMerge(tx, ROW_KINDS, { merge, actorId: admin.user.id, now });
    });
    expect((await get(awa, id)).json).toMatchObject({ patientId, status: 'DONE', orders: [{ status: 'DONE' }] });
  });

  test('into another group, and out of the eyes of who is not in it; a study that leaves the patient is shown no more', async () => {
    const { id, patientId, study } = await full();
    const { updatedAt } = (await call(admin, 'GET', `/api/patients/${patientId}`)).json;
    const group = await server.makeGroup();
    expect((await call(admin, 'PATCH', `/api/patients/${patientId}`, { updatedAt, groupId: group })).status).toBe(200);
    expect((await get(awa, id)).status).toBe(404);
    expect((await get(admin, id)).json).toMatchObject({ groupId: group, studies: [{ groupId: group }], orders: [{}] });
    const other = await patient(group);
    const moved = { patientId: other, acceptMismatch: true, mismatchReason: 'of somebody else' };
    expect((await call(admin, 'PATCH', `/api/studies/${study}`, moved)).status).toBe(200);
    expect((await get(admin, id)).json).toMatchObject({ studyCount: 0, studies: [] });
  });

  test('and what was asked of a model from it is not of it any more once the film is another patient’s', async () => {
    const { id, patientId, study } = await full();
    const asked = (await call(awa, 'POST', `/api/consultations/${id}/predictions`, { studyInstanceUid: study })).json;
    expect(asked.consultationId).toBe(id);
    const moved = { patientId: await patient(), acceptMismatch: true, mismatchReason: 'of somebody else' };
    await call(admin, 'PATCH', `/api/studies/${study}`, moved);
    expect((await call(awa, 'GET', `/api/predictions/${asked.id}`)).json.consultationId).toBeNull();
    await call(admin, 'PATCH', `/api/studies/${study}`, { ...moved, patientId });
    expect((await call(awa, 'GET', `/api/predictions/${asked.id}`)).json.consultationId).toBe(id);
  });

  test('leaves in an export for who may read it, and for nobody else', async () => {
    const { patientId } = await full();
    const tables = async (scopes: readonly string[]): Promise<string[]> => {
      const made = await call(awa, 'POST', '/api/tokens', { name: 'export', permissions: scopes });
      const answer = await server.app.inject({
        method: 'GET',
        url: `/api/patients/${patientId}/export`,
        headers: { authorization: `Bearer ${made.json.secret}` },
      });
      expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200);
      return [...(await unzip(answer.rawPayload)).keys()].map((name) => name.replace(/.*\//, ''));
    };
    const enough = ['exports.create', 'patients.read', 'patients.identity', 'studies.read'];
    const hidden = ['consultations.json', 'film_orders.json'];
    expect(await tables([...enough, 'consultations.read'])).toEqual(expect.arrayContaining(hidden));
    for (const name of hidden) expect(await tables(enough)).not.toContain(name);
  });

  test('into the trash and back, and away when it is purged', async () => {
    const { id, patientId } = await full();
    await call(admin, 'DELETE', `/api/patients/${patientId}?cascade=true`);
    expect((await get(admin, id)).status).toBe(404);
    expect(await idsOf(admin, `patientId=${patientId}`)).toEqual([]);
    const later = { now: () => new Date(clock.now().getTime() + 31 * 86_400_000) };
    const audit = createAudit({ db: server.db, clock });
    const objects = await DiskStore.open({
      root: `${server.settings.dataDir}/objects`,
      writers: () => new InlineWriter(nodeSyncFs),
    });
    await purgeTrash({ db: server.db, by: UPKEEP, audit, clock: later, objects, kinds: ROW_KINDS }, { olderThanDays: 30 });
    await objects.close();
    for (const table of ['consultations', 'film_orders'])
      expect(await rows(`SELECT id FROM ${table} WHERE patient_id = $1`, [patientId])).toEqual([]);
    expect(await rows('SELECT study_id FROM consultation_studies WHERE consultation_id = $1', [id])).toEqual([]);
  });
});
