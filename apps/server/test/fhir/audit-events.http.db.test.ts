import { chestXray } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BALP_PATIENT_READ } from '../../src/features/fhir/resources/audit-event.ts';
import { type DicomwebServer, type Json, openDicomweb } from '../dicomweb/support.ts';
import type { Browser } from '../support/app.ts';
import { openStandard } from './standard.ts';

let server: DicomwebServer;
let admin: Browser;
let physician: Browser;
let patient: string;
let userId: string;
beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
  physician = await server.login('PHYSICIAN');
  for (const { bytes } of chestXray({
    seed: 'audit events',
    rows: 16,
    columns: 16,
    dataset: { PatientID: 'A1', PatientName: 'Seen^Awa' },
  }))
    await server.store(physician, [Buffer.from(bytes)]);
  userId = (await get(physician, '/api/auth/me')).json.user.id;
  patient = (await get(physician, '/api/patients')).json.items[0].id;
  await get(physician, `/api/patients/${patient}`);
  await get(physician, `/fhir/Patient/${patient}`);
  await get(physician, '/api/audit');
});
afterAll(() => server.close());

const get = async (who: Browser, url: string): Promise<{ status: number; json: Json }> => {
  const answer = await server.app.inject({ method: 'GET', url, headers: who.headers });
  return { status: answer.statusCode, json: answer.json() };
};
const search = async (query: string): Promise<Json[]> => {
  const { status, json } = await get(admin, `/fhir/AuditEvent?${query}`);
  expect(status).toBe(200);
  return (json.entry ?? [])
    .map(({ resource }: Json) => resource)
    .filter(({ resourceType }: Json) => resourceType === 'AuditEvent');
};
const ownOf = (event: Json): string => event.subtype.at(-1).code;

test('AuditEvents are valid R4 and named by DICOM’s codes; a read by REST is what BALP’s PatientRead wants', async () => {
  const events = await search('_count=100');
  const standard = openStandard();
  // HL7's definitions have no profile of IHE's: what BALP wants is looked at below.
  const faults = events.flatMap((event) => standard.faultsOf(event));
  expect(faults.filter((fault) => fault !== `no profile ${BALP_PATIENT_READ}`)).toEqual([]);
  const [read] = await search(`patient=${patient}&subtype=fhir.read`);
  expect(read).toMatchObject({
    meta: { profile: [BALP_PATIENT_READ] },
    type: { code: 'rest' },
    ...{ action: 'R', outcome: '0' },
    entity: [
      { what: { reference: `Patient/${patient}` }, role: { code: '1' } },
      { what: { reference: `Patient/${patient}` }, role: { code: '4' } },
    ],
  });
  expect(read?.agent.map(({ type }: Json) => type.coding[0].code)).toEqual(['110152', '110153', 'IRCP']);
});

test('they are found by patient, agent, date, type and outcome, lists that showed her among them, and walked page by page', async () => {
  const hers = await search(`patient=Patient/${patient}&agent=${userId}`);
  expect(hers.map(ownOf).sort()).toEqual(expect.arrayContaining(['fhir.read', 'patient.list', 'patient.read', 'study.import']));
  expect((await search(`patient=${patient}&type=110110`)).map(ownOf)).toEqual(['patient.read']);
  expect((await search(`agent=${userId}&outcome=4`)).map(ownOf)).toEqual(['access.denied']);
  expect(await search('date=lt2020-01-01')).toEqual([]);
  expect(await search('patient=019a0000-0000-7000-8000-000000000001')).toEqual([]);
  let url: string | undefined = `/fhir/AuditEvent?patient=${patient}&_count=2`;
  const walked: string[] = [];
  for (let page = 0; url !== undefined && page < 20; page += 1) {
    const { json } = await get(admin, url);
    walked.push(...(json.entry ?? []).map(({ resource }: Json) => resource.id));
    const next: string | undefined = json.link.find(({ relation }: Json) => relation === 'next')?.url;
    url = next === undefined ? undefined : next.slice(next.indexOf('/fhir'));
  }
  expect(walked).toEqual(expect.arrayContaining(hers.map(({ id }) => id)));
  expect(new Set(walked).size).toBe(walked.length);
  expect((await get(admin, `/fhir/AuditEvent/${walked[0]}`)).json.id).toBe(walked[0]);
});

test('who may not read the journal is told nothing of it, in Patient/$everything either', async () => {
  expect((await get(physician, '/fhir/AuditEvent')).status).toBe(403);
  for (const who of [admin, physician])
    expect(JSON.stringify((await get(who, `/fhir/Patient/${patient}/$everything`)).json)).not.toContain('AuditEvent');
});
