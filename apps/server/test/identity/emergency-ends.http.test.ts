import { get, type IncomingMessage } from 'node:http';
import { smallDataset, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { privacyJobs } from '../../src/features/privacy/index.ts';
import type { JobRun } from '../../src/platform/queue/job.ts';
import { ROW_KINDS, ROWS_BY_TEXT, ROWS_BY_UID } from '../../src/row-kinds.ts';
import { type DicomwebServer, type Json, openDicomweb } from '../dicomweb/support.ts';
import { type Browser, createFakeClock, openTestApp, type TestUser } from '../support/app.ts';
import type { TestDatabase } from '../support/database.ts';

const HOUR_MS = 3_600_000;
const ROWS = 2816;
const FILE_BYTES = ROWS * ROWS * 2;
const FILES = 2;
const clock = createFakeClock();
const study = String(smallDataset('emergency download').StudyInstanceUID);
let server: DicomwebServer;
let baseUrl: string;
let south: string;
let patientId: string;
let colleague: TestUser;

beforeAll(async () => {
  server = await openDicomweb({ clock, settings: { breakGlass: { hours: 4 } } });
  const north = await server.makeGroup('Nord');
  south = await server.makeGroup('Sud');
  colleague = await server.makeUser({ role: 'RADIOLOGIST', groupId: north });
  const member = await server.login(colleague);
  baseUrl = await server.app.listen({ host: '127.0.0.1', port: 0 });
  for (let number = 1; number <= FILES; number += 1) {
    const dataset = {
      ...smallDataset('emergency download'),
      ...{ PatientID: 'URG-9', PatientName: 'SOW^Fatou', PatientBirthDate: '19810203' },
      ...{ SOPInstanceUID: `2.25.661699${number}`, InstanceNumber: number, Rows: ROWS, Columns: ROWS },
      ...{ BitsAllocated: 16, BitsStored: 16, HighBit: 15 },
      PixelData: { vr: 'OW' as const, value: new Uint8Array(FILE_BYTES) },
    };
    const file = writePart10(dataset, { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian });
    expect((await server.store(member, [Buffer.from(file)])).statusCode).toBe(200);
  }
  const [row] = await server.db.withSystem((tx) =>
    tx.rows('SELECT patient_id FROM studies WHERE study_instance_uid = $1', [study]),
  );
  patientId = row?.patient_id ?? '';
});
afterAll(() => server.close());

const ask = (who: Browser, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
  server.app.inject({ method, url, headers: { ...who.headers }, ...(payload === undefined ? {} : { payload }) });
const open = (who: Browser) =>
  ask(who, 'POST', '/api/emergency-accesses', { identifier: 'URG-9', birthDate: '1981-02-03', reason: 'Arrivée aux urgences' });
const stranger = async (): Promise<Browser> => server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: south }));
const sees = async (who: Browser): Promise<number> => (await ask(who, 'GET', `/api/patients/${patientId}`)).statusCode;

/** A patient of the north with one small study; gives the record's id. */
async function madePatient(seed: string, identity: { PatientID: string; PatientName: string; PatientBirthDate: string }) {
  const file = writePart10({ ...smallDataset(seed), ...identity }, { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian });
  expect((await server.store(await server.login(colleague), [Buffer.from(file)])).statusCode).toBe(200);
  const [row] = await server.db.withSystem((tx) =>
    tx.rows('SELECT patient_id FROM studies WHERE study_instance_uid = $1', [String(smallDataset(seed).StudyInstanceUID)]),
  );
  return row?.patient_id ?? '';
}

/** Erases what is asked for, as the job process would. */
async function eraseAsked(): Promise<void> {
  const { parts } = server;
  const jobs = privacyJobs({
    ...parts,
    rows: { kinds: ROW_KINDS, byUid: ROWS_BY_UID, byText: ROWS_BY_TEXT },
    ...{ dataDir: parts.backup.dataDir, keepBeside: async () => 0 },
    elsewhere: { note: async () => undefined },
    endEmergencies: (tx, records, actor) => parts.identity.endEmergencies(tx, records, { actor, because: 'ERASED' }),
  });
  await jobs.find(({ kind }) => kind.name === 'erase-patients')?.run({}, { signal: new AbortController().signal } as JobRun);
}

/** What the journal says of the ends of what was open to somebody. */
const ends = (who: Browser): Promise<Json[]> =>
  server.db.withSystem((tx) =>
    tx.rows(
      `SELECT actor_id AS actor, details ->> 'because' AS because, patient_id AS patient FROM audit_events
       WHERE action = 'emergency.ended' AND details ->> 'user' = $1`,
      [who.user.id],
    ),
  );

/** A download whose reader has stopped after its first bytes; `rest` reads on and tells how much came, and whether that was all. */
function download(who: Browser): Promise<{ rest: () => Promise<{ bytes: number; isWhole: boolean }> }> {
  const headers = { cookie: who.cookie, accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' };
  return new Promise((resolve, reject) => {
    get(`${baseUrl}/dicom-web/studies/${study}`, { headers, agent: false }, (response: IncomingMessage) => {
      if (response.statusCode !== 200) return reject(new Error(`answered ${response.statusCode}`));
      let bytes = 0;
      response.on('error', () => undefined);
      const closed = new Promise<void>((done) => response.once('close', () => done()));
      response.once('data', (first: Buffer) => {
        bytes += first.length;
        response.pause();
        const rest = async () => {
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
          });
          response.resume();
          await closed;
          return { bytes, isWhole: response.complete };
        };
        resolve({ rest });
      });
      return undefined;
    }).on('error', reject);
  });
}

describe('what was opened in an emergency', () => {
  test('a download that was begun with it ends at its end, which nobody tells of; before, it goes on', async () => {
    const who = await stranger();
    expect((await open(who)).statusCode).toBe(201);
    const [early, late] = [await download(who), await download(who)];
    expect((await early.rest()).isWhole).toBe(true);
    clock.advance(4 * HOUR_MS);
    // Two looks of the server.
    await new Promise((resolve) => setTimeout(resolve, 2100));
    const cut = await late.rest();
    expect([cut.isWhole, cut.bytes < FILES * FILE_BYTES]).toEqual([false, true]);
  });

  test('is open once where it is asked for twice at the same time, and so ended by one word', async () => {
    const who = await stranger();
    const both = await Promise.all([open(who), open(who), open(who)]);
    expect(both.map(({ statusCode }) => statusCode).filter((code) => code !== 201 && code !== 404)).toEqual([]);
    const { items } = (await ask(who, 'GET', '/api/emergency-accesses/own')).json<{ items: Json[] }>();
    expect(items).toHaveLength(1);
    const events = await server.db.withSystem((tx) =>
      tx.rows("SELECT entity_id FROM audit_events WHERE action = 'emergency.opened' AND actor_id = $1", [who.user.id]),
    );
    expect(events).toEqual([{ entity_id: items[0].id }]);
    expect((await ask(who, 'POST', `/api/emergency-accesses/${items[0].id}/end`)).statusCode).toBe(204);
    expect(await sees(who)).toBe(404);
  });

  test('is over where the site turns it off', async () => {
    const who = await stranger();
    await open(who);
    expect(await sees(who)).toBe(200);
    const off = await openTestApp(
      { clock },
      { appConfig: server.database } as TestDatabase, // No more of it is asked for.
      server.settings.dataDir,
      async () => undefined,
    );
    await expect.poll(() => sees(who), { timeout: 5_000 }).toBe(404);
    await off.close();
    expect(await ends(who)).toEqual([{ actor: null, because: 'OFF', patient: patientId }]);
  });

  test('is over for who is deleted, and the journal says so', async () => {
    const who = await stranger();
    await open(who);
    const admin = await server.login('ADMIN');
    expect((await ask(admin, 'DELETE', `/api/users/${who.user.id}`)).statusCode).toBe(204);
    expect(await ends(who)).toEqual([{ actor: admin.user.id, because: 'DELETED', patient: patientId }]);
  });

  test.each([
    ['suspended and let in again', 'SUSPENDED', [{ status: 'SUSPENDED' }, { status: 'ACTIVE' }]],
    ['given another password', 'PASSWORD', [{ password: 'Lanterne-Marbre-43-Voilier' }]],
    ['made somebody who may not open any, and made a physician again', 'RIGHTS', [{ role: 'STAFF' }, { role: 'PHYSICIAN' }]],
  ] as const)('is over for who is %s, and the journal says so', async (_what, because, changes) => {
    const who = await stranger();
    await open(who);
    expect(await sees(who)).toBe(200);
    const admin = await server.login('ADMIN');
    for (const change of changes) expect((await ask(admin, 'PATCH', `/api/users/${who.user.id}`, change)).statusCode).toBe(200);
    // In tests everybody signs in by one password.
    await server.db.withSystem((tx) =>
      tx.run('UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE id = $2) WHERE id = $1', [
        who.user.id,
        admin.user.id,
      ]),
    );
    const again = await server.login(who.user);
    expect(await sees(again)).toBe(404);
    const { items } = (await ask(again, 'GET', '/api/emergency-accesses/own')).json<{ items: Json[] }>();
    expect(items).toEqual([]);
    expect(await ends(who)).toEqual([{ actor: admin.user.id, because, patient: patientId }]);
  });

  test('is over where the record goes into another by the word of a colleague, and the journal says so', async () => {
    const kept = await madePatient('merge kept', { PatientID: 'URG-10', PatientName: 'FALL^Awa', PatientBirthDate: '19700101' });
    const other = await madePatient('merge gone', {
      PatientID: 'URG-10',
      PatientName: 'BA^Moussa',
      PatientBirthDate: '19900505',
    });
    expect(other).not.toBe(kept);
    const [member, of, elsewhere] = [await server.login(colleague), await stranger(), await stranger()];
    const asked = { identifier: 'URG-10', birthDate: '1990-05-05', reason: 'Arrivée aux urgences' };
    expect((await ask(of, 'POST', '/api/emergency-accesses', asked)).statusCode).toBe(201);
    expect((await ask(elsewhere, 'POST', '/api/emergency-accesses', { ...asked, birthDate: '1970-01-01' })).statusCode).toBe(201);
    // In the list of what waits for a decision it is for reading too, and says so.
    const { items } = (await ask(of, 'GET', '/api/identity-review')).json<{ items: Json[] }>();
    expect(items.map(({ id, patient }) => [id, patient.onlyReads])).toEqual([[other, true]]);
    const refused = await ask(of, 'POST', `/api/identity-review/${other}/decision`, { decision: 'same' });
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'OPEN_FOR_READING']);
    expect((await ask(member, 'POST', `/api/identity-review/${other}/decision`, { decision: 'same' })).statusCode).toBe(204);
    expect(await ends(of)).toEqual([{ actor: member.user.id, because: 'MERGED', patient: other }]);
    expect(await ends(elsewhere)).toEqual([]);
    expect((await ask(of, 'GET', '/api/emergency-accesses/own')).json()).toMatchObject({ items: [] });
    expect((await ask(of, 'GET', `/api/patients/${kept}`)).statusCode).toBe(404);
    expect((await ask(elsewhere, 'GET', `/api/patients/${kept}`)).statusCode).toBe(200);
  });

  test('is over where the patient is erased, and the journal keeps whose it was', async () => {
    const gone = await madePatient('erased', { PatientID: 'URG-11', PatientName: 'SY^Adama', PatientBirthDate: '19650606' });
    const who = await stranger();
    const asked = { identifier: 'URG-11', birthDate: '1965-06-06', reason: 'Arrivée aux urgences' };
    expect((await ask(who, 'POST', '/api/emergency-accesses', asked)).statusCode).toBe(201);
    const admin = await server.login('ADMIN');
    const { recordNumber } = (await ask(admin, 'GET', `/api/patients/${gone}`)).json<Json>();
    const erasing = await ask(admin, 'POST', `/api/patients/${gone}/erase`, { recordNumber, reason: 'PATIENT' });
    expect(erasing.statusCode).toBe(202);
    await eraseAsked();
    expect(await ends(who)).toEqual([{ actor: null, because: 'ERASED', patient: gone }]);
    expect((await ask(who, 'GET', '/api/emergency-accesses/own')).json()).toMatchObject({ items: [] });
    const journal = `/api/audit?patient=${gone}&action=emergency.ended`;
    expect((await ask(admin, 'GET', journal)).json<{ items: Json[] }>().items).toHaveLength(1);
  });
});
