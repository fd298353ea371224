import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DEFINED_TERMS, type DicomJsonObject, isKnownCode, SHOWN_ATTRIBUTES, vrOf } from '@negatoscope/dicom';
import { describe, expect, it } from 'vitest';
import type { DicomJson } from '../search/qido-repository.ts';
import { pseudonymise } from './pseudonym.ts';

/**
 * Elements, by group, on which the Basic Profile with Retain UIDs and Retain Longitudinal Temporal Information with Full Dates acts: facts of PS3.15
 * Table E.1-1, as far as the allowlist has the group. The table itself is not part of the repository.
 */
const ACTED_ON: Readonly<Record<string, string>> = {
  '0008':
    '0050 0054 0055 0080 0081 0082 0090 0092 0094 0096 009C 009D 1000 1010 1030 103E 1040 1041 1048 1049 1050 1052 1060 1062 1070 1072 1080 1084 1088 2111 4000',
  '0010':
    '0010 0020 0021 0030 0032 0040 0050 0101 0102 1000 1001 1002 1005 1010 1020 1030 1040 1050 1060 1080 1081 1090 1100 2000 2110 2150 2152 2154 2155 2160 2180 21A0 21B0 21C0 21F0 2203 2297 2299 4000',
  '0018': '0010 1000 1004 1005 1007 1008 1009 100A 1030 11BB 1400 4000 5011 700A 9185 9367 9371 9373 937B 937F 9424 9937 A003',
  '0020': '0010 0027 3401 3406 4000 9158',
  '0028': '4000',
  '0040':
    '0001 0006 0007 0009 000B 0010 0011 0012 0241 0242 0243 0253 0254 0275 0280 0310 050A 0512 0513 051A 0551 0555 0562 0600 0602 0610 06FA 1001 1002 1004 1005 100A 1010 1011 1101 1102 1103 1104 1400 2001 2008 2009 2010 2011 2016 2017 2400 3001 4025 4027 4028 4030 4034 4035 4036 4037 A027 A073 A075 A078 A07A A07C A088 A123 A124 A307 A352 A353 A354 A358 A730',
};
const TABLE = fileURLToPath(new URL('../../../../../../shared/standard/ps3.15-table-e1-1.tsv', import.meta.url));
const FREE_TEXT = new Set(['LO', 'SH', 'LT', 'ST', 'UT', 'UC', 'PN', 'UN', 'AE', 'AS', 'UR']);

/** Tags of the rows of the table that have an action and are kept by neither option. */
function actedOnInTable(): string[] {
  const [head = '', ...rows] = readFileSync(TABLE, 'utf8').trim().split(/\r?\n/);
  const columns = head.split('\t');
  const cell = (row: string, name: string): string => row.split('\t')[columns.indexOf(name)] ?? '';
  return rows
    .filter((row) => cell(row, 'basicProfile') !== '')
    .filter((row) => cell(row, 'rtnUIDsOpt') !== 'K' && cell(row, 'rtnLongFullDatesOpt') !== 'K')
    .flatMap((row) => /^\(([0-9A-F]{4}),([0-9A-F]{4})\)/.exec(cell(row, 'tag'))?.slice(1, 3).join('') ?? []);
}

describe('what a dataset shows without identity', () => {
  const copied = Object.entries(ACTED_ON).flatMap(([group, elements]) => elements.split(' ').map((one) => group + one));

  it('is nothing that the Basic Profile with Retain UIDs and Full Dates acts on (PS3.15 Table E.1-1)', () => {
    expect(copied.filter((tag) => SHOWN_ATTRIBUTES.has(tag))).toEqual([]);
    expect(copied).toHaveLength(171);
  });

  it.skipIf(!existsSync(TABLE))(
    'is nothing of the table itself, which says the same as the copy (absent without the shared folder)',
    () => {
      const table = actedOnInTable();
      expect(table.filter((tag) => SHOWN_ATTRIBUTES.has(tag))).toEqual([]);
      expect(table.length).toBeGreaterThan(300);
      expect(table.filter((tag) => ACTED_ON[tag.slice(0, 4)] !== undefined).sort()).toEqual(copied.sort());
    },
  );

  it('is attributes of the dictionary, public, and no free text but the defined terms of units', () => {
    const text = [...SHOWN_ATTRIBUTES].filter((tag) => FREE_TEXT.has(vrOf(tag) ?? 'UN'));
    expect(text.sort()).toEqual([...DEFINED_TERMS.keys()].sort());
    expect(
      [...SHOWN_ATTRIBUTES].filter((tag) => Number.parseInt(tag.slice(0, 4), 16) % 2 === 1 || /^[56]0[0-9A-F]{2}/.test(tag)),
    ).toEqual([]);
  });

  it('keeps values only of the form and VR of their attribute: a name in the place of a code or a number goes', () => {
    const json: DicomJson = {
      '00080008': { vr: 'CS', Value: ['ORIGINAL', 'Dupont', 'AXIAL'] },
      '00080016': { vr: 'UI', Value: ['Dupont'] },
      '00080020': { vr: 'DA', Value: ['20260115'] },
      '00080030': { vr: 'TM', Value: ['Dupont'] },
      '00180015': { vr: 'LO', Value: ['Dupont'] },
      '00200032': { vr: 'DS', Value: [1.5, '-2.5e1', 'Dupont'] },
      '00200037': { vr: 'DS', Value: [1.5, -25] },
      '00280010': { vr: 'UT', Value: ['Dupont'] },
      '00280106': { vr: 'SS', Value: [-3] },
      '00281054': { vr: 'LO', Value: ['HU', 'Dupont'] },
      '00283004': { vr: 'LO', Value: ['HU', 'CHEST'] },
      '00283010': { vr: 'UN', InlineBinary: 'RHVwb250' },
      '00281050': { vr: 'OB', InlineBinary: 'RHVwb250' },
    };
    expect(pseudonymise(json)).toEqual({
      '00080008': { vr: 'CS', Value: ['ORIGINAL', null, 'AXIAL'] },
      '00080016': { vr: 'UI', Value: [null] },
      '00080020': { vr: 'DA', Value: ['20260115'] },
      '00080030': { vr: 'TM' },
      '00200037': { vr: 'DS', Value: [1.5, -25] },
      '00280106': { vr: 'SS', Value: [-3] },
      '00283004': { vr: 'LO', Value: ['HU', null] },
    });
  });

  it('is what the table of PS3.15 leaves: no code in capitals that is no defined term, no number of the patient, no UID with it but those by which one asks', () => {
    const number = '4711815';
    const named: DicomJsonObject = {
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'DUPONT^ANNE' }] },
      '00100020': { vr: 'LO', Value: [number] },
    };
    const json = (own: string): DicomJson => ({
      '0020000D': { vr: 'UI', Value: [`2.25.${own}`] },
      '0020000E': { vr: 'UI', Value: [`2.25.${own}.1`] },
      '00080018': { vr: 'UI', Value: [`2.25.${own}.2`] },
      '00200052': { vr: 'UI', Value: [`2.25.${own}.3`] },
      '00180015': { vr: 'CS', Value: ['CHEST'] },
      '00200011': { vr: 'IS', Value: [own] },
    });
    const addresses = ['0020000D', '0020000E', '00080018'];
    const shown = pseudonymise({ ...json(number), '00180015': { vr: 'CS', Value: ['DUPONT'] } }, named);
    expect(Object.keys(shown).sort()).toEqual([...addresses, '00200052'].sort());
    expect(shown['00200052']).toEqual({ vr: 'UI', Value: [null] });
    for (const tag of addresses) expect(shown[tag]).toEqual(json(number)[tag]);
    // The dataset itself says who it is of, as well as who asks for it does.
    expect(pseudonymise({ ...json(number), ...(named as DicomJson) })['00200052']).toEqual({ vr: 'UI', Value: [null] });
    expect(pseudonymise(json('99'), named)).toEqual(json('99'));
    for (const term of ['DUPONT', 'ANNE', 'DU PONT', '19800102', 'A1B2']) expect(isKnownCode(term), term).toBe(false);
    for (const term of ['CHEST', 'YBR_FULL_422', 'ISO_10918_1', 'HFS', 'CT', 'DERIVED', 'LINEAR_EXACT', 'ISO 2022 IR 87'])
      expect(isKnownCode(term), term).toBe(true);
  });

  it('is filtered in sequences as well, however deep, and bulk data are only the pixels of the dataset itself', () => {
    const item: DicomJson = {
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'DUPONT' }] },
      '00280030': { vr: 'DS', Value: [0.5, 0.5] },
      '00091001': { vr: 'LO', Value: ['private'] },
      '7FE00010': { vr: 'OW', BulkDataURI: 'bulk:1:2' },
    };
    const nested = (value: DicomJson[]): DicomJson => ({
      '52009230': { vr: 'SQ', Value: [{ '00289110': { vr: 'SQ', Value: value } }] },
    });
    expect(pseudonymise({ ...nested([item]), '7FE00010': { vr: 'OW', BulkDataURI: 'bulk:1:2' } })).toEqual({
      ...nested([{ '00280030': { vr: 'DS', Value: [0.5, 0.5] } }]),
      '7FE00010': { vr: 'OW', BulkDataURI: 'bulk:1:2' },
    });
  });
});
