import { jsonString, parsePart10 } from '@negatoscope/dicom';
import { buildZip, type Dataset, smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { service } from '../src/access/index.ts';
import { dimseKeeper } from '../src/dimse-ingest.ts';
import { privacyJobs } from '../src/features/privacy/index.ts';
import { orthancKeeper } from '../src/orthanc-ingest.ts';
import { composed } from '../src/platform/db/statements.ts';
import type { JobRun } from '../src/platform/queue/job.ts';
import { ROW_KINDS, ROWS_BY_TEXT, ROWS_BY_UID } from '../src/row-kinds.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import type { Browser } from './support/app.ts';

let server: DicomwebServer;
let admin: Browser;
let elsewhere: string;
beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
  elsewhere = await server.makeGroup('Ailleurs');
});
afterAll(() => server.close());

const ask = async (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object) => {
  const answer = await server.app.inject({ method, url, headers: admin.headers, ...(payload === undefined ? {} : { payload }) });
  return { status: answer.statusCode, json: (answer.body === '' ? undefined : answer.json()) as Json };
};
const rows = (text: string, values: readonly unknown[] = []): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text, values: values as never })));

async function run(name: 'erase-patients' | 'find-returned'): Promise<Json> {
  const { parts } = server;
  const jobs = privacyJobs({
    ...parts,
    rows: { kinds: ROW_KINDS, byUid: ROWS_BY_UID, byText: ROWS_BY_TEXT },
    ...{ dataDir: parts.backup.dataDir, keepBeside: async () => 0 },
    elsewhere: { note: async () => undefined },
    endEmergencies: async () => undefined,
  });
  return jobs.find(({ kind }) => kind.name === name)?.run({}, { signal: new AbortController().signal } as JobRun);
}

/** Whoever was erased: each door has somebody of its own. */
const identityOf = (door: string): Dataset => ({
  PatientID: `ID-${door}`,
  PatientName: `${door}^Jeanne`,
  PatientBirthDate: '19610412',
});
let uids = 0;
function fileOf(identity: Dataset): Buffer {
  uids += 1;
  const uid = `2.25.9191${uids}`;
  const dataset = { ...identity, StudyInstanceUID: uid, SeriesInstanceUID: `${uid}.1`, SOPInstanceUID: `${uid}.1.1` };
  return Buffer.from(
    smallPicture({ seed: uid, columns: 2, frames: 1, cells: new Uint16Array(4), modality: 'CT', dataset }).bytes,
  );
}

const part = (name: string, bytes: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(
      `--b\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`,
    ),
    bytes,
    Buffer.from('\r\n'),
  ]);
const upload = async (files: Readonly<Record<string, Buffer>>): Promise<number> => {
  const payload = Buffer.concat([...Object.entries(files).map(([name, bytes]) => part(name, bytes)), Buffer.from('--b--\r\n')]);
  const headers = { ...admin.headers, 'content-type': 'multipart/form-data; boundary=b' };
  return (await server.app.inject({ method: 'POST', url: '/api/patients/import', headers, payload })).statusCode;
};
async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
const node = () => service('dicom-node:019a0000-0000-7000-8000-000000000001', ['imports.create', 'patients.identity']);

/** By hand: a record made, edited or moved. */
const made = async (fields: object): Promise<Json> => (await ask('POST', '/api/patients', { sex: 'F', ...fields })).json;
const names = (door: string) => ({ lastName: door, firstName: 'Jeanne', birthDate: '1961-04-12' });
/** What stands here before the erasure, and comes back as the one who was erased. */
const before = new Map<string, Json>();

const DOORS: Readonly<
  Record<string, { readonly first?: (door: string) => Promise<Json>; readonly enter: (door: string) => Promise<unknown> }>
> = {
  STOW: { enter: async (door) => expect((await server.store(admin, [fileOf(identityOf(door))])).statusCode).toBe(200) },
  FOLDER: { enter: async (door) => expect(await upload({ 'Jeanne/1.dcm': fileOf(identityOf(door)) })).toBeLessThan(300) },
  ZIP: {
    enter: async (door) =>
      expect(
        await upload({ 'cd.zip': Buffer.from(buildZip([{ name: '1.dcm', bytes: fileOf(identityOf(door)) }])) }),
      ).toBeLessThan(300),
  },
  DIMSE: {
    enter: async (door) => {
      const bytes = fileOf(identityOf(door));
      const uid = `2.25.9191${uids}.1.1`;
      const kept = await dimseKeeper(server.parts.ingest, node(), null).keep({
        ...{ sopClassUid: jsonString(parsePart10(bytes).json, '00080016'), sopInstanceUid: uid, studyInstanceUid: undefined },
        stream: once(bytes),
      } as never);
      expect(kept.outcome).toBe('stored');
    },
  },
  ORTHANC: {
    enter: async (door) => {
      const keeper = orthancKeeper(server.parts.ingest, service('orthanc', ['imports.create', 'patients.identity']), null);
      const received = await keeper.receive('1.dcm', once(fileOf(identityOf(door))));
      expect(await keeper.keep([received])).toMatchObject([{ outcome: 'stored' }]);
    },
  },
  HAND: { enter: (door) => made(names(door)) },
  EDIT: {
    first: () => made({ lastName: 'Autre', firstName: 'Nom', birthDate: '1961-04-12' }),
    enter: async (door) => {
      const { id, updatedAt } = before.get(door);
      expect((await ask('PATCH', `/api/patients/${id}`, { lastName: door, firstName: 'Jeanne', updatedAt })).status).toBe(200);
    },
  },
  MOVE: {
    first: (door) => made({ ...names(door), groupId: elsewhere }),
    enter: async (door) => {
      const { id, updatedAt } = before.get(door);
      expect((await ask('PATCH', `/api/patients/${id}`, { groupId: null, updatedAt })).status).toBe(200);
    },
  },
  TRASH: {
    first: async (door) => {
      const one = await made({ ...names(door), groupId: elsewhere });
      expect((await ask('DELETE', `/api/patients/${one.id}`)).status).toBe(204);
      return one;
    },
    enter: async (door) => expect((await ask('POST', `/api/trash/${before.get(door).id}/restore`)).status).toBeLessThan(300),
  },
};

describe('who was erased and comes back', () => {
  test('is taken as somebody new by every door, and told to administrators and the journal: nobody is refused', async () => {
    for (const [door, { first }] of Object.entries(DOORS)) {
      if (first !== undefined) before.set(door, await first(door));
      await rows("UPDATE patients SET created_at = now() - interval '1 day' RETURNING id");
      expect((await server.store(admin, [fileOf(identityOf(door))])).statusCode).toBe(200);
      const [one] = await rows('SELECT id, record_number FROM patients WHERE external_id = $1 AND group_id IS NULL', [
        `ID-${door}`,
      ]);
      const erased = await ask('POST', `/api/patients/${one.id}/erase`, { recordNumber: one.record_number, reason: 'PATIENT' });
      expect([door, erased.status]).toEqual([door, 202]);
    }
    await run('find-returned');
    expect(await run('erase-patients')).toMatchObject({ patients: Object.keys(DOORS).length, held: 0 });
    // Whoever stood elsewhere all the time has not come back by that.
    expect(await run('find-returned')).toMatchObject({ found: 0 });
    const told: string[] = [];
    for (const [door, { enter }] of Object.entries(DOORS)) {
      await enter(door);
      const { found } = await run('find-returned');
      told.push(`${door} ${found}`);
    }
    expect(told).toEqual(Object.keys(DOORS).map((door) => `${door} 1`));
    const { returns } = (await ask('GET', '/api/erasures')).json;
    expect(returns).toHaveLength(told.length);
    const events = await rows("SELECT DISTINCT patient_id FROM audit_events WHERE action = 'patient.came-back'");
    expect(events.map(({ patient_id: id }) => id).sort()).toEqual(returns.map((one: Json) => one.patientId).sort());
    // FHIR takes nobody.
    expect((await ask('POST', '/fhir/Patient', { resourceType: 'Patient' })).status).toBeGreaterThanOrEqual(400);
  });
});
