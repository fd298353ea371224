import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { jsonItems, jsonPersonName, jsonString, parsePart10 } from '@negatoscope/dicom';
import { type Dataset, smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composed } from '../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import type { Browser } from './support/app.ts';
import { readIso } from './support/read-iso.ts';
import { unzip } from './support/unzip.ts';

/** 64 characters each: as long as a name may be (PS3.5 6.2), in an alphabet of two bytes a letter, and one of three. */
const CYRILLIC = 'ЩЕРБАКОВА-КОНСТАНТИНОВСКАЯ-ДЕ-ЛАКРУА-САН-ФЕЛИЧЕ-БЕНЕДЕТТИ^Эмилия';
const MIXED = `ЁЛКИНА-ÉLÉONORE-${'Ж'.repeat(40)}^Ольга-Ç`;
const LONG_TEXT = 'Грудная клетка в двух проекциях — à comparer avec l’examen п'.padEnd(64, 'я');

let server: DicomwebServer;
let other: DicomwebServer;
let staff: Browser;
beforeAll(async () => {
  [server, other] = [await openDicomweb(), await openDicomweb()];
  staff = await server.login('STAFF');
}, 120_000);
afterAll(async () => {
  await server.close();
  await other.close();
});

const hasDcmtk = ((): boolean => {
  try {
    execFileSync('which', ['dcmdump'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const fileOf = (number: number, name: string, dataset: Dataset = {}): Buffer =>
  Buffer.from(
    smallPicture({
      ...{ seed: `abroad ${number}`, columns: 4, cells: new Uint16Array(16).fill(5), modality: 'CT' },
      dataset: {
        ...{
          PatientID: `ДОСЬЕ-${number}-${'№'.repeat(50)}`.slice(0, 64),
          PatientName: name,
          PatientBirthDate: '19680412',
          PatientSex: 'F',
        },
        ...{
          SpecificCharacterSet: 'ISO_IR 192',
          StudyDescription: LONG_TEXT,
          SeriesDescription: LONG_TEXT,
          StudyDate: '20260301',
        },
        ...dataset,
        ...{
          StudyInstanceUID: `2.25.66${number}`,
          SeriesInstanceUID: `2.25.66${number}.1`,
          SOPInstanceUID: `2.25.66${number}.1.1`,
        },
      },
    }).bytes,
  );

/** A text in ISO 8859-5, which the writer of phantoms does not know. */
const cyrillicBytes = (text: string): Uint8Array =>
  Uint8Array.from(text, (letter) => {
    const code = letter.codePointAt(0) ?? 0;
    return code < 0x80 ? code : letter === '№' ? 0xf0 : code - 0x0360;
  });
const inIso88595 = (vr: 'PN' | 'LO', text: string) => ({ vr, value: cyrillicBytes(text) }) as const;

async function mediumOf(number: number, name: string, form: 'ZIP' | 'ISO', dataset: Dataset = {}): Promise<Map<string, Buffer>> {
  const radiologist = await server.login('RADIOLOGIST');
  expect((await server.store(radiologist, [fileOf(number, name, dataset)])).statusCode).toBe(200);
  const [row] = (await server.db.withSystem((tx) =>
    tx.rows(composed({ text: 'SELECT patient_id FROM studies WHERE study_instance_uid = $1', values: [`2.25.66${number}`] })),
  )) as Json[];
  const answer = await server.app.inject({
    ...{ method: 'POST', url: `/api/patients/${row.patient_id}/medium`, headers: staff.headers },
    payload: { recipient: 'Сама', form },
  });
  expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200);
  return form === 'ZIP' ? unzip(answer.rawPayload) : new Map(readIso(answer.rawPayload).joliet);
}

/** What DCMTK says of a file, in UTF-8. */
function dumped(folder: string, file: string): string {
  return execFileSync('dcmdump', ['+U8', '+L', path.join(folder, file)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

describe('a medium for somebody with a name of 64 letters (issue 17, bad input)', () => {
  test.each([
    [1, CYRILLIC, 'ZIP'],
    [2, CYRILLIC, 'ISO'],
    [3, MIXED, 'ZIP'],
  ] as const)('%i: %s as %s has it whole in its directory and page', async (number, name, form) => {
    expect([...name].length).toBe(64);
    const files = await mediumOf(number, name, form);
    const directory = files.get('DICOMDIR') ?? Buffer.alloc(0);
    const [patient] = jsonItems(parsePart10(directory).json, '00041220');
    expect(jsonPersonName(patient ?? {}, '00100010')).toEqual({ Alphabetic: name });
    const [family = '', given = ''] = name.split('^');
    expect(String(files.get('INDEX.HTM'))).toContain(`${family} ${given}`);
    // Names of files stay those of PS3.10 8.2.
    for (const file of files.keys())
      for (const part of file.split('/')) expect(part).toMatch(/^[A-Z0-9_]{1,8}(\.[A-Z0-9]{1,3})?$/);
  });

  test.skipIf(!hasDcmtk)('dcmdump of DCMTK reads the directory and every file that it names, the name in full', async () => {
    const files = await mediumOf(4, CYRILLIC, 'ZIP');
    const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-abroad-'));
    try {
      for (const [name, bytes] of files) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), bytes);
      }
      const directory = dumped(folder, 'DICOMDIR');
      expect(directory).toContain(`[${CYRILLIC}]`);
      expect(directory).toContain(LONG_TEXT);
      const named = [...directory.matchAll(/ReferencedFileID\s*$|\(0004,1500\) CS \[([^\]]+)\]/gm)].flatMap(([, id]) => id ?? []);
      expect(named).toHaveLength(1);
      for (const id of named) expect(dumped(folder, id.replaceAll('\\', '/'))).toContain(`[${CYRILLIC}]`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  /** Whose the studies are on another server that takes a medium in. */
  async function takenIn(files: ReadonlyMap<string, Buffer>): Promise<Json[]> {
    const dicom = [...files].filter(([name]) => name.startsWith('DICOM/')).map(([, bytes]) => bytes);
    const radiologist = await other.login('RADIOLOGIST');
    expect((await other.store(radiologist, dicom)).statusCode).toBe(200);
    const uids = dicom.map((bytes) => jsonString(parsePart10(bytes).json, '0020000D') ?? '');
    return other.db.withSystem((tx) =>
      tx.rows(
        composed({
          text: `SELECT p.id, p.family_name, p.given_name, s.description, i.issuer, i.value FROM studies s JOIN patients p ON p.id = s.patient_id
            JOIN patient_identifiers i ON i.patient_id = p.id WHERE s.study_instance_uid = ANY ($1)`,
          values: [uids],
        }),
      ),
    );
  }

  test('another server takes all of it in, under the same name, also where the file was written in ISO 8859-5', async () => {
    const dossier = `ДОСЬЕ-${'№'.repeat(58)}`;
    const files = await mediumOf(5, '', 'ZIP', {
      SpecificCharacterSet: 'ISO_IR 144',
      PatientName: inIso88595('PN', CYRILLIC),
      PatientID: inIso88595('LO', dossier),
      StudyDescription: inIso88595('LO', 'Грудная клетка'),
      ...{ SeriesDescription: undefined, InstitutionName: undefined, ReferringPhysicianName: undefined },
    });
    const [family_name, given_name] = CYRILLIC.split('^');
    expect(await takenIn(files)).toMatchObject([{ family_name, given_name, description: 'Грудная клетка', value: dossier }]);
  });

  test.each([
    [6, 'ΠΑΠΑΔΟΠΟΥΛΟΣ-ΧΑΤΖΗΪΩΑΝΝΟΥ-ΚΑΡΑΓΙΑΝΝΟΠΟΥΛΟΣ^Ελευθερία', 'ΠΑΠΑΔΟΠΟΥΛΟΣ-ΧΑΤΖΗΪΩΑΝΝΟΥ-ΚΑΡΑΓΙΑΝΝΟΠΟΥΛΟΣ Ελευθερία'],
    [7, 'Yamada^Tarou=山田^太郎=やまだ^たろう', 'YAMADA Tarou'],
    [8, '=山田^太郎=やまだ^たろう', '山田 太郎'],
  ] as const)('%i: %s has all its writings in the directory, and its page says %s', async (number, name, shown) => {
    const files = await mediumOf(number, name, 'ZIP');
    const [patient] = jsonItems(parsePart10(files.get('DICOMDIR') ?? Buffer.alloc(0)).json, '00041220');
    const [Alphabetic = '', Ideographic, Phonetic] = name.split('=');
    const groups = { Alphabetic, Ideographic, Phonetic };
    expect(jsonPersonName(patient ?? {}, '00100010')).toEqual(
      Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== undefined && value !== '')),
    );
    expect(String(files.get('INDEX.HTM'))).toContain(`"name":"${shown}"`);
  });

  test('two patients of one Patient ID, of two issuers, have a medium each, and are two patients on the server that takes both in', async () => {
    const of = (number: number, issuer: string, name: string) =>
      mediumOf(number, name, 'ZIP', { PatientID: 'SAME-1', IssuerOfPatientID: issuer, PatientBirthDate: '19700101' });
    // One name and one birth date: nothing but the issuer tells them apart.
    const media = [await of(91, 'HÔPITAL-A', 'DIALLO^Awa'), await of(92, 'HÔPITAL-B', 'DIALLO^Awa')];
    for (const files of media) expect([...files.keys()].filter((name) => name.startsWith('DICOM/'))).toHaveLength(1);
    const taken = [...(await takenIn(media[0] ?? new Map())), ...(await takenIn(media[1] ?? new Map()))];
    expect(taken.map(({ issuer, value }) => [issuer, value])).toEqual([
      ['HÔPITAL-A', 'SAME-1'],
      ['HÔPITAL-B', 'SAME-1'],
    ]);
    expect(new Set(taken.map(({ id }) => id)).size).toBe(2);
  });
});
