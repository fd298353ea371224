import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { jsonItems, jsonNumber, jsonString, jsonValues } from '../json-access.ts';
import { parsePart10 } from '../parse.ts';
import type { DicomJsonObject } from '../types.ts';
import { type DirectoryFile, FileSetDirectory } from './index.ts';

const CT = '1.2.840.10008.5.1.4.1.1.2';
const implementation = { classUid: '1.2.3', version: 'TEST' };
const text = (vr: string, value: string) => ({ vr, Value: [value] });

const header = (study: string, series: string, more: DicomJsonObject = {}): DicomJsonObject => ({
  '00080020': text('DA', '20260102'),
  '00080030': text('TM', '101112'),
  '00080060': text('CS', 'CT'),
  '00081030': text('LO', 'Scanner thoracique'),
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Щербаков-ЛакруаÉ^Éléonore' }] },
  '00100020': text('LO', 'P-1'),
  '0020000D': text('UI', study),
  '0020000E': text('UI', series),
  '00280010': { vr: 'US', Value: [512] },
  ...more,
});
const file = (number: number, json: DicomJsonObject, sopClassUid = CT): DirectoryFile => ({
  path: ['DICOM', 'ST000001', 'SE000001', `IM${String(number).padStart(6, '0')}`],
  json,
  sopClassUid,
  sopInstanceUid: `1.2.9.${number}`,
  transferSyntaxUid: '1.2.840.10008.1.2.1',
});

/** Two studies; of the first two series, of whose first three files. */
function example(): Uint8Array {
  const directory = new FileSetDirectory({ id: 'TEST', sopInstanceUid: '1.2.9', implementation });
  for (const number of [1, 2, 3]) expect(directory.add(file(number, header('1.2.1', '1.2.1.1')))).toBe(true);
  directory.add(file(4, header('1.2.1', '1.2.1.2')));
  directory.add(file(5, header('1.2.2', '1.2.2.1')));
  return directory.bytes();
}

/** Offset in the file of each record, which is an item of the sequence. */
function offsetsOf(bytes: Uint8Array, count: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = Buffer.from(bytes).indexOf(Buffer.from([0x04, 0x00, 0x20, 0x12, 0x53, 0x51])) + 12;
  const offsets = [start];
  while (offsets.length < count) {
    const last = offsets.at(-1) ?? 0;
    offsets.push(last + 8 + view.getUint32(last + 4, true));
  }
  return offsets;
}

test('links records of each level from the start of the file (PS3.3 F.3.2.2)', () => {
  const bytes = example();
  const { json } = parsePart10(bytes);
  const records = jsonItems(json, '00041220');
  const kinds = records.map((record) => jsonString(record, '00041430'));
  expect(kinds).toEqual(['PATIENT', 'STUDY', 'SERIES', 'IMAGE', 'IMAGE', 'IMAGE', 'SERIES', 'IMAGE', 'STUDY', 'SERIES', 'IMAGE']);
  const offsets = offsetsOf(bytes, records.length);
  const indexOf = (offset: number | undefined): number | undefined => (offset === 0 ? undefined : offsets.indexOf(offset ?? -2));
  expect(records.map((record) => indexOf(jsonNumber(record, '00041400')))).toEqual([
    undefined,
    8,
    6,
    4,
    5,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(records.map((record) => indexOf(jsonNumber(record, '00041420')))).toEqual([
    1,
    2,
    3,
    undefined,
    undefined,
    undefined,
    7,
    undefined,
    9,
    10,
    undefined,
  ]);
  expect([jsonNumber(json, '00041200'), jsonNumber(json, '00041202')]).toEqual([offsets[0], offsets[0]]);
  expect(jsonString(json, '00041130')).toBe('TEST');
});

test('names files by their File ID, class, UID and syntax, and people in UTF-8', () => {
  const records = jsonItems(parsePart10(example()).json, '00041220');
  expect(records[0]?.['00100010']).toEqual({ vr: 'PN', Value: [{ Alphabetic: 'Щербаков-ЛакруаÉ^Éléonore' }] });
  const [image] = records.slice(3);
  expect(jsonValues(image ?? {}, '00041500')).toEqual(['DICOM', 'ST000001', 'SE000001', 'IM000001']);
  expect(image).toMatchObject({
    '00041410': { vr: 'US', Value: [0xffff] },
    '00041510': text('UI', CT),
    '00041511': text('UI', '1.2.9.1'),
    '00041512': text('UI', '1.2.840.10008.1.2.1'),
    '00200013': { vr: 'IS', Value: [1] },
  });
});

test('gives what must have a value one where the file has none, and leaves empty what may be so', () => {
  const directory = new FileSetDirectory({ id: 'TEST', sopInstanceUid: '1.2.9', implementation });
  const { '00080020': _date, '00080030': _time, '00100020': _id, '00080060': _modality, ...bare } = header('1.2.1', '1.2.1.1');
  directory.add(file(7, { ...bare, '00080022': text('DA', '20250304') }));
  const [patient, study, series, image] = jsonItems(parsePart10(directory.bytes()).json, '00041220');
  expect(jsonString(patient ?? {}, '00100020')).toBe('1');
  expect(study).toMatchObject({ '00080020': text('DA', '20250304'), '00080050': { vr: 'SH' }, '00200010': text('SH', '1') });
  expect(series).toMatchObject({ '00080060': text('CS', 'OT'), '00200011': { vr: 'IS', Value: [1] } });
  expect(image).toMatchObject({ '00200013': { vr: 'IS', Value: [1] } });
});

const DOCUMENTS: readonly (readonly [string, string, DicomJsonObject])[] = [
  ['1.2.840.10008.5.1.4.1.1.88.33', 'SR DOCUMENT', { '0040A491': text('CS', 'COMPLETE'), '0040A493': text('CS', 'UNVERIFIED') }],
  ['1.2.840.10008.5.1.4.1.1.88.59', 'KEY OBJECT DOC', { '00080023': text('DA', '20260102') }],
  ['1.2.840.10008.5.1.4.1.1.104.1', 'ENCAP DOC', { '00420012': text('LO', 'application/pdf') }],
  ['1.2.840.10008.5.1.4.1.1.9.1.1', 'WAVEFORM', { '00080033': text('TM', '101112') }],
  ['1.2.840.10008.5.1.4.1.1.11.1', 'PRESENTATION', { '00700080': text('CS', 'KEY') }],
  ['1.2.840.10008.5.1.4.1.1.481.3', 'RT STRUCTURE SET', { '30060002': text('SH', 'Volumes') }],
  ['1.2.840.10008.5.1.4.1.1.481.2', 'RT DOSE', { '3004000A': text('CS', 'PLAN') }],
  ['1.2.840.10008.5.1.4.1.1.66.1', 'REGISTRATION', { '00700080': text('CS', 'R') }],
];
test.each(DOCUMENTS)('%s has a record of type %s with its keys (PS3.3 F.4)', (sopClassUid, kind, keys) => {
  const { '00280010': _rows, ...json } = header('1.2.1', '1.2.1.1');
  const directory = new FileSetDirectory({ id: 'TEST', sopInstanceUid: '1.2.9', implementation });
  expect(directory.add(file(1, { ...json, ...keys }, sopClassUid))).toBe(true);
  expect(jsonItems(parsePart10(directory.bytes()).json, '00041220')[3]).toMatchObject({
    '00041430': text('CS', kind),
    ...keys,
  });
});

test('leaves out what is no image and of no known type, and refuses what is no File ID (PS3.10 8.2)', () => {
  const directory = new FileSetDirectory({ id: 'TEST', sopInstanceUid: '1.2.9', implementation });
  const { '00280010': _rows, ...json } = header('1.2.1', '1.2.1.1');
  expect(directory.add(file(1, json, '1.2.276.1.1'))).toBe(false);
  expect(jsonItems(parsePart10(directory.bytes()).json, '00041220')).toEqual([]);
  for (const bad of [['image'], ['DICOM', '../X'], ['TOOLONGNAME'], [], Array.from({ length: 9 }, () => 'A')])
    expect(() => directory.add({ ...file(1, header('1.2.1', '1.2.1.1')), path: bad })).toThrow(RangeError);
});

const hasDcmtk = ((): boolean => {
  try {
    execFileSync('dcmdump', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
test.skipIf(!hasDcmtk)('DCMTK reads every record', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-dicomdir-'));
  try {
    writeFileSync(path.join(folder, 'DICOMDIR'), example());
    const told = execFileSync('dcmdump', ['-q', path.join(folder, 'DICOMDIR')], { encoding: 'utf8' });
    expect(told.match(/DirectoryRecordType/g)).toHaveLength(11);
    expect(told).toContain('[DICOM\\ST000001\\SE000001\\IM000005]');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
