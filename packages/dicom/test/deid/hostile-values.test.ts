import { describe, expect, it } from 'vitest';
import { type DeidOption, type DicomJsonElement, type DicomJsonObject, deidentifyDataset, uidFrom } from '../../src/index.ts';
import { CT, cleaned, fileOf, hash, options, SUBSTITUTES, text } from './support.ts';

const PATIENT: DicomJsonObject = {
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'DUPONTEL^Zoe' }] },
  '00100020': text('LO', '0047110815'),
  '00100030': text('DA', '19710203'),
};
const clean = (json: DicomJsonObject, ...list: DeidOption[]) =>
  deidentifyDataset({ ...PATIENT, ...CT, ...json }, options(...list), SUBSTITUTES).output;

describe('what names somebody in known pieces: each is let through, all together are not', () => {
  it.each([
    ['letters of a name', text('CS', 'D U P O N T E L')],
    ['letters of a name, a value each', text('CS', 'Z', 'O', 'E')],
    ['letters of a short name', text('CS', 'Z_O_E')],
    ['a birth date', text('CS', '1971_02_03')],
    ['a birth date, a value each', text('CS', '1971', '02', '03')],
    ['a record number', text('CS', '4711', '0815')],
    ['some other day', text('CS', '2024_03_01')],
  ])('%s in a coded string', (_what, element) => {
    expect(clean({ '00080008': element })['00080008']).toBeUndefined();
  });

  it.each([
    ['letters of a name', 'CT D U P O N T E L'],
    ['letters of a short name', 'CT Z O E'],
    ['a birth date', 'CT 1971 0203'],
    ['a birth date the other way round', 'CT 0302 1971'],
    ['a birth date with a year of two digits', 'CT 710 203'],
    ['a birth date under the letters of measures', 'CT B1971 T0203'],
    ['a record number', 'CT 4711 0815'],
    ['some other day', 'CT 2024 0301'],
  ])('%s in a description', (_what, value) => {
    expect(clean({ '0008103E': text('LO', value) }, 'cleanDescriptors')['0008103E']).toBeUndefined();
  });

  it('what is no one’s stays, also where the patient is called like a part of the body', () => {
    const kept: DicomJsonObject = {
      '00080008': text('CS', 'ORIGINAL', 'PRIMARY', 'M', 'ND', 'NORM'),
      '00180015': text('CS', 'HEAD'),
      '00200020': text('CS', 'A', 'F'),
      '0008103E': text('LO', 'CT Thorax 5mm 512 2'),
    };
    const name = { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Head^Original' }] } };
    expect(clean({ ...kept, ...name }, 'cleanDescriptors')).toMatchObject(kept);
  });
});

describe('UIDs that are names and names within UIDs', () => {
  it.each([
    ['the birth date', '1.2.826.19710203.7'],
    ['the birth date in pieces', '1.2.826.1971.0.7.19710203'],
    ['the record number without its zeros', '1.2.826.47110815.1'],
    ['the record number in two components', '1.2.826.4711.815.47110815'],
    ['the letters of the name', '1.2.826.68.85.80.79.78.84.69.76'],
  ])('%s is mapped where UIDs are retained', (_what, uid) => {
    const output = clean({ '0020000D': text('UI', uid), '00081155': text('UI', uid) }, 'retainUids');
    expect([output['0020000D']?.Value, output['00081155']?.Value]).toEqual([[uidFrom(hash, uid)], [uidFrom(hash, uid)]]);
  });

  it('a UID under the standard’s root that has a number of the patient is none of the standard', () => {
    const uid = '1.2.840.10008.4711.815';
    expect(clean({ '00100020': text('LO', '4711815'), '0008001A': text('UI', uid) })['0008001A']?.Value).toEqual([
      uidFrom(hash, uid),
    ]);
    expect(() => clean({ '00100020': text('LO', '4711815'), '00080016': text('UI', uid) })).toThrow(
      expect.objectContaining({ code: 'NO_SOP_CLASS' }),
    );
  });
});

describe('a UID that is used as a name', () => {
  const UID = '1.2.826.0.1.3680043.47110815.20260115';
  it.each<[string, DicomJsonObject]>([
    ['the name', { '00100010': { vr: 'PN', Value: [{ Alphabetic: UID }] } }],
    ['the record number', { '00100020': text('LO', UID) }],
    ['another name', { '00101001': { vr: 'PN', Value: [{ Alphabetic: `${UID}^${UID}` }] } }],
  ])(
    '%s of the patient leaves nowhere: neither as the UID that it is, nor in a text, nor where UIDs and descriptions are retained',
    (_what, patient) => {
      const json: DicomJsonObject = {
        ...patient,
        '0020000D': text('UI', UID),
        '00200052': text('UI', UID),
        '00081155': text('UI', UID),
        '0008103E': text('LO', `CT ${UID}`),
        '00081030': text('LO', 'CT Thorax 47110815'),
        '00080050': text('SH', UID),
        '00200010': text('SH', UID),
      };
      for (const list of [[], ['retainUids'], ['retainUids', 'cleanDescriptors']] as const) {
        const left = JSON.stringify(clean(json, ...list));
        expect([left.includes(UID), left.includes('47110815'), left.includes(uidFrom(hash, UID))], list.join(' ')).toEqual([
          false,
          false,
          true,
        ]);
      }
    },
  );
});

describe('letters in numbers and tables', () => {
  const letters = [...'DUPONTEL'].map((letter) => letter.charCodeAt(0));
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  it.each<[string, string, DicomJsonElement]>([
    ['one a value, whole numbers', '00181149', { vr: 'IS', Value: letters }],
    ['one a value, decimals', '00181164', { vr: 'DS', Value: letters }],
    ['one a value, words', '00280106', { vr: 'US', Value: letters }],
    ['bytes of a table', '00281201', { vr: 'OW', InlineBinary: base64(Buffer.from(`${'\u0001'.repeat(100)}Dupontel `)) }],
    ['words of a table', '00283006', { vr: 'OW', InlineBinary: base64(Buffer.from('DUPONTEL', 'utf16le')) }],
    ['a list of a table', '00283006', { vr: 'US', Value: letters }],
  ])('%s', (_what, tag, element) => {
    expect(clean({ [tag]: element })[tag]).toBeUndefined();
  });

  it('a long table of a file too, which is not read into memory with the header', () => {
    const table = Buffer.concat([Buffer.alloc(60_000, 7), Buffer.from('DUPONTEL'), Buffer.alloc(5_000, 7)]);
    const file = fileOf({ ...PATIENT, ...CT, '00281201': { vr: 'OW', InlineBinary: table.toString('base64') } });
    const { bytes, result } = cleaned(file);
    expect(Buffer.from(bytes).includes('DUPONTEL')).toBe(false);
    expect(result.sizeBytes).toBe(bytes.length);
    const other = fileOf({
      ...PATIENT,
      ...CT,
      '00281201': { vr: 'OW', InlineBinary: Buffer.alloc(65_000, 7).toString('base64') },
    });
    expect(cleaned(other).result.output['00281201']).toBeDefined();
  });
});

it('huge values and many of them cost only themselves', () => {
  const long = 'DUPONTEL '.repeat(20_000);
  const json: DicomJsonObject = {
    '00081030': text('LO', long),
    '00080008': text('CS', ...Array.from({ length: 20_000 }, () => 'ORIGINAL')),
    '00281052': { vr: 'DS', Value: Array.from({ length: 50_000 }, (_, at) => at) },
    '0020000D': text('UI', '1.'.repeat(30_000)),
    '00100030': text('DA', long),
    '00101001': { vr: 'PN', Value: Array.from({ length: 5_000 }, (_, at) => ({ Alphabetic: `NAME${at}^X` })) },
  };
  const began = performance.now();
  const output = clean(json, 'cleanDescriptors', 'retainModifiedDates', 'retainUids', 'cleanStructuredContent');
  expect(JSON.stringify(output)).not.toMatch(/DUPONTEL|NAME\d/);
  expect(performance.now() - began).toBeLessThan(2_000);
});
