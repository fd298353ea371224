import { describe, expect, test } from 'vitest';
import { locateFrames } from '../frames.ts';
import { parsePart10 } from '../parse.ts';
import type { DicomJsonObject } from '../types.ts';
import { fileStart } from './file-start.ts';
import { type Column, DatasetForm, DatasetRun } from './form.ts';
import { writeBareDataset, writeDataset } from './part10.ts';
import type { DatasetPart } from './sink.ts';

const options = {
  transferSyntaxUid: '1.2.840.10008.1.2.1',
  bulk: () => undefined,
  implementation: { classUid: '1.2.3', version: 'TEST' },
};

/** Values that the caller puts in are counted up from 1. */
function bytesOf(parts: readonly DatasetPart[]): Uint8Array {
  const counted = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);
  return Uint8Array.from(parts.flatMap((part) => (part instanceof Uint8Array ? [...part] : counted(part.length))));
}

const BASE: DicomJsonObject = {
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
  '00080018': { vr: 'UI', Value: ['1.2.3.4'] },
};

const roundTrip = (json: DicomJsonObject, more = {}): DicomJsonObject =>
  parsePart10(bytesOf(writeDataset({ ...BASE, ...json }, { ...options, ...more }))).json;

describe('writeDataset (PS3.10 7, PS3.5 7.1.2)', () => {
  test('every VR is read again as it was written', () => {
    const json: DicomJsonObject = {
      '00080008': { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', 'AXIAL'] },
      '00080020': { vr: 'DA', Value: ['20240131'] },
      '00081140': { vr: 'SQ', Value: [{ '00081150': { vr: 'UI', Value: ['1.2'] } }, {}] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Äneas^Zoë', Ideographic: '山田^太郎' }] },
      '00180050': { vr: 'DS', Value: [1.25] },
      '00189073': { vr: 'FD', Value: [0.1] },
      '00200013': { vr: 'IS', Value: [-7] },
      '00280009': { vr: 'AT', Value: ['00181063'] },
      '00280010': { vr: 'US', Value: [512, 3] },
      '00280106': { vr: 'SS', Value: [-5] },
      '00090010': { vr: 'LO', Value: ['MAKER'] },
      '00091001': { vr: 'UN', InlineBinary: 'AQID/w==' },
      '00280301': { vr: 'CS' },
    };
    expect(roundTrip(json)).toMatchObject(json);
  });

  test('bulk values are those that came for their address, padded to an even length', () => {
    const json: DicomJsonObject = {
      '00091001': { vr: 'OB', BulkDataURI: 'http://elsewhere/1' },
      '00091002': { vr: 'UN', InlineBinary: 'CQk=' },
    };
    expect(roundTrip(json, { bulk: (uri: string) => (uri === 'http://elsewhere/1' ? [3] : undefined) })).toMatchObject({
      '00091001': { vr: 'OB', InlineBinary: 'AQIDAA==' },
      '00091002': { InlineBinary: 'CQk=' },
    });
    expect(() => roundTrip(json)).toThrow(expect.objectContaining({ code: 'BULK_MISSING' }));
  });

  test.each([
    ['UT', 0x20],
    ['LT', 0x20],
    ['UR', 0x20],
    ['UI', 0],
    ['OB', 0],
    ['UN', 0],
  ])(
    'an odd %s that came for its address ends with the byte %i, as one that stands in the dataset does (PS3.5 6.2, 9.1)',
    (vr, fill) => {
      const json = { ...BASE, '00091001': { vr, BulkDataURI: 'x' } };
      const bytes = bytesOf(writeDataset(json, { ...options, bulk: () => [3] }));
      expect([...bytes.subarray(-4)]).toEqual([1, 2, 3, fill]);
    },
  );

  test('a dataset is as many runs as there are bulk values between its bytes, however many elements it has', () => {
    const item: DicomJsonObject = { '00091002': { vr: 'LO', Value: ['x'] }, '00091001': { vr: 'OB', BulkDataURI: 'odd' } };
    const json: DicomJsonObject = { ...BASE, '00081140': { vr: 'SQ', Value: [item, {}, item] } };
    for (let at = 0x1000; at < 0x2000; at += 1) json[`0011${at.toString(16).toUpperCase()}`] = { vr: 'LO', Value: [String(at)] };
    const parts = writeDataset(json, { ...options, bulk: () => [3] });
    expect(parts.map((part) => !(part instanceof Uint8Array))).toEqual([false, true, false, true, false]);
    const read = parsePart10(bytesOf(parts)).json;
    expect(read['00081140']?.Value?.map((one) => Object.keys(one ?? {}))).toEqual([
      ['00091001', '00091002'],
      [],
      ['00091001', '00091002'],
    ]);
    expect(read['00111FFF']).toEqual({ vr: 'LO', Value: [String(0x1fff)] });
  });

  test('text of every length in UTF-8, where half a pair is no character', () => {
    const values = (half: string): string[] => [`${'aé山😀'.repeat(3)}${half}.`];
    expect(roundTrip({ '00204000': { vr: 'LT', Value: values('\ud800') } })['00204000']?.Value).toEqual(values('\ufffd'));
  });

  test.each([
    ['native frames follow each other', [3, 3], 'AQIDAQID'],
    ['an odd whole of native frames is padded once', [3, 2], 'AQIDAQIA'],
  ])('parts of Pixel Data: %s (PS3.5 8.1.1)', (_what, lengths, expected) => {
    const json: DicomJsonObject = { '7FE00010': { vr: 'OB', BulkDataURI: 'frames' } };
    const bytes = bytesOf(writeDataset({ ...BASE, ...json }, { ...options, bulk: () => lengths }));
    const { offset = 0, length = 0 } = parsePart10(bytes).pixelData ?? {};
    expect(Buffer.from(bytes.subarray(offset, offset + length)).toString('base64')).toBe(expected);
  });

  test('each part of encapsulated Pixel Data is a fragment of even length, and so a frame (PS3.5 A.4)', () => {
    const json: DicomJsonObject = { '00280008': { vr: 'IS', Value: [3] }, '7FE00010': { vr: 'OB', BulkDataURI: 'frames' } };
    const more = { transferSyntaxUid: '1.2.840.10008.1.2.4.50', bulk: () => [4, 3, 6], isEncapsulated: true };
    const bytes = bytesOf(writeDataset({ ...BASE, ...json }, { ...options, ...more }));
    const table = locateFrames(parsePart10(bytes), bytes);
    expect(table).toMatchObject({ kind: 'encapsulated', count: 3 });
    expect(table.kind === 'encapsulated' ? [...table.fragmentLengths] : []).toEqual([4, 4, 6]);
  });

  test('a value that is one has one part', () => {
    const json: DicomJsonObject = { '00091001': { vr: 'OB', BulkDataURI: 'twice' } };
    expect(() => roundTrip(json, { bulk: () => [2, 2] })).toThrow(expect.objectContaining({ code: 'BULK_PARTS' }));
    expect(() => roundTrip(json, { bulk: () => [] })).toThrow(expect.objectContaining({ code: 'BULK_MISSING' }));
  });

  test.each([
    [{ '00280010': { vr: 'US', Value: [70_000] } }, 'VALUE'],
    [{ '00280010': { vr: 'US', Value: ['x'] } }, 'VALUE'],
    [{ '00280010': { vr: 'ZZ', Value: [1] } }, 'VR'],
    [{ nonsense: { vr: 'US', Value: [1] } }, 'TAG'],
    [{ '00080050': { vr: 'SH', Value: ['x'.repeat(70_000)] } }, 'TOO_LONG'],
    [{ '00091001': { vr: 'OB', InlineBinary: '***' } }, 'VALUE'],
  ])('what can not be written fails with its code: %j', (json, code) => {
    expect(() => roundTrip(json as DicomJsonObject)).toThrow(expect.objectContaining({ code }));
  });
});

describe('fileStart (PS3.10 7.1)', () => {
  const writer = { transferSyntaxUid: '1.2.840.10008.1.2.1', implementation: options.implementation };

  test('makes a file of a dataset that came without one, whose bytes stay as they are', () => {
    const dataset = writeBareDataset({ ...BASE, '00100010': { vr: 'PN', Value: [{ Alphabetic: 'A^B' }] } }, { isExplicit: true });
    const start = fileStart({ sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '1.2.3.4' }, writer);
    const file = Uint8Array.from([...start, ...dataset]);
    const parsed = parsePart10(file);
    expect([parsed.datasetOffset, parsed.transferSyntaxUid, parsed.warnings]).toEqual([
      start.length,
      writer.transferSyntaxUid,
      [],
    ]);
    expect(parsed.json['00100010']?.Value).toEqual([{ Alphabetic: 'A^B' }]);
  });

  test('names who sent it, and to whom, where that is told', () => {
    const named = { sopClassUid: '1.2', sopInstanceUid: '1.3' };
    const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
    const told = text(fileStart(named, { ...writer, sent: { from: 'SCANNER', to: 'ARCHIVE' } }));
    expect(told.split('SCANNER')).toHaveLength(3);
    expect(told).toContain('ARCHIVE');
    expect(text(fileStart(named, writer))).not.toContain('SCANNER');
  });
});

describe('writeBareDataset (PS3.7 6.3)', () => {
  test.each([true, false])('is read again as it was written, explicit VR %s, sequences too', (isExplicit) => {
    const json: DicomJsonObject = {
      '00080052': { vr: 'CS', Value: ['STUDY'] },
      '00081110': { vr: 'SQ', Value: [{ '00081150': { vr: 'UI', Value: ['1.2'] } }] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Été^Zoë' }] },
      '00201208': { vr: 'IS', Value: [12] },
      '00280010': { vr: 'US', Value: [512] },
    };
    const transferSyntaxUid = isExplicit ? '1.2.840.10008.1.2.1' : '1.2.840.10008.1.2';
    const start = fileStart(
      { sopClassUid: '1.2', sopInstanceUid: '1.3' },
      { transferSyntaxUid, implementation: options.implementation },
    );
    const parsed = parsePart10(Uint8Array.from([...start, ...writeBareDataset(json, { isExplicit })]));
    expect(parsed.json).toEqual({ '00080005': { vr: 'CS', Value: ['ISO_IR 192'] }, ...json });
  });

  test('of nothing is its character set alone', () => {
    expect(writeBareDataset({}, { isExplicit: true })).toHaveLength(18);
  });
});

describe('datasets of one form (PS3.7 6.3)', () => {
  const variable: DicomJsonObject = {
    ...{ '00080000': { vr: 'UL' }, '00080020': { vr: 'DA' }, '00080061': { vr: 'CS' }, '00081110': { vr: 'SQ' } },
    ...{
      '00100010': { vr: 'PN' },
      '0020000D': { vr: 'UI' },
      '00201208': { vr: 'IS' },
      '00280010': { vr: 'US' },
      '00324000': { vr: 'UT' },
    },
  };
  const fixed: DicomJsonObject = { '00080052': { vr: 'CS', Value: ['STUDY'] }, '00100020': { vr: 'LO', Value: ['same'] } };
  const columns = new Map(
    Object.entries(variable).map(([tag, { vr }]): [string, Column<DicomJsonObject>] => [tag, { vr, of: (json) => json[tag] }]),
  );
  const each: DicomJsonObject[] = [
    {},
    {
      '00080020': { vr: 'DA', Value: ['20240105'] },
      '00080061': { vr: 'CS', Value: ['CT', 'SR'] },
      '00100020': { vr: 'LO', Value: ['no'] },
    },
    { '00081110': { vr: 'SQ', Value: [{ '00081150': { vr: 'UI', Value: ['1.2'] } }] }, '00280010': { vr: 'US', Value: [512] } },
    { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'É', Ideographic: '山田' }] }, '0020000D': { vr: 'UI', Value: ['1.2.3'] } },
    // Longer than all memory before, and more bytes than characters.
    {
      '00100010': { vr: 'PN', Value: [{ Alphabetic: 'É'.repeat(5_000) }] },
      '00324000': { vr: 'UT', Value: ['é'.repeat(30_000)] },
    },
    { '00201208': { vr: 'LO', Value: ['of another VR'] }, '00324000': { vr: 'UT', Value: ['long '.repeat(20_000)] } },
    { '00080061': { vr: 'CS', InlineBinary: 'QUI=' }, '99990010': { vr: 'LO', Value: ['not asked for'] } },
  ];

  test.each([true, false])('are those written alone, explicit VR %s, whatever stands between them', (isExplicit) => {
    const form = new DatasetForm(columns, fixed, { isExplicit });
    const run = new DatasetRun(form);
    const alone = each.map((one) => {
      const asked = Object.fromEntries(Object.entries(variable).map(([tag, nothing]) => [tag, one[tag] ?? nothing]));
      return writeBareDataset({ ...asked, ...fixed }, { isExplicit });
    });
    for (const one of each) {
      run.put(Uint8Array.of(0, 0, 0, 0, 9));
      const place = run.length;
      run.reserve(20);
      run.write(form, one);
      run.setBig32(place - 5, run.length - place);
    }
    const lengthOf = ({ length }: Uint8Array): number[] => [0, length >> 16, (length >> 8) & 255, length & 255];
    expect(Buffer.from(run.bytes)).toEqual(Buffer.from(alone.flatMap((bytes) => [...lengthOf(bytes), 9, ...bytes])));
    const { length } = run;
    expect([run.cut(2).length, run.length]).toEqual([length - 2, 2]);
  });

  test.each([true, false])('have values as columns have them as those of DICOM JSON, explicit VR %s', (isExplicit) => {
    const values = [
      ['00080005', 'CS', 'not said', undefined],
      ['00080020', 'DA', '20240105', ['20240105']],
      ['00080030', 'TM', null, undefined],
      ['00080061', 'CS', ['CT', 'SR'], ['CT', 'SR']],
      ['00080062', 'UI', [], []],
      ['00100010', 'PN', 'É^A=山田^太郎=\u{1f600}', [{ Alphabetic: 'É^A', Ideographic: '山田^太郎', Phonetic: '\u{1f600}' }]],
      ['00101001', 'PN', '==c', [{ Phonetic: 'c' }]],
      ['00104000', 'LT', '\ud800 ü \udc00', ['\ud800 ü \udc00']],
      ['0020000D', 'UI', '1.2.3', ['1.2.3']],
      ['00200011', 'IS', -1, [-1]],
      ['00201206', 'IS', 0, [0]],
      ['00280010', 'US', 512, [512]],
      ['00280011', 'US', null, undefined],
    ] as const;
    const row = Object.fromEntries(values.map(([tag, , value]) => [tag, value]));
    const json = Object.fromEntries(values.map(([tag, vr, , Value]) => [tag, Value === undefined ? { vr } : { vr, Value }]));
    const form = new DatasetForm(
      new Map(values.map(([tag, vr]) => [tag, { vr, of: (one: typeof row) => one[tag] }])),
      {},
      { isExplicit },
    );
    const run = new DatasetRun(form);
    run.write(form, row);
    expect(Buffer.from(run.bytes)).toEqual(Buffer.from(writeBareDataset(json, { isExplicit })));
  });

  test('fail where a value is none of its VR, as one alone does', () => {
    const form = new DatasetForm(columns, fixed, { isExplicit: true });
    const write = (json: DicomJsonObject) => () => new DatasetRun(form).write(form, json);
    expect(write({ '00080061': { vr: 'CS', Value: ['x'.repeat(70_000)] } })).toThrow('TOO_LONG');
    expect(write({ '00280010': { vr: 'US', Value: ['x'] } })).toThrow('VALUE');
    expect(() => new DatasetForm(new Map([['FFFEE000', { vr: 'UN', of: () => '' }]]), {}, form)).toThrow('TAG');
  });
});
