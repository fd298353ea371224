import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { encapsulatedPdf, jsonItems, jsonNumber, jsonPersonName, jsonString, jsonValues, parsePart10 } from '@negatoscope/dicom';
import { smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composed } from '../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import type { Browser } from './support/app.ts';
import { readIso } from './support/read-iso.ts';
import { unzip } from './support/unzip.ts';

const HOSTILE = '</script><img src=x onerror=alert(1)>';
const NAME = 'ЩЕРБАКОВА-КОНСТАНТИНОВСКАЯ-ДЕ-ЛАКРУА-САН-ФЕЛИЧЕ-БЕНЕДЕТТИ-Э^Éléonore';
const STUDY = '2.25.7701';
let server: DicomwebServer;
let staff: Browser;
let patientId: string;

const rows = (text: string, values: string[] = []): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text, values })));

const PATIENT = {
  PatientID: 'M-1',
  PatientName: NAME,
  PatientBirthDate: '19680412',
  PatientSex: 'F',
  SpecificCharacterSet: 'ISO_IR 192',
};
function pdf(): Buffer {
  const text = (vr: string, value: string) => ({ vr, Value: [value] });
  return Buffer.from(
    encapsulatedPdf({
      study: {
        '00100010': { vr: 'PN', Value: [{ Alphabetic: NAME }] },
        '00100020': text('LO', 'M-1'),
        '00100030': text('DA', '19680412'),
        '00100040': text('CS', 'F'),
        '0020000D': text('UI', STUDY),
      },
      seriesInstanceUid: `${STUDY}.9`,
      sopInstanceUid: `${STUDY}.9.1`,
      seriesNumber: 9,
      instanceNumber: 1,
      seriesDescription: HOSTILE,
      contentDate: '20260301',
      contentTime: '101112',
      manufacturer: 'TEST',
      implementation: { classUid: '1.2.3', version: 'TEST' },
      documentTitle: 'Compte rendu',
      pdf: Buffer.from('%PDF-1.4 a report\n'),
    }),
  );
}

/** Three images of one series, and a clip of four frames in another. */
function picture(number: number): Buffer {
  const isClip = number === 4;
  const series = `${STUDY}.${isClip ? 2 : 1}`;
  const { bytes } = smallPicture({
    ...{
      seed: `medium ${number}`,
      columns: 4,
      frames: isClip ? 4 : 1,
      cells: new Uint16Array(isClip ? 64 : 16).map((_, at) => at),
    },
    modality: isClip ? 'US' : 'CT',
    dataset: {
      ...{ ...PATIENT, StudyDescription: HOSTILE, StudyDate: '20260301', InstanceNumber: 4 - number },
      ...{ StudyInstanceUID: STUDY, SeriesInstanceUID: series, SOPInstanceUID: `${series}.${number}` },
    },
  });
  return Buffer.from(bytes);
}

beforeAll(async () => {
  server = await openDicomweb();
  staff = await server.login('STAFF');
  const radiologist = await server.login('RADIOLOGIST');
  const files = [1, 2, 3, 4].map((number) => picture(number));
  expect((await server.store(radiologist, [...files, pdf()])).statusCode).toBe(200);
  const [row] = await rows('SELECT patient_id FROM studies WHERE study_instance_uid = $1', [STUDY]);
  patientId = row.patient_id;
});
afterAll(() => server.close());

const medium = (who: Browser, body: object, id = patientId) =>
  server.app.inject({
    method: 'POST',
    url: `/api/patients/${id}/medium`,
    headers: who.headers,
    payload: { recipient: 'Éléonore, elle-même', form: 'ZIP', ...body },
  });

/** Records of a DICOMDIR that name files. */
const namedIn = (bytes: Uint8Array) =>
  jsonItems(parsePart10(bytes).json, '00041220').filter((record) => jsonValues(record, '00041500').length > 0);

test('DICOMDIR names every DICOM file on the medium by File ID, class, UID and syntax (PS3.10 8.6)', async () => {
  const answer = await medium(staff, {});
  expect(answer.statusCode).toBe(200);
  const files = await unzip(answer.rawPayload);
  const dicom = [...files.keys()].filter((name) => name.startsWith('DICOM/'));
  expect(dicom).toHaveLength(5);
  const records = namedIn(files.get('DICOMDIR') ?? Buffer.alloc(0));
  expect(records.map((record) => jsonValues(record, '00041500').join('/')).sort()).toEqual([...dicom].sort());
  expect(records.map((record) => jsonString(record, '00041430')).sort()).toEqual([
    'ENCAP DOC',
    'IMAGE',
    'IMAGE',
    'IMAGE',
    'IMAGE',
  ]);
  for (const record of records) {
    const parsed = parsePart10(files.get(jsonValues(record, '00041500').join('/')) ?? Buffer.alloc(0));
    expect(jsonString(record, '00041511')).toBe(jsonString(parsed.json, '00080018'));
    expect(jsonString(record, '00041510')).toBe(jsonString(parsed.json, '00080016'));
    expect(jsonString(record, '00041512')).toBe(parsed.transferSyntaxUid);
    expect(jsonNumber(record, '00200013')).toBe(Number(jsonValues(parsed.json, '00200013')[0]));
  }
});

test('the disc image has the files of the ZIP under both its trees (ECMA-119), and says how long it is', async () => {
  const files = await unzip((await medium(staff, {})).rawPayload);
  const answer = await medium(staff, { form: 'ISO' });
  expect(answer.headers['content-disposition']).toMatch(/filename="[A-Z0-9-]+\.iso"/);
  expect(Number(answer.headers['content-length'])).toBe(answer.rawPayload.length);
  expect(answer.rawPayload.length % 2048).toBe(0);
  const { primary, joliet } = readIso(answer.rawPayload);
  for (const tree of [primary, joliet]) {
    expect([...tree.keys()].sort()).toEqual([...files.keys()].sort());
    // A DICOMDIR has a UID of its own.
    for (const [name, bytes] of files) if (name !== 'DICOMDIR') expect(tree.get(name)?.equals(bytes), name).toBe(true);
  }
});

test('files, directory and page carry whose the study is now', async () => {
  const admin = await server.login('ADMIN');
  const { version, updatedAt } = (await server.app.inject({ url: `/api/patients/${patientId}`, headers: admin.headers })).json();
  const changed = await server.app.inject({
    method: 'PATCH',
    url: `/api/patients/${patientId}`,
    headers: admin.headers,
    payload: { lastName: 'NDIAYE', firstName: 'Awa', ...(version === undefined ? { updatedAt } : { version }) },
  });
  expect(changed.statusCode, changed.body).toBe(200);
  const files = await unzip((await medium(staff, {})).rawPayload);
  const [patient] = jsonItems(parsePart10(files.get('DICOMDIR') ?? Buffer.alloc(0)).json, '00041220');
  expect(jsonPersonName(patient ?? {}, '00100010')).toEqual({ Alphabetic: 'NDIAYE^Awa' });
  for (const [name, bytes] of files)
    if (name.startsWith('DICOM/'))
      expect(jsonPersonName(parsePart10(bytes).json, '00100010')).toEqual({ Alphabetic: 'NDIAYE^Awa' });
  expect(String(files.get('INDEX.HTM'))).toContain('NDIAYE Awa');
});

test('a file whose header is too long for the event loop stands in the directory like any other', async () => {
  const uid = '2.25.7709';
  const { bytes } = smallPicture({
    ...{ seed: 'long header', columns: 2, cells: new Uint16Array(4), modality: 'CT' },
    dataset: {
      ...{
        PatientID: 'M-9',
        PatientName: 'LONG^Header',
        InstanceNumber: 7,
        '0040A160': { vr: 'UT', value: 'x'.repeat(300_000) },
      },
      ...{ StudyInstanceUID: uid, SeriesInstanceUID: `${uid}.1`, SOPInstanceUID: `${uid}.1.1` },
    },
  });
  expect((await server.store(await server.login('RADIOLOGIST'), [Buffer.from(bytes)])).statusCode).toBe(200);
  const [row] = await rows('SELECT patient_id FROM studies WHERE study_instance_uid = $1', [uid]);
  const files = await unzip((await medium(staff, {}, row.patient_id)).rawPayload);
  const [record] = namedIn(files.get('DICOMDIR') ?? Buffer.alloc(0));
  expect([jsonString(record ?? {}, '00041511'), jsonNumber(record ?? {}, '00200013')]).toEqual([`${uid}.1.1`, 7]);
  expect([...files.keys()]).toContain('VIEW/ST000001/SE000001/P0000001.JPG');
});

test('the page shows pictures and documents that lie beside it, and no text of a file becomes HTML', async () => {
  const files = await unzip((await medium(staff, {})).rawPayload);
  const page = String(files.get('INDEX.HTM'));
  expect(page).not.toContain(HOSTILE);
  expect(page).not.toMatch(/https?:\/\//);
  const contents = JSON.parse(/id="contents">(.*)<\/script>/.exec(page)?.[1] ?? '');
  const series = contents.studies.flatMap((study: Json) => study.series);
  expect(series.map((one: Json) => one.pictures.length).sort()).toEqual([0, 3, 4]);
  expect(contents.studies[0].title).toBe(HOSTILE);
  for (const one of series)
    for (const address of [...one.pictures, ...one.documents]) expect(files.has(address), address).toBe(true);
  const [document] = series.flatMap((one: Json) => one.documents);
  expect(String(files.get(document))).toBe('%PDF-1.4 a report\n');
});

test('is noted with who receives it, and answers nobody else', async () => {
  await medium(staff, { recipient: 'Sa fille', form: 'ISO' });
  const [event] = await rows(
    "SELECT details FROM audit_events WHERE action = 'patient.handed-over' AND details->>'recipient' = 'Sa fille'",
  );
  expect(event.details).toMatchObject({ recipient: 'Sa fille', medium: 'ISO', studies: 1 });
  const researcher = await server.login('RESEARCHER');
  expect((await medium(researcher, {})).statusCode).toBe(403);
  const group = await server.makeGroup('Here');
  const here = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: group }));
  const { bytes } = smallPicture({
    seed: 'of a group',
    columns: 2,
    cells: new Uint16Array(4),
    dataset: { StudyInstanceUID: '2.25.7702' },
  });
  await server.store(here, [Buffer.from(bytes)]);
  const [{ patient_id: theirs }] = await rows("SELECT patient_id FROM studies WHERE study_instance_uid = '2.25.7702'");
  const elsewhere = await server.login(await server.makeUser({ role: 'STAFF', groupId: await server.makeGroup('Elsewhere') }));
  const unknown = await medium(staff, {}, '01890000-0000-7000-8000-000000000000');
  const hidden = await medium(elsewhere, {}, theirs);
  expect([hidden.statusCode, hidden.json().code]).toEqual([unknown.statusCode, unknown.json().code]);
  expect(hidden.statusCode).toBe(404);
  for (const bad of [{ recipient: ' ' }, { form: 'TAR' }, { studyInstanceUids: [] }, { path: 'x' }])
    expect((await medium(staff, bad)).statusCode).toBe(400);
  expect((await medium(staff, { studyInstanceUids: ['1.2.3'] })).statusCode).toBe(404);
});

const programs = ['dcmdump', 'isoinfo'].filter((name) => {
  try {
    execFileSync('which', [name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
test.skipIf(!programs.includes('dcmdump'))('DCMTK reads its DICOMDIR, and every file that this names', async () => {
  const files = await unzip((await medium(staff, {})).rawPayload);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-medium-'));
  try {
    writeFileSync(path.join(folder, 'DICOMDIR'), files.get('DICOMDIR') ?? '');
    const told = execFileSync('dcmdump', ['+L', '-q', path.join(folder, 'DICOMDIR')], { encoding: 'utf8' });
    expect(told.match(/DirectoryRecordType/g)).toHaveLength(1 + 1 + 3 + 5);
    expect(told).not.toMatch(/^[EW]:/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
