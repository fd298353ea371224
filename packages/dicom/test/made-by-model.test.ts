import { describe, expect, test } from 'vitest';
import {
  type Code,
  type DicomJsonObject,
  jsonItems,
  jsonNumber,
  jsonNumbers,
  jsonPersonName,
  jsonString,
  jsonStrings,
  type MadeInstance,
  type MadeModelReport,
  modelReport,
  parsePart10,
  secondaryCaptureImage,
} from '../src/index.ts';

const made: MadeInstance = {
  study: { '0020000D': { vr: 'UI', Value: ['1.2.3'] } },
  ...{ seriesInstanceUid: '1.2.3.9', sopInstanceUid: '1.2.3.9.1', seriesNumber: 902, instanceNumber: 1 },
  ...{ contentDate: '20260302', contentTime: '081500', manufacturer: 'Negatoscope' },
  implementation: { classUid: '2.25.1', version: 'TEST' },
};
const code = (value: string, scheme = 'DCM'): Code => ({ value, scheme, meaning: value.toLowerCase() });
const film = { seriesInstanceUid: '1.5', sopClassUid: '1.2.840.10008.5.1.4.1.1.1', sopInstanceUid: '1.5.1' };
const map = { seriesInstanceUid: '1.6', sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '1.6.1' };
const device = { uid: '2.25.77', manufacturer: 'Maker', model: 'tb-chest-xray' };
const number = (concept: string, value: number) => ({ concept: code(concept, '99X'), value, unit: code('1', 'UCUM') });
const whole: MadeModelReport = {
  ...made,
  algorithm: { name: 'tb-chest-xray', version: '0.1.0', parameters: ['threshold 0.29', 'input 1024'] },
  device,
  verified: { by: 'Diop^Awa', organization: 'Clinique', at: '20260302081400+0000' },
  language: code('fr', 'RFC5646'),
  image: film,
  pictures: [map],
  trackingUid: '2.25.40',
  values: [number('SCORE', 0.8125), number('THRESHOLD', 0.29)],
  codes: [{ concept: code('LEVEL', '99X'), value: code('HIGH', '99X') }],
  evidence: code('EVIDENCE', '99X'),
  regions: [
    {
      ...{ trackingId: 'Evidence 1', trackingUid: '2.25.41', site: code('RIGHT_UPPER', '99X') },
      ...{ corners: [10, 20, 30, 20, 30, 40], value: number('SHARE', 0.5) },
    },
  ],
  conclusions: [
    { concept: code('DECISION', '99X'), value: code('AMENDED', '99X') },
    { concept: code('121077'), text: 'Séquelles.' },
  ],
  comments: ['No diagnosis.'],
};

const read = (bytes: Uint8Array): DicomJsonObject => {
  const { json, warnings } = parsePart10(bytes);
  expect(warnings).toEqual([]);
  return json;
};
const first = (json: DicomJsonObject, tag: string): DicomJsonObject => jsonItems(json, tag)[0] ?? {};
const codeOf = (json: DicomJsonObject, tag: string): string => jsonString(first(json, tag), '00080100') ?? '-';
/** A content tree as lines: depth, relation, type, concept, and the value of a code. */
const tree = (json: DicomJsonObject, depth = 0): string[] =>
  jsonItems(json, '0040A730').flatMap((item) => {
    const value = item['0040A168'] === undefined ? '' : ` = ${codeOf(item, '0040A168')}`;
    const line = `${jsonString(item, '0040A010')} ${jsonString(item, '0040A040')} ${codeOf(item, '0040A043')}${value}`;
    return [`${'·'.repeat(depth)}${line}`, ...tree(item, depth + 1)];
  });
const at = (json: DicomJsonObject, ...path: number[]): DicomJsonObject =>
  path.reduce((item, index) => jsonItems(item, '0040A730')[index] ?? {}, json);

describe('a report of what a model gave (PS3.3 A.35.3, PS3.16 TID 1500 with TID 4019)', () => {
  const json = read(modelReport(whole));
  const ALGORITHM = [
    '··HAS CONCEPT MOD CODE 111000 = 123110',
    '··HAS CONCEPT MOD TEXT 111001',
    '··HAS CONCEPT MOD TEXT 111003',
    '··HAS CONCEPT MOD TEXT 111002',
    '··HAS CONCEPT MOD TEXT 111002',
  ];

  test('was observed by a device and by the person who stands for it (TID 1002)', () => {
    expect(tree(json).slice(0, 8)).toEqual([
      'HAS CONCEPT MOD CODE 121049 = fr',
      'HAS OBS CONTEXT CODE 121005 = 121007',
      'HAS OBS CONTEXT UIDREF 121012',
      'HAS OBS CONTEXT TEXT 121014',
      'HAS OBS CONTEXT TEXT 121015',
      'HAS OBS CONTEXT CODE 121005 = 121006',
      'HAS OBS CONTEXT PNAME 121008',
      'HAS CONCEPT MOD CODE 121058 = 363679005',
    ]);
    expect([jsonString(at(json, 2), '0040A124'), jsonPersonName(at(json, 6), '0040A123')]).toEqual([
      '2.25.77',
      { Alphabetic: 'Diop^Awa' },
    ]);
  });

  test('is verified by that person and authored by the device (PS3.3 C.17.2)', () => {
    expect(jsonString(json, '0040A493')).toBe('VERIFIED');
    const verifier = first(json, '0040A073');
    expect([jsonPersonName(verifier, '0040A075'), jsonString(verifier, '0040A027'), jsonString(verifier, '0040A030')]).toEqual([
      { Alphabetic: 'Diop^Awa' },
      'Clinique',
      '20260302081400+0000',
    ]);
    // Type 2: there, though empty.
    expect(verifier['0040A088']).toEqual({ vr: 'SQ' });
    const author = first(json, '0040A078');
    expect([jsonString(author, '0040A084'), jsonString(author, '00181002'), jsonString(author, '00081090')]).toEqual([
      'DEV',
      '2.25.77',
      'tb-chest-xray',
    ]);
  });

  test('has the film and the picture in its library (TID 1600) and in its evidence, each once (C.17.2.3)', () => {
    expect(tree(json).slice(8, 12)).toEqual([
      'CONTAINS CONTAINER 111028',
      '·CONTAINS CONTAINER 126200',
      '··CONTAINS IMAGE -',
      '··CONTAINS IMAGE -',
    ]);
    const evidence = jsonItems(first(json, '0040A375'), '00081115');
    expect(evidence.map((series) => jsonItems(series, '00081199').map((one) => jsonString(one, '00081155')))).toEqual([
      ['1.5.1'],
      ['1.6.1'],
    ]);
  });

  test('has its score inferred from the film, and what the score is held against from nothing (TID 1501)', () => {
    expect(tree(json).slice(12, 25)).toEqual([
      'CONTAINS CONTAINER 126010',
      '·CONTAINS CONTAINER 125007',
      '··HAS OBS CONTEXT TEXT 112039',
      '··HAS OBS CONTEXT UIDREF 112040',
      ...ALGORITHM,
      '··CONTAINS NUM SCORE',
      '···INFERRED FROM IMAGE -',
      '··CONTAINS NUM THRESHOLD',
      '··CONTAINS CODE LEVEL = HIGH',
    ]);
    expect(jsonNumber(first(at(json, 9, 0, 7), '0040A300'), '0040A30A')).toBe(0.8125);
  });

  test('has each region closed, at its site, as evidence and no finding of its own (TID 1410)', () => {
    expect(tree(json).slice(25, 38)).toEqual([
      '·CONTAINS CONTAINER 125007',
      '··HAS OBS CONTEXT TEXT 112039',
      '··HAS OBS CONTEXT UIDREF 112040',
      '··CONTAINS CODE 121071 = EVIDENCE',
      '··HAS CONCEPT MOD CODE 363698007 = RIGHT_UPPER',
      ...ALGORITHM,
      '··CONTAINS SCOORD 111030',
      '···SELECTED FROM IMAGE -',
      '··CONTAINS NUM SHARE',
    ]);
    // A polygon ends where it began (PS3.3 C.18.6).
    expect(jsonNumbers(at(json, 9, 1, 9), '00700022')).toEqual([10, 20, 30, 20, 30, 40, 10, 20]);
  });

  test('ends with what the person says, codes and words, and what is to be known', () => {
    expect(tree(json).slice(38)).toEqual([
      'CONTAINS CONTAINER C0034375',
      '·CONTAINS CODE DECISION = AMENDED',
      '·CONTAINS TEXT 121077',
      '·CONTAINS TEXT 121106',
    ]);
    expect([jsonString(at(json, 10, 1), '0040A160'), jsonString(at(json, 10, 2), '0040A160')]).toEqual([
      'Séquelles.',
      'No diagnosis.',
    ]);
    expect(json['0040A360']).toBeUndefined();
  });
});

test('a picture that a program made says of which image, by what, and as what (PS3.3 C.7.6.1, C.12.1; PS3.16 CID 7202)', () => {
  const derived = { kind: 'MODEL_EVIDENCE', description: 'Heat map', source: film, device, software: ['tb', '0.1.0'] };
  const json = read(secondaryCaptureImage({ ...made, rows: 1, columns: 2, pixels: new Uint8Array(6), derived }));
  expect(jsonStrings(json, '00080008')).toEqual(['DERIVED', 'SECONDARY', 'OTHER', 'MODEL_EVIDENCE']);
  const [source, equipment] = [first(json, '00082112'), first(json, '0018A001')];
  expect([jsonString(json, '00082111'), jsonString(source, '00081155'), codeOf(source, '0040A170')]).toEqual([
    'Heat map',
    '1.5.1',
    '121322',
  ]);
  expect([jsonString(equipment, '00181002'), codeOf(equipment, '0040A170')]).toEqual(['2.25.77', '109102']);
  expect(jsonStrings(equipment, '00181020')).toEqual(['tb', '0.1.0']);
});
