import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { jsonItems, jsonPersonName, parsePart10 } from '@negatoscope/dicom';
import { smallPicture } from '@negatoscope/testkit';
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

const fileOf = (number: number, name: string, charset: string): Buffer =>
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
        ...{ SpecificCharacterSet: charset, StudyDescription: LONG_TEXT, SeriesDescription: LONG_TEXT, StudyDate: '20260301' },
        ...{
          StudyInstanceUID: `2.25.66${number}`,
          SeriesInstanceUID: `2.25.66${number}.1`,
          SOPInstanceUID: `2.25.66${number}.1.1`,
        },
      },
    }).bytes,
  );

async function mediumOf(number: number, name: string, form: 'ZIP' | 'ISO', charset = 'ISO_IR 192'): Promise<Map<string, Buffer>> {
  const radiologist = await server.login('RADIOLOGIST');
  expect((await server.store(radiologist, [fileOf(number, name, charset)])).statusCode).toBe(200);
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
  ] as const)('%#: %s as %s has it whole in its directory and page', async (number, name, form) => {
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

  test('another server takes all of it in, under the same name', async () => {
    const files = await mediumOf(5, CYRILLIC, 'ZIP', 'ISO_IR 144');
    const dicom = [...files].filter(([name]) => name.startsWith('DICOM/')).map(([, bytes]) => bytes);
    const radiologist = await other.login('RADIOLOGIST');
    expect((await other.store(radiologist, dicom)).statusCode).toBe(200);
    const [row] = (await other.db.withSystem((tx) =>
      tx.rows(
        composed({
          text: 'SELECT p.person_name FROM studies s JOIN patients p ON p.id = s.patient_id WHERE s.study_instance_uid = $1',
          values: ['2.25.665'],
        }),
      ),
    )) as Json[];
    expect(row.person_name).toBe(CYRILLIC);
  });
});
