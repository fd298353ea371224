import { describe, expect, test } from 'vitest';
import { hasDcmtk, pictureByDcmtk, runDcmtk } from '../../testkit/src/testing/read-back.ts';
import {
  basicTextReport,
  type DicomJsonObject,
  encapsulatedPdf,
  keyObjectSelection,
  type MadeInstance,
  modelReport,
  secondaryCaptureImage,
  writeDataset,
} from '../src/index.ts';

const STUDY: DicomJsonObject = {
  '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
  '00080020': { vr: 'DA', Value: ['20260301'] },
  '00080030': { vr: 'TM', Value: ['081500'] },
  '00080050': { vr: 'SH', Value: ['A1'] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Été^Anaïs', Ideographic: '山田^太郎' }] },
  '00100020': { vr: 'LO', Value: ['P1'] },
  '00100030': { vr: 'DA', Value: ['19700203'] },
  '00100040': { vr: 'CS', Value: ['F'] },
  '0020000D': { vr: 'UI', Value: ['2.25.1'] },
  '00200010': { vr: 'SH', Value: ['S1'] },
};
const made: MadeInstance = {
  study: STUDY,
  seriesInstanceUid: '2.25.2',
  sopInstanceUid: '2.25.3',
  seriesNumber: 900,
  instanceNumber: 1,
  seriesDescription: 'Compte rendu',
  contentDate: '20260302',
  contentTime: '091500',
  manufacturer: 'Negatoscope',
  implementation: { classUid: '2.25.9', version: 'TEST' },
};
const image = { seriesInstanceUid: '2.25.20', sopClassUid: '1.2.840.10008.5.1.4.1.1.2', sopInstanceUid: '2.25.21' };
const FINDINGS = { value: '121070', scheme: 'DCM', meaning: 'Findings' };
const report = basicTextReport({
  ...made,
  title: { value: '18748-4', scheme: 'LN', meaning: 'Diagnostic imaging report' },
  parts: [
    { name: FINDINGS, text: 'Pas d’épanchement.\nCœur normal.', images: [{ ...image, frames: [2, 5] }] },
    { name: { value: '121076', scheme: 'DCM', meaning: 'Conclusions' }, text: 'Normal.' },
  ],
});
const keys = keyObjectSelection({ ...made, description: 'À revoir', objects: [image, { ...image, sopInstanceUid: '2.25.22' }] });
const pdf = encapsulatedPdf({ ...made, documentTitle: 'Compte rendu', pdf: Buffer.from('%PDF-1.4 odd', 'latin1') });
const gray = secondaryCaptureImage({
  ...made,
  rows: 3,
  columns: 5,
  pixels: Uint8Array.from({ length: 15 }, (_, index) => index),
});
const rgb = secondaryCaptureImage({ ...made, rows: 1, columns: 2, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) });

const code = (value: string, scheme = '99NEGATOSCOPE', meaning = value) => ({ value, scheme, meaning });
const score = { concept: code('MODEL_SCORE'), value: 0.812345, unit: code('1', 'UCUM', 'no units') };
const device = { uid: '2.25.77', manufacturer: 'Negatoscope', model: 'tb-chest-xray' };
const model = modelReport({
  ...made,
  algorithm: { name: 'tb-chest-xray', version: '0.1.0', parameters: ['Threshold 0.29'] },
  device,
  verified: { by: 'Diop^Awa', organization: 'Clinique', at: '20260302091500+0000' },
  predecessor: { seriesInstanceUid: '2.25.2', sopInstanceUid: '2.25.4', sopClassUid: '1.2.840.10008.5.1.4.1.1.88.33' },
  language: code('en', 'RFC5646', 'English'),
  image,
  pictures: [{ ...image, seriesInstanceUid: '2.25.30', sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '2.25.31' }],
  trackingUid: '2.25.40',
  values: [score],
  codes: [{ concept: code('LEVEL'), value: code('HIGH') }],
  evidence: code('MODEL_EVIDENCE'),
  regions: [
    {
      ...{ trackingId: 'Model evidence 1', trackingUid: '2.25.41', site: code('RIGHT_UPPER') },
      ...{ corners: [10, 20, 30, 20, 30, 40, 10, 40], value: score },
    },
  ],
  conclusions: [
    { concept: code('DECISION'), value: code('AMENDED') },
    { concept: code('121077', 'DCM', 'Conclusion'), text: 'Séquelles.' },
  ],
  comments: ['Triage support, no diagnosis.'],
});
const derived = secondaryCaptureImage({
  ...made,
  rows: 1,
  columns: 2,
  pixels: Uint8Array.of(1, 2, 3, 4, 5, 6),
  derived: { kind: 'MODEL_EVIDENCE', description: 'Evidence', source: image, device, software: ['tb-chest-xray', '0.1.0'] },
});

/** What dcmdump says of one attribute, without the number of bytes. */
const dumped = (file: Uint8Array, tag: string): string[] => {
  const { status, output } = runDcmtk('dcmdump', [file], ['--print-all', '+U8', '--search', tag]);
  expect(status, output).toBe(0);
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/\s*#.*$/, '').trim());
};

describe.skipIf(!hasDcmtk)('what we write, read by DCMTK', () => {
  test.each([
    ['a report', report, '1.2.840.10008.5.1.4.1.1.88.11'],
    ['key objects', keys, '1.2.840.10008.5.1.4.1.1.88.59'],
    ['a PDF', pdf, '1.2.840.10008.5.1.4.1.1.104.1'],
    ['a gray capture', gray, '1.2.840.10008.5.1.4.1.1.7'],
    ['a coloured capture', rgb, '1.2.840.10008.5.1.4.1.1.7'],
    ['a model’s report', model, '1.2.840.10008.5.1.4.1.1.88.33'],
    ['a heat map over its film', derived, '1.2.840.10008.5.1.4.1.1.7'],
  ])('%s: every element without a warning, file meta information and dataset of one mind', (_what, file, sopClass) => {
    const { status, output } = runDcmtk('dcmdump', [file], ['--print-all', '-Un', '-ll', 'info']);
    expect([status, output.match(/^[WEF]: .*/gm)]).toEqual([0, null]);
    expect(output).toContain(`(0002,0002) UI [${sopClass}]`);
    expect(output).toContain(`(0008,0016) UI [${sopClass}]`);
    expect(output).toContain('(0002,0003) UI [2.25.3]');
    expect(output).toContain('(0008,0018) UI [2.25.3]');
    expect(output).toContain('(0020,000d) UI [2.25.1]');
  });

  test('names and texts beyond ASCII stand in the character set that the file declares', () => {
    expect(dumped(report, '0008,0005')).toEqual(['(0008,0005) CS [ISO_IR 192]']);
    expect(dumped(report, '0010,0010')).toEqual(['(0010,0010) PN [Été^Anaïs=山田^太郎]']);
  });

  test('a report is a document that dsrdump understands: title, findings, the image and its frames, conclusions', () => {
    const { status, output } = runDcmtk('dsrdump', [report], ['+U8', '+Pc']);
    expect([status, output.match(/^[EF]: .*/gm)]).toEqual([0, null]);
    expect(output).toContain('Basic Text SR Document');
    expect(output).toMatch(/CONTAINER:.*Diagnostic imaging report/);
    expect(output).toMatch(/contains TEXT:.*Findings.*Pas d’épanchement/);
    expect(output).toMatch(/contains IMAGE:/);
    expect(output).toMatch(/contains TEXT:.*Conclusions.*Normal\./);
    expect(dumped(report, '0008,1160')).toContainEqual(expect.stringContaining('[2\\5]'));
  });

  test('a model’s report is one of TID 1500: by which algorithm (TID 4019), its score, regions that are no lesions, and who stands for it', () => {
    const { status, output } = runDcmtk('dsrdump', [model], ['+U8', '+Pc', '+Pl']);
    expect([status, output.match(/^[EF]: .*/gm)]).toEqual([0, null]);
    expect(output).toContain('Comprehensive SR Document');
    expect(output).toMatch(/Verification Flag\s*: VERIFIED/);
    expect(output).toContain('Diop^Awa');
    expect(output.match(/has concept mod TEXT:.*Algorithm Name.*tb-chest-xray/g)).toHaveLength(2);
    expect(output.match(/has concept mod TEXT:.*Algorithm Version.*0\.1\.0/g)).toHaveLength(2);
    expect(output).toMatch(/has concept mod CODE:.*Algorithm Family.*Artificial Intelligence/);
    expect(output.match(/contains NUM:.*MODEL_SCORE.*0\.812345.*no units/g)).toHaveLength(2);
    expect(output).toMatch(/contains SCOORD:.*Image Region.*POLYLINE/);
    expect(output).toMatch(/contains TEXT:.*Conclusion.*Séquelles\./);
    // By itself a template is none of DCMTK's checks.
    expect(dumped(model, '0040,DB00').sort()).toEqual(['1410', '1500', '1501', '1600'].map((id) => `(0040,db00) CS [${id}]`));
    expect(dumped(model, '0040,A493')).toEqual(['(0040,a493) CS [VERIFIED]']);
    // Film and heat map in evidence and library, the film in three items more; the version before.
    expect(dumped(model, '0008,1155').filter((line) => line.includes('2.25.31'))).toHaveLength(2);
    expect(dumped(model, '0008,1155').filter((line) => line.includes('[2.25.4]'))).toHaveLength(1);
  });

  test('a heat map says that it was made, of which film and by which program (PS3.3 C.7.6.1, C.12.1)', () => {
    expect(dumped(derived, '0008,0008')).toEqual(['(0008,0008) CS [DERIVED\\SECONDARY\\OTHER\\MODEL_EVIDENCE]']);
    expect(dumped(derived, '0008,1155')).toEqual(['(0008,1155) UI [2.25.21]']);
    expect(dumped(derived, '0018,1020')).toEqual(['(0018,1020) LO [tb-chest-xray\\0.1.0]']);
  });

  test('key objects are a document of TID 2010 whose evidence names each object once', () => {
    const { status, output } = runDcmtk('dsrdump', [keys], ['+U8', '+Pc']);
    expect([status, output.match(/^[EF]: .*/gm)]).toEqual([0, null]);
    expect(output).toContain('Key Object Selection Document');
    expect(output).toMatch(/CONTAINER:.*Of Interest/);
    expect(output).toContain('À revoir');
    expect(output.match(/contains IMAGE:/g)).toHaveLength(2);
    expect(dumped(keys, '0040,DB00')).toEqual(['(0040,db00) CS [2010]']);
    // Once in the evidence and once in the tree for each.
    expect(dumped(keys, '0008,1155').sort()).toEqual(
      ['2.25.21', '2.25.21', '2.25.22', '2.25.22'].map((uid) => `(0008,1155) UI [${uid}]`),
    );
  });

  test('a PDF of odd length is padded, and its length is told (PS3.3 C.24.2)', () => {
    expect(dumped(pdf, '0042,0015')).toEqual(['(0042,0015) UL 12']);
    expect(dumped(pdf, '0042,0012')).toEqual(['(0042,0012) LO [application/pdf]']);
    expect(dumped(pdf, '0042,0010')).toEqual(['(0042,0010) ST [Compte rendu]']);
  });

  test.each([
    ['gray', gray, 'P5\n5 3\n255\n', Array.from({ length: 15 }, (_, index) => index)],
    ['colour', rgb, 'P6\n2 1\n255\n', [1, 2, 3, 4, 5, 6]],
  ])('a capture is the same picture: %s', (_what, file, head, pixels) => {
    const bytes = pictureByDcmtk(file);
    expect(bytes.subarray(0, head.length).toString('latin1')).toBe(head);
    expect([...bytes.subarray(head.length)]).toEqual(pixels);
  });
});

/** Values of each VR as DCMTK's own DICOM JSON has them. */
describe.skipIf(!hasDcmtk)('each VR that we write, as DCMTK reads it into DICOM JSON', () => {
  const BASE: DicomJsonObject = {
    '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
    '00080018': { vr: 'UI', Value: ['1.2.3.4'] },
  };
  const written = (json: DicomJsonObject): Uint8Array =>
    Buffer.concat(
      writeDataset(
        { ...BASE, ...json },
        {
          transferSyntaxUid: '1.2.840.10008.1.2.1',
          bulk: () => undefined,
          implementation: { classUid: '1.2.3', version: 'TEST' },
        },
      ).map((part) => (part instanceof Uint8Array ? part : new Uint8Array(0))),
    );
  const readByDcmtk = (json: DicomJsonObject): DicomJsonObject => {
    const { status, output } = runDcmtk('dcm2json', [written(json)]);
    expect(status, output).toBe(0);
    return JSON.parse(output) as DicomJsonObject; // DCMTK writes DICOM JSON (PS3.18 F).
  };

  test.each<[string, string, DicomJsonObject[string]]>([
    ['AE', '00080054', { vr: 'AE', Value: ['STORE_SCP'] }],
    ['AS', '00101010', { vr: 'AS', Value: ['045Y'] }],
    ['AT', '00280009', { vr: 'AT', Value: ['00181063', '00181065'] }],
    ['CS', '00080008', { vr: 'CS', Value: ['ORIGINAL', 'PRIMARY', 'AXIAL'] }],
    ['DA', '00080020', { vr: 'DA', Value: ['20260301'] }],
    ['DS', '00280030', { vr: 'DS', Value: [0.5, -1.25] }],
    ['DT', '0008002A', { vr: 'DT', Value: ['20260301081500.5+0100'] }],
    ['FD', '00189073', { vr: 'FD', Value: [0.1] }],
    ['FL', '00089459', { vr: 'FL', Value: [0.5] }],
    ['IS', '00200013', { vr: 'IS', Value: [-7] }],
    ['LO', '00081030', { vr: 'LO', Value: ['Épaule'] }],
    ['LT', '00204000', { vr: 'LT', Value: ['a\\b\nc'] }],
    ['PN', '00100010', { vr: 'PN', Value: [{ Alphabetic: 'Été^Anaïs', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' }] }],
    ['SH', '00080050', { vr: 'SH', Value: ['ACC 1'] }],
    ['SL', '00186020', { vr: 'SL', Value: [-70_000] }],
    ['SS', '00189219', { vr: 'SS', Value: [-5] }],
    ['ST', '00080081', { vr: 'ST', Value: ['rue\\de'] }],
    ['TM', '00080030', { vr: 'TM', Value: ['081500'] }],
    ['UC', '00080119', { vr: 'UC', Value: ['long', 'er'] }],
    ['UI', '0020000D', { vr: 'UI', Value: ['1.2.3'] }],
    ['UL', '00280109', { vr: 'UL', Value: [4_000_000_000] }],
    ['UR', '00081190', { vr: 'UR', Value: ['https://example.org/a'] }],
    ['US', '00280010', { vr: 'US', Value: [512] }],
    ['UT', '0040A160', { vr: 'UT', Value: ['ligne 1\r\nligne 2'] }],
    ['OB', '00420011', { vr: 'OB', InlineBinary: 'AQIDBA==' }],
    ['OW', '00281201', { vr: 'OW', InlineBinary: 'AgEEAw==' }],
    ['OF', '00660016', { vr: 'OF', InlineBinary: 'AACAPw==' }],
    ['OD', '00720073', { vr: 'OD', InlineBinary: 'AAAAAAAA8D8=' }],
    ['UN', '00091001', { vr: 'UN', InlineBinary: 'AQID/w==' }],
    [
      'SQ',
      '00081140',
      { vr: 'SQ', Value: [{ '00081150': { vr: 'UI', Value: ['1.2'] } }, { '00081155': { vr: 'UI', Value: ['1.3'] } }] },
    ],
    ['an empty value', '00100020', { vr: 'LO' }],
    ['a value among empty ones', '00280030', { vr: 'DS', Value: [null, 2] }],
  ])('%s', (_what, tag, element) => {
    const creator: DicomJsonObject = tag.startsWith('0009') ? { '00090010': { vr: 'LO', Value: ['MAKER'] } } : {};
    expect(readByDcmtk({ ...creator, [tag]: element })[tag]).toEqual(element);
  });
});
