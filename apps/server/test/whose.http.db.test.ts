import { chestXray, type Dataset } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DicomwebServer, firstValue, type Json, openDicomweb } from './dicomweb/support.ts';
import type { Browser } from './support/app.ts';

let server: DicomwebServer;
let admin: Browser;
let physician: Browser;
let staff: Browser;
beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
  physician = await server.login('PHYSICIAN');
  staff = await server.login('STAFF');
});
afterAll(() => server.close());

function xray(seed: string, dataset: Dataset = {}): Buffer {
  for (const { bytes } of chestXray({ seed, rows: 32, columns: 32, dataset: { PatientID: seed, ...dataset } }))
    return Buffer.from(bytes);
  throw new Error('The phantom has no instance.');
}
function changed(file: Buffer): Buffer {
  const bytes = Buffer.from(file);
  bytes.writeUInt8((bytes.at(-2) ?? 0) ^ 1, bytes.length - 2);
  return bytes;
}
const ask = async (who: Browser, method: 'GET' | 'POST', url: string, body?: object): Promise<{ status: number; json: Json }> => {
  const answer = await server.app.inject({ method, url, headers: who.headers, ...(body === undefined ? {} : { payload: body }) });
  return { status: answer.statusCode, json: String(answer.headers['content-type']).includes('json') ? answer.json() : undefined };
};

describe('the same UID in a group and in none', () => {
  const UID = '2.25.4242';
  let groupId: string;
  let member: Browser;
  beforeAll(async () => {
    groupId = await server.makeGroup();
    member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
    const file = xray('twins', { StudyInstanceUID: UID, PatientName: 'Same^Uid' });
    expect((await server.store(member, [file])).statusCode).toBe(200);
    expect((await server.store(physician, [file])).statusCode).toBe(200);
  });

  test('each opens by the name of its partition, "none" for what is in no group, for administrators too', async () => {
    for (const who of [admin, member]) {
      for (const partition of [groupId, 'none']) {
        const study = await ask(who, 'GET', `/api/studies/${UID}?groupId=${partition}`);
        expect(study.json.groupId).toBe(partition === 'none' ? null : groupId);
        const [series, ...more] = await server.json(who, `/groups/${partition}/studies/${UID}/series`);
        expect(more).toEqual([]);
        const path = `/groups/${partition}/studies/${UID}/series/${firstValue(series, '0020000E')}`;
        expect((await server.get(who, `${path}/metadata`)).statusCode).toBe(200);
        expect((await server.get(who, `${path}/rendered`)).statusCode).toBe(200);
      }
    }
    expect((await ask(admin, 'GET', `/api/studies/${UID}`)).json.code).toBe('AMBIGUOUS_UID');
  });

  test('"none" shows nobody what is out of their scope, and takes in what comes from who stores there', async () => {
    const researcher = await server.login(await server.makeUser({ role: 'RESEARCHER', groupId }));
    expect((await ask(researcher, 'GET', `/api/studies/${UID}?groupId=none`)).status).toBe(404);
    expect((await server.get(researcher, `/groups/none/studies/${UID}/metadata`)).statusCode).toBe(404);
    expect(await server.json(researcher, '/groups/none/studies')).toEqual([]);
    const store = (who: Browser, seed: string) => server.store(who, [xray(seed)], '/groups/none/studies');
    expect((await store(researcher, 'theirs')).statusCode).toBe(403);
    expect((await store(member, 'members')).statusCode).toBe(403);
    for (const [who, seed] of [
      [physician, 'nowhere'],
      [admin, 'nowhere-2'],
    ] as const) {
      const [stored] = (await store(who, seed)).json()['00081199'].Value;
      const [, study] = /studies\/([0-9.]+)/.exec(stored['00081190'].Value[0]) ?? [];
      expect((await ask(admin, 'GET', `/api/studies/${study}?groupId=none`)).json.groupId).toBeNull();
    }
  });
});

describe('conflicts', () => {
  const open = async (count: number, seed: string): Promise<string[]> => {
    const files = Array.from({ length: count }, (_, n) => xray(`${seed}${n}`));
    await server.store(physician, files);
    const { json } = await ask(physician, 'GET', '/api/conflicts?limit=200');
    const before = new Set(json.items.map(({ id }: Json) => id));
    await server.store(physician, files.map(changed));
    const after = (await ask(physician, 'GET', '/api/conflicts?limit=200')).json.items;
    return after.map(({ id }: Json) => id).filter((id: string) => !before.has(id));
  };

  test('of one import are listed and decided together, each with its own outcome; keeping is taken back', async () => {
    const ids = await open(33, 'many');
    expect(ids).toHaveLength(33);
    const { importId } = (await ask(physician, 'GET', `/api/conflicts/${ids[0]}`)).json;
    const listed = await ask(physician, 'GET', `/api/conflicts?importId=${importId}&limit=200`);
    expect(listed.json.items.map(({ id }: Json) => id).sort()).toEqual([...ids].sort());
    expect((await ask(staff, 'POST', '/api/conflicts/decisions', { ids, decision: 'keep' })).status).toBe(403);
    const [first = '', ...rest] = ids;
    await ask(physician, 'POST', `/api/conflicts/${first}/decision`, { decision: 'keep' });
    const unknown = '019a0000-0000-7000-a000-000000000000';
    const { json } = await ask(physician, 'POST', '/api/conflicts/decisions', { ids: [...ids, unknown], decision: 'keep' });
    const codes = new Map(json.items.map(({ id, code }: Json) => [id, code]));
    expect([codes.get(first), codes.get(unknown)]).toEqual(['ALREADY_DECIDED', 'NOT_FOUND']);
    expect(rest.every((id) => codes.get(id) === null)).toBe(true);
    expect((await ask(physician, 'POST', `/api/conflicts/${first}/reopen`)).json).toMatchObject({
      status: 'OPEN',
      decidedAt: null,
    });
    expect((await ask(physician, 'POST', `/api/conflicts/${first}/reopen`)).json.code).toBe('CONFLICT');
  });

  test('show both images to who may see conflicts, in their scope, and leave a trace', async () => {
    const [id = ''] = await open(1, 'seen');
    for (const side of ['existing', 'incoming']) {
      const image = await server.app.inject({ url: `/api/conflicts/${id}/image?side=${side}`, headers: staff.headers });
      expect([image.statusCode, image.headers['content-type'], image.headers['cache-control']]).toEqual([
        200,
        'image/jpeg',
        'private, no-store',
      ]);
      expect(image.rawPayload.subarray(0, 2).toString('hex')).toBe('ffd8');
    }
    const events = await server.db.withSystem((tx) =>
      tx.rows("SELECT action FROM audit_events WHERE entity_id = $1 AND action = 'conflict.view'", [id]),
    );
    expect(events.length).toBeGreaterThan(0);
    const outsider = await server.login(await server.makeUser({ role: 'RESEARCHER', groupId: await server.makeGroup() }));
    expect((await ask(outsider, 'GET', `/api/conflicts/${id}/image?side=incoming`)).status).toBe(403);
    await ask(physician, 'POST', `/api/conflicts/${id}/decision`, { decision: 'discard' });
    // What was discarded can be looked at as long as the decision can be taken back.
    expect((await ask(physician, 'GET', `/api/conflicts/${id}/image?side=incoming`)).status).toBe(200);
  });

  test('of another group are nobody’s business', async () => {
    const groupId = await server.makeGroup();
    const member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
    const file = xray('hidden');
    await server.store(member, [file]);
    await server.store(member, [changed(file)]);
    const [conflict] = (await ask(member, 'GET', '/api/conflicts')).json.items;
    expect((await ask(physician, 'GET', `/api/conflicts/${conflict.id}/image?side=incoming`)).status).toBe(404);
    const answer = await ask(physician, 'POST', '/api/conflicts/decisions', { ids: [conflict.id], decision: 'discard' });
    expect(answer.json.items).toEqual([{ id: conflict.id, code: 'NOT_FOUND' }]);
    expect((await ask(physician, 'POST', `/api/conflicts/${conflict.id}/reopen`)).status).toBe(404);
  });
});

describe('whose files are, before they are sent', () => {
  const identity = (personName: string, patientId: string) => ({ personName, patientId, issuer: '', birthDate: '19700203' });

  test('is told by the rules of the import, in the group that it goes to', async () => {
    await server.store(physician, [
      xray('whose', { PatientID: 'WHOSE', PatientName: 'Martin^Ana', PatientBirthDate: '19700203' }),
    ]);
    await server.store(physician, [
      xray('other', { PatientID: 'OTHER', PatientName: 'Petit^Luc', PatientBirthDate: '19700203' }),
    ]);
    const { items } = (await ask(physician, 'GET', '/api/patients?q=martin')).json;
    const body = {
      patientId: items[0].id,
      identities: [identity('MARTIN^ANA', 'WHOSE'), identity('Petit^Luc', 'OTHER'), identity('New^One', 'NEW')],
    };
    const { json } = await ask(staff, 'POST', '/api/imports/identify', body);
    expect(json.items.map(({ contradicts, owner }: Json) => [contradicts, owner?.lastName ?? null])).toEqual([
      [false, 'Martin'],
      [true, 'Petit'],
      [true, null],
    ]);
    const groupId = await server.makeGroup();
    const member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
    const apart = await ask(member, 'POST', '/api/imports/identify', { identities: [identity('Petit^Luc', 'OTHER')] });
    expect(apart.json.items).toEqual([{ contradicts: false, namesNobody: false, owner: null }]);
    const hidden = await ask(physician, 'POST', '/api/imports/identify', {
      ...body,
      patientId: '019a0000-0000-7000-a000-000000000000',
    });
    expect(hidden.status).toBe(404);
  });

  test('is not told to who sees pseudonyms', async () => {
    const researcher = await server.login(await server.makeUser({ role: 'RESEARCHER', groupId: await server.makeGroup() }));
    expect(
      (await ask(researcher, 'POST', '/api/imports/identify', { identities: [identity('Petit^Luc', 'OTHER')] })).status,
    ).toBe(403);
  });
});
