import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parsePart10 } from '@negatoscope/dicom';
import { type Dataset, smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { formOf } from '../src/features/ingest/ingest-fixture.ts';
import { composed } from '../src/platform/db/statements.ts';
import { type DicomwebServer, firstValue, type Json, openDicomweb } from './dicomweb/support.ts';
import { type Browser, createFakeClock } from './support/app.ts';

/** DCMTK's own readers. */
const TOOLS = ['/usr/bin/dsrdump', '/usr/bin/dcmdump'];
const hasTools = TOOLS.every((tool) => existsSync(tool));
const FRAMES = 8;
const SIDE = 16;
const clock = createFakeClock();
let server: DicomwebServer;
let radiologist: Browser;
let physician: Browser;
let folder: string;
beforeAll(async () => {
  server = await openDicomweb({ clock });
  folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-kept-'));
  radiologist = await server.login(await server.makeUser({ role: 'RADIOLOGIST', firstName: 'Awa', lastName: 'Diop' }));
  physician = await server.login(await server.makeUser({ role: 'PHYSICIAN', firstName: 'Jean^=', lastName: 'Bâ' }));
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

interface Place {
  readonly uid: string;
  readonly series: string;
  readonly sop: string;
  /** In the name and the number of its patient. */
  readonly number: number;
}
let count = 0;
/** A stored study of one image of eight frames of 16 × 16 pixels, half a millimetre each; all values of frame n are n. */
async function place(who: Browser = radiologist, groupId?: string, dataset: Dataset = {}): Promise<Place> {
  count += 1;
  const [uid, series, sop] = [`2.25.770${count}0`, `2.25.770${count}1`, `2.25.770${count}2`];
  const { bytes } = smallPicture({
    seed: `kept ${count}`,
    columns: SIDE,
    frames: FRAMES,
    cells: Uint16Array.from({ length: SIDE * SIDE * FRAMES }, (_, at) => Math.floor(at / (SIDE * SIDE)) + 1),
    modality: 'CT',
    dataset: {
      PixelSpacing: [0.5, 0.5],
      PatientID: `K${count}`,
      PatientName: `Été^${count}`,
      ...dataset,
      ...{ StudyInstanceUID: uid, SeriesInstanceUID: series, SOPInstanceUID: sop },
    },
  });
  const url = groupId === undefined ? '/studies' : `/groups/${groupId}/studies`;
  expect((await server.store(who, [Buffer.from(bytes)], url)).statusCode).toBe(200);
  return { uid, series, sop, number: count };
}
async function ask(who: Browser, method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE', url: string, body?: object) {
  const answer = await server.app.inject({ method, url, headers: who.headers, ...(body === undefined ? {} : { payload: body }) });
  return { status: answer.statusCode, json: (answer.body === '' ? undefined : answer.json()) as Json };
}
async function draw(
  who: Browser,
  at: Place,
  kind: string,
  frame: number,
  points: readonly number[],
  more: object = {},
): Promise<string> {
  const id = randomUUID();
  const edit = {
    editId: randomUUID(),
    authorId: who.user.id,
    baseVersion: 0,
    seriesInstanceUid: at.series,
    sopInstanceUid: at.sop,
  };
  const body = { ...edit, frame, kind, geometry: { space: 'PIXEL', points }, ...more };
  clock.advance(1_000);
  expect((await ask(who, 'PUT', `/api/studies/${at.uid}/annotations/${id}`, body)).status).toBe(200);
  return id;
}
const erase = async (who: Browser, at: Place, id: string, kind: string, frame: number, points: readonly number[]) => {
  const edit = {
    editId: randomUUID(),
    authorId: who.user.id,
    baseVersion: 1,
    seriesInstanceUid: at.series,
    sopInstanceUid: at.sop,
  };
  const body = { ...edit, frame, kind, geometry: { space: 'PIXEL', points }, isDeleted: true };
  expect((await ask(who, 'PUT', `/api/studies/${at.uid}/annotations/${id}`, body)).status).toBe(200);
};
const keep = (who: Browser, at: Place) => ask(who, 'POST', `/api/studies/${at.uid}/kept-documents`);
const list = (who: Browser, at: Place) => ask(who, 'GET', `/api/studies/${at.uid}/kept-documents`);
const outcomes = ({ json }: { json: Json }): string[] => json.items.map(({ outcome }: Json) => outcome);
const rows = (text: string, values: string[] = []): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text, values })));
const documentsIn = (at: Place): Promise<Json[]> =>
  rows(
    `SELECT i.sop_instance_uid AS sop, e.series_instance_uid AS series, e.modality, e.description FROM instances i JOIN series e ON e.id = i.series_id
     JOIN studies s ON s.id = e.study_id WHERE s.study_instance_uid = $1 AND e.modality IN ('SR', 'KO') ORDER BY i.received_at, i.id`,
    [at.uid],
  );
/** The file of an instance, as a client gets it. */
async function fileOf(at: Place, { sop, series }: { sop: string; series: string }): Promise<Buffer> {
  const answer = await server.get(radiologist, `/studies/${at.uid}/series/${series}/instances/${sop}`, {
    accept: 'application/dicom',
  });
  expect(answer.statusCode).toBe(200);
  return answer.rawPayload;
}
async function dump(tool: 'dsrdump' | 'dcmdump', bytes: Buffer, ...options: string[]): Promise<string> {
  const file = path.join(folder, `${randomUUID()}.dcm`);
  await writeFile(file, bytes);
  // What it warns of it writes beside; either is a failure here.
  const text = execFileSync('/bin/sh', ['-c', `${tool} "$@" 2>&1`, tool, ...options, file], { encoding: 'utf8' });
  return text.replaceAll(UNCHECKED, '');
}

/** Constraints of the document and its values are checked; long values, codes and UIDs shown. */
const READ = ['+U8', '+Pl', '+Pc', '+Pu'];
/** What it can't check, and says so. */
const UNCHECKED =
  /^W: (?:The VR checker does not support this Specific Character Set: ISO_IR 192|Check for template constraints not yet supported)\n/gm;
const LINE = [2, 2, 5, 6];
describe('what is drawn', () => {
  test.skipIf(!hasTools)(
    'becomes a structured report and a key object selection that DCMTK reads, with values, units, frames and author',
    async () => {
      const at = await place();
      await draw(radiologist, at, 'LENGTH', 7, LINE, { label: 'Nodule "<b>" \\ Mme Été' });
      await draw(physician, at, 'ELLIPSE', 3, [2, 8, 14, 8, 8, 4, 8, 12]);
      await draw(radiologist, at, 'COBB', 1, [1, 1, 5, 1, 1, 8, 5, 12]);
      await draw(radiologist, at, 'ARROW', 2, [3, 3, 9, 9]);
      await draw(radiologist, at, 'KEY_IMAGE', 7, []);
      await draw(radiologist, at, 'KEY_IMAGE', 5, []);
      await draw(physician, at, 'KEY_IMAGE', 5, []);
      const kept = await keep(radiologist, at);
      expect([kept.status, kept.json.items]).toMatchObject([
        200,
        [
          { kind: 'MEASUREMENTS', outcome: 'STORED', count: 4, leftOut: 0 },
          { kind: 'KEY_IMAGES', outcome: 'STORED', count: 2, leftOut: 0 },
        ],
      ]);
      const [report, selection] = await documentsIn(at);
      expect([report, selection]).toMatchObject([
        { modality: 'SR', description: 'Mesures (Negatoscope)' },
        { modality: 'KO', description: 'Images clés (Negatoscope)' },
      ]);
      const text = await dump('dsrdump', await fileOf(at, report), ...READ);
      expect(text).not.toMatch(/^[EWF]: /m);
      expect(text).toContain('Comprehensive SR Document');
      expect(text).toContain('(126000,DCM,"Imaging Measurement Report")');
      // 3 × 4 pixels of half a millimetre: 2.5 mm.
      expect(text).toMatch(/NUM:\(410668003,SCT,"Length"\)="2\.5" \(mm,UCUM/);
      expect(text).toMatch(/SCOORD:.*=\(POLYLINE,2\/2,5\/6\)/);
      // π × 6 × 4 × 0.25 mm².
      expect(text).toMatch(/NUM:\(42798000,SCT,"Area"\)="18\.84955592153\d*" \(mm2,UCUM/);
      expect(text).toMatch(/SCOORD:\(111030,DCM,"Image Region"\)=\(ELLIPSE,2\/8,14\/8,8\/4,8\/12\)/);
      expect(text).toMatch(/NUM:\(285285000,SCT,"Cobb angle"\)="45" \(deg,UCUM/);
      expect(text).toMatch(/TEXT:\(121106,DCM,"Comment"\)="Nodule/);
      expect(text).toMatch(/PNAME:\(121008,DCM,"Person Observer Name"\)="Diop\^Awa"/);
      expect(text).toMatch(/PNAME:\(121008,DCM,"Person Observer Name"\)="Bâ\^Jean"/);
      expect(text).toMatch(/IMAGE:.*,7\)/);
      const choice = await dump('dsrdump', await fileOf(at, selection), ...READ);
      expect(choice).not.toMatch(/^[EWF]: /m);
      expect(choice).toMatch(/Key Object Selection Document/);
      expect(choice).toMatch(/IMAGE:.*,5,7\)/);
      const header = await dump('dcmdump', await fileOf(at, selection), '+P', '0008,1160', '+P', '0010,0010', '+P', '0020,000d');
      expect(header).toMatch(/\(0008,1160\) IS \[5\\7\]/);
      expect(header).toContain(at.uid);
      expect((await dump('dcmdump', await fileOf(at, report), '-q')).length).toBeGreaterThan(0);
    },
  );

  test('that was kept and has not changed is not kept again, however often and by whom; what has changed names its predecessor', async () => {
    const at = await place();
    const line = await draw(radiologist, at, 'LENGTH', 7, LINE);
    await draw(radiologist, at, 'KEY_IMAGE', 5, []);
    expect(outcomes(await keep(radiologist, at))).toEqual(['STORED', 'STORED']);
    clock.advance(60_000);
    expect(outcomes(await keep(radiologist, at))).toEqual(['UNCHANGED', 'UNCHANGED']);
    expect(outcomes(await keep(physician, at))).toEqual(['UNCHANGED', 'UNCHANGED']);
    expect(await documentsIn(at)).toHaveLength(2);
    const star = await draw(physician, at, 'KEY_IMAGE', 6, []);
    expect(outcomes(await keep(physician, at))).toEqual(['UNCHANGED', 'STORED']);
    await erase(physician, at, star, 'KEY_IMAGE', 6, []);
    await draw(radiologist, at, 'PROBE', 2, [3.5, 3.5]);
    expect(outcomes(await keep(radiologist, at))).toEqual(['STORED', 'STORED']);
    const documents = await documentsIn(at);
    // Two reports and three selections, each kind in a series of its own.
    expect(documents.map(({ modality }) => modality).sort()).toEqual(['KO', 'KO', 'KO', 'SR', 'SR']);
    expect(new Set(documents.map(({ series }) => series)).size).toBe(2);
    for (const kind of ['SR', 'KO']) {
      const own = documents.filter(({ modality }) => modality === kind);
      const before = await Promise.all(
        own.map(async (one) => {
          const [study] = parsePart10(await fileOf(at, one)).json['0040A360']?.Value ?? [];
          const [series] = (study as Json)?.['00081115']?.Value ?? [];
          return firstValue(series?.['00081199']?.Value?.[0] ?? {}, '00081155');
        }),
      );
      expect(before).toEqual([undefined, ...own.slice(0, -1).map(({ sop }) => sop)]);
    }
    await erase(radiologist, at, line, 'LENGTH', 7, LINE);
    expect((await list(radiologist, at)).json.items).toMatchObject([
      { kind: 'KEY_IMAGES', author: 'Awa Diop' },
      { kind: 'MEASUREMENTS', author: 'Awa Diop' },
    ]);
  });

  test('is in series named in the language of whoever first had one made, later versions by others too (PS3.3 C.7.3.1)', async () => {
    const speak = async (locale: string) =>
      expect((await ask(physician, 'PUT', '/api/users/me/profile', { locale })).status).toBe(200);
    const at = await place();
    await speak('en');
    try {
      await draw(physician, at, 'LENGTH', 7, LINE);
      await draw(physician, at, 'KEY_IMAGE', 5, []);
      expect(outcomes(await keep(physician, at))).toEqual(['STORED', 'STORED']);
      await draw(radiologist, at, 'KEY_IMAGE', 6, []);
      expect(outcomes(await keep(radiologist, at))).toEqual(['UNCHANGED', 'STORED']);
    } finally {
      await speak('fr');
    }
    const names = await Promise.all(
      (await documentsIn(at)).map(async (one) => [one.modality, firstValue(parsePart10(await fileOf(at, one)).json, '0008103E')]),
    );
    expect(names).toEqual([
      ['SR', 'Measurements (Negatoscope)'],
      ['KO', 'Key images (Negatoscope)'],
      ['KO', 'Key images (Negatoscope)'],
    ]);
  });

  test('is kept once by many who ask at once', async () => {
    const at = await place();
    await draw(radiologist, at, 'LENGTH', 7, LINE);
    await draw(radiologist, at, 'KEY_IMAGE', 5, []);
    const answers = await Promise.all(Array.from({ length: 6 }, (_, n) => keep(n % 2 === 0 ? radiologist : physician, at)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(await documentsIn(at)).toHaveLength(2);
    expect(await rows('SELECT id FROM conflicts WHERE study_instance_uid = $1', [at.uid])).toEqual([]);
    const events = await rows(
      `SELECT DISTINCT actor_id, details->>'entrance' AS entrance, details->>'by' AS by FROM audit_events WHERE action = 'study.import' AND details->>'entrance' = 'MADE'
       AND entity_id = (SELECT id::text FROM studies WHERE study_instance_uid = $1)`,
      [at.uid],
    );
    expect(events.every(({ by }) => by === 'service:reading-documents')).toBe(true);
  });

  test('that is nothing makes nothing; what lies in patient space is left out, and said to be', async () => {
    const at = await place();
    expect(outcomes(await keep(radiologist, at))).toEqual(['NOTHING', 'NOTHING']);
    await draw(radiologist, at, 'LENGTH', 7, LINE);
    await draw(radiologist, at, 'LENGTH', 7, [], {
      geometry: { space: 'PATIENT', frameOfReferenceUid: '1.2.3', points: [0, 0, 0, 1, 1, 1] },
    });
    expect((await keep(radiologist, at)).json.items[0]).toMatchObject({ outcome: 'STORED', count: 1, leftOut: 1 });
    expect((await list(physician, at)).json.items).toHaveLength(1);
  });
});

describe('values of pixels', () => {
  /** Rows of a dump that name a measurement, with its unit and how it was derived. */
  const NUMBER = (concept: string, value: string, unit: string, derivation: string) =>
    new RegExp(
      `NUM:\\(${concept}\\)="${value}" \\(${unit}\\)>\\s*<has concept mod CODE:\\(121401,DCM,"Derivation"\\)=\\(${derivation}\\)>`,
    );

  test.skipIf(!hasTools)(
    'of regions stand in the report as mean, deviation, minimum and maximum of the stored values, in HU',
    async () => {
      const at = await place(radiologist, undefined, { RescaleSlope: 2, RescaleIntercept: -1000, RescaleType: 'HU' });
      // Frame 3 holds 3 everywhere: 2 × 3 − 1000.
      await draw(radiologist, at, 'RECTANGLE', 3, [2, 2, 6, 2, 6, 6, 2, 6]);
      await draw(radiologist, at, 'PROBE', 4, [3.5, 3.5]);
      expect((await keep(radiologist, at)).json.items[0]).toMatchObject({ outcome: 'STORED', count: 2 });
      const [report] = await documentsIn(at);
      const text = await dump('dsrdump', await fileOf(at, report), ...READ);
      expect(text).not.toMatch(/^[EWF]: /m);
      const attenuation = '112031,DCM,"Attenuation Coefficient"';
      const hu = "\\[hnsf'U\\],UCUM\\[?.*";
      expect(text).toMatch(NUMBER(attenuation, '-994', hu, '373098007,SCT,"Mean"'));
      expect(text).toMatch(NUMBER(attenuation, '0', hu, '386136009,SCT,"Standard Deviation"'));
      expect(text).toMatch(NUMBER(attenuation, '-994', hu, '255605001,SCT,"Minimum"'));
      expect(text).toMatch(NUMBER(attenuation, '-994', hu, '56851009,SCT,"Maximum"'));
      expect(text).toMatch(/NUM:\(42798000,SCT,"Area"\)="4" \(mm2,UCUM/);
      // The probe is a point of its own frame, without derivation.
      expect(text).toMatch(/NUM:\(112031,DCM,"Attenuation Coefficient"\)="-992"/);
    },
  );

  test('of a PET are standardized uptake values, and where nothing tells a unit they have none', async () => {
    const pet: Dataset = {
      ...{ Modality: 'PT', RescaleSlope: 1000, RescaleIntercept: 0 },
      // Units, Decay Correction, Corrected Image, Patient's Weight, Radionuclide Total Dose (PS3.3 C.8.9.1).
      '00541001': { vr: 'CS', value: 'BQML' },
      '00541102': { vr: 'CS', value: 'ADMIN' },
      '00280051': { vr: 'CS', value: ['ATTN', 'DECY'] },
      '00101030': { vr: 'DS', value: 70 },
      '00540016': { vr: 'SQ', value: [{ '00181074': { vr: 'DS', value: 350_000_000 } }] },
    };
    const numbersOf = async (at: Place): Promise<Json[]> => {
      expect((await keep(radiologist, at)).status).toBe(200);
      const [report] = await documentsIn(at);
      const found: Json[] = [];
      const visit = (item: Json): void => {
        const [measured] = item['0040A300']?.Value ?? [];
        const [unit] = measured?.['004008EA']?.Value ?? [];
        if (measured !== undefined) found.push([firstValue(measured, '0040A161'), firstValue(unit, '00080100')]);
        for (const child of item['0040A730']?.Value ?? []) visit(child);
      };
      visit(parsePart10(await fileOf(at, report)).json);
      return found;
    };
    const [uptake, plain] = [await place(radiologist, undefined, pet), await place(radiologist, undefined, { Modality: 'OT' })];
    for (const at of [uptake, plain]) await draw(radiologist, at, 'ELLIPSE', 7, [2, 8, 14, 8, 8, 4, 8, 12]);
    // 7 kBq/ml × 70 kg ÷ 350 MBq.
    const [[, area], ...values] = await numbersOf(uptake);
    expect(area).toBe('mm2');
    expect(values.map(([value, unit]) => [Number(value).toFixed(6), unit])).toEqual(
      ['1.400000', '0.000000', '1.400000', '1.400000'].map((value) => [value, '{SUVbw}g/ml']),
    );
    expect((await numbersOf(plain)).slice(1)).toEqual([7, 0, 7, 7].map((value) => [value, '1']));
  });

  test('that can’t be read are left out, and the report says so; what else was drawn is in it', async () => {
    const at = await place(radiologist, undefined, { Modality: 'OT' });
    await draw(radiologist, at, 'RECTANGLE', 3, [2, 2, 6, 2, 6, 6, 2, 6]);
    await draw(radiologist, at, 'LENGTH', 7, LINE);
    const [{ id }] = await rows('SELECT id FROM instances WHERE sop_instance_uid = $1', [at.sop]);
    await rows("INSERT INTO damaged_objects (id, kind, reason) VALUES ($1::uuid, 'INSTANCE', 'HASH') RETURNING id", [id]);
    expect((await keep(radiologist, at)).json.items[0]).toMatchObject({ outcome: 'STORED', count: 2 });
    const [report] = await documentsIn(at);
    const text = JSON.stringify(parsePart10(await fileOf(at, report)).json);
    expect(text).toContain('The pixels of the frame could not be read');
    expect(text).toContain('Area');
    expect(text).toContain('Length');
    await rows('DELETE FROM damaged_objects WHERE id = $1::uuid RETURNING id', [id]);
  });

  test('of an image whose header has many elements are the same: nothing of it is read on the event loop', async () => {
    const many: Dataset = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, at) => [`0011${(0x1000 + at).toString(16).toUpperCase()}`, { vr: 'LO', value: 'x' }]),
    );
    const at = await place(radiologist, undefined, { Modality: 'OT', ...many });
    await draw(radiologist, at, 'RECTANGLE', 3, [2, 2, 6, 2, 6, 6, 2, 6]);
    const parsed = vi.spyOn(JSON, 'parse');
    expect((await keep(radiologist, at)).json.items[0]).toMatchObject({ outcome: 'STORED', count: 1 });
    const longest = Math.max(...parsed.mock.calls.map(([text]) => String(text).length));
    parsed.mockRestore();
    expect(longest).toBeLessThan(300_000);
    const [report] = await documentsIn(at);
    const text = JSON.stringify(parsePart10(await fileOf(at, report)).json);
    expect(text).toContain('"0040A161":{"vr":"FD","Value":[3]}');
    expect(text).toContain('"0040A161":{"vr":"FD","Value":[4]}');
  });
});

describe('a study that is another person’s by decision', () => {
  const studyOf = async (at: Place): Promise<Json> =>
    (await rows('SELECT id, patient_id FROM studies WHERE study_instance_uid = $1', [at.uid]))[0];

  test('has its documents kept, and they name whose the study is now', async () => {
    const [at, other] = [await place(), await place()];
    // Images of a third person came into the study of the first, and somebody decided that they belong there.
    const third = smallPicture({
      ...{ seed: 'kept third', columns: SIDE, frames: 1, cells: new Uint16Array(SIDE * SIDE), modality: 'CT' },
      dataset: {
        ...{ PatientID: 'K-THIRD', PatientName: 'Autre^Personne', StudyInstanceUID: at.uid },
        ...{ SeriesInstanceUID: '2.25.770901', SOPInstanceUID: '2.25.770902', PixelSpacing: [0.5, 0.5] },
      },
    });
    const { patient_id: patientId } = await studyOf(at);
    const form = formOf([{ name: 'IM1', bytes: Buffer.from(third.bytes) }], {
      ...{ patientId, acceptMismatch: 'true', mismatchReason: 'Vérifié avec la patiente' },
    });
    const headers = { ...radiologist.headers, ...form.headers };
    const sent = await server.app.inject({ method: 'POST', url: '/api/patients/import', payload: form.payload, headers });
    expect(sent.json()).toMatchObject({ stored: 1 });
    const foreign = { ...at, series: '2.25.770901', sop: '2.25.770902' };
    await draw(radiologist, foreign, 'LENGTH', 1, LINE);
    await draw(radiologist, foreign, 'KEY_IMAGE', 1, []);
    expect([(await keep(radiologist, at)).status, outcomes(await keep(radiologist, at))]).toEqual([
      200,
      ['UNCHANGED', 'UNCHANGED'],
    ]);
    const [report] = await documentsIn(at);
    const { json } = parsePart10(await fileOf(at, report));
    expect([firstValue(json, '00100010'), firstValue(json, '00100020')]).toEqual([
      { Alphabetic: `Été^${at.number}` },
      `K${at.number}`,
    ]);

    // And one that went to another person as a whole.
    const moved = await place();
    await draw(radiologist, moved, 'LENGTH', 1, LINE);
    const wish = {
      patientId: (await studyOf(other)).patient_id,
      acceptMismatch: true,
      mismatchReason: 'Vérifié avec la patiente',
    };
    expect((await ask(await server.login('ADMIN'), 'PATCH', `/api/studies/${moved.uid}`, wish)).status).toBe(200);
    expect((await keep(radiologist, moved)).status).toBe(200);
    const [second] = await documentsIn(moved);
    expect(firstValue(parsePart10(await fileOf(moved, second)).json, '00100020')).toBe(`K${other.number}`);
  });
});

describe('who may have it kept', () => {
  test('are clinicians; others, who may see no identities among them, are refused, and out of scope it is unknown', async () => {
    const [groupId, otherId] = [await server.makeGroup(), await server.makeGroup()];
    const member = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId }));
    const at = await place(member, groupId);
    await draw(member, at, 'KEY_IMAGE', 5, []);
    for (const role of ['STAFF', 'RESEARCHER', 'ADMIN'] as const) {
      const who = await server.login(await server.makeUser({ role, groupId }));
      expect((await keep(who, at)).json.code).toBe('FORBIDDEN');
    }
    const outsider = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: otherId }));
    const unknown = await keep(outsider, { ...at, uid: '2.25.404' });
    for (const answer of [await keep(outsider, at), await list(outsider, at)])
      expect([answer.status, answer.json]).toEqual([404, unknown.json]);
    expect(outcomes(await keep(member, at))).toEqual(['NOTHING', 'STORED']);
    const researcher = await server.login(await server.makeUser({ role: 'RESEARCHER', groupId }));
    expect((await list(researcher, at)).json.items).toMatchObject([{ kind: 'KEY_IMAGES', author: null }]);
    await rows('UPDATE studies SET deleted_at = now() WHERE study_instance_uid = $1 RETURNING id', [at.uid]);
    expect((await keep(member, at)).status).toBe(404);
  });
});
