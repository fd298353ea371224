import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parsePart10 } from '@negatoscope/dicom';
import { type Dataset, smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
  return { uid, series, sop };
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
