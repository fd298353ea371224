import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chestXray, type Dataset } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { type DicomwebServer, firstValue, type Json, openDicomweb, TESTDATA } from './support.ts';

const ODD = path.join(TESTDATA, '../faults/odd-patient.dcm');

let server: DicomwebServer;
let physician: Browser;
beforeAll(async () => {
  server = await openDicomweb();
  physician = await server.login('PHYSICIAN');
});
afterAll(() => server.close());

function xray(seed: string, dataset: Dataset): Buffer {
  for (const { bytes } of chestXray({ seed, rows: 16, columns: 16, dataset })) return Buffer.from(bytes);
  throw new Error('The phantom has no instance.');
}

async function metadataOf(file: Buffer): Promise<{ json: Json; study: string }> {
  const answer = await server.store(physician, [file]);
  expect(answer.statusCode).toBe(200);
  const sop = firstValue(answer.json()['00081199'].Value[0], '00081155');
  const [instance] = await server.json(physician, `/instances?SOPInstanceUID=${sop}&includefield=0020000D`);
  const study = firstValue(instance, '0020000D');
  const [json] = await server.json(physician, `/studies/${study}/metadata`);
  return { json, study };
}

const patientPart = (json: Json): Json =>
  Object.fromEntries(Object.entries(json).filter(([tag]) => /^(0010(0010|0020|0030|0040)|00081030)$/.test(tag)));

describe('what nobody edited leaves /metadata as it came', () => {
  test('trailing carets, a birth date in words, a sex of its own, an empty Patient ID; nothing empty is added', async () => {
    const { json } = await metadataOf(
      xray('odd', {
        PatientName: 'House^Gregory^^^',
        PatientBirthDate: 'UNKNOWN',
        PatientSex: '?',
        PatientID: '',
        StudyDescription: '',
      }),
    );
    expect(patientPart(json)).toEqual({
      '00081030': { vr: 'LO' },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'House^Gregory^^^' }] },
      '00100020': { vr: 'LO' },
      '00100030': { vr: 'DA', Value: ['UNKNOWN'] },
      '00100040': { vr: 'CS', Value: ['?'] },
    });
  });

  test('a search answers no Patient ID that neither the file nor a person gave (PS3.18 10.6.3), at any level, and one that was given', async () => {
    const { study } = await metadataOf(xray('nameless', { PatientName: 'Without^Id', PatientID: '' }));
    const shown = async (): Promise<Json[]> =>
      Promise.all(
        [`/studies?StudyInstanceUID=${study}`, `/studies/${study}/series`, `/studies/${study}/instances?includefield=all`].map(
          async (path) => (await server.json(physician, path))[0]['00100020'],
        ),
      );
    expect(await shown()).toEqual([{ vr: 'LO' }, { vr: 'LO' }, { vr: 'LO' }]);
    const { patient } = (await server.app.inject({ url: `/api/studies/${study}`, headers: { cookie: physician.cookie } })).json();
    // The number under which people here know the patient still finds them, as does a study of theirs.
    for (const key of [`PatientID=${patient.recordNumber}`, `samePatientAs=${study}`])
      expect((await server.json(physician, `/studies?${key}`)).map((one: Json) => firstValue(one, '0020000D'))).toEqual([study]);
    const read = (await server.app.inject({ url: `/api/patients/${patient.id}`, headers: { cookie: physician.cookie } })).json();
    await server.app.inject({
      method: 'PATCH',
      url: `/api/patients/${patient.id}`,
      headers: physician.headers,
      payload: { updatedAt: read.updatedAt, externalId: 'GIVEN' },
    });
    const given = { vr: 'LO', Value: ['GIVEN'] };
    expect(await shown()).toEqual([given, given, given]);
  });

  test('what somebody edits shows, and only that', async () => {
    const { study } = await metadataOf(
      xray('edited', { PatientName: 'House^Lisa^^^', PatientBirthDate: 'UNKNOWN', PatientSex: '?', PatientID: 'E1' }),
    );
    const { patient } = (await server.app.inject({ url: `/api/studies/${study}`, headers: { cookie: physician.cookie } })).json();
    const read = (await server.app.inject({ url: `/api/patients/${patient.id}`, headers: { cookie: physician.cookie } })).json();
    const change = await server.app.inject({
      method: 'PATCH',
      url: `/api/patients/${patient.id}`,
      headers: physician.headers,
      payload: { updatedAt: read.updatedAt, externalId: 'E2' },
    });
    expect(change.statusCode).toBe(200);
    const [json] = await server.json(physician, `/studies/${study}/metadata`);
    expect(patientPart(json)).toMatchObject({
      '00100010': { Value: [{ Alphabetic: 'House^Lisa^^^' }] },
      '00100020': { Value: ['E2'] },
      '00100030': { Value: ['UNKNOWN'] },
      '00100040': { Value: ['?'] },
    });
  });

  test('without the right to see identities a pseudonym stands there all the same', async () => {
    const groupId = await server.makeGroup();
    const researcher = await server.login(await server.makeUser({ role: 'RESEARCHER', groupId }));
    const member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
    const answer = await server.store(member, [
      xray('hidden', { PatientName: 'Secret^Name^^^', PatientID: '', PatientBirthDate: 'UNKNOWN' }),
    ]);
    expect(answer.statusCode).toBe(200);
    const [study] = await server.json(researcher, '/studies');
    const { body } = await server.get(researcher, `/studies/${firstValue(study, '0020000D')}/metadata`);
    expect(body).not.toMatch(/Secret|UNKNOWN/);
    expect(firstValue(JSON.parse(body)[0], '00100010')?.Alphabetic).toMatch(/^NG-/);
  });

  test.skipIf(!existsSync(ODD))('the file of ../shared/testdata/faults', async () => {
    const { json } = await metadataOf(readFileSync(ODD));
    expect(json['00100010'].Value[0].Alphabetic).toMatch(/\^$/);
    expect(json['00100030']).toEqual({ vr: 'DA', Value: ['UNKNOWN'] });
    expect(json['00100040']).toEqual({ vr: 'CS', Value: ['?'] });
  });
});
