import { describe, expect, test } from 'vitest';
import type { DicomJsonElement, DicomJsonValue } from '../types.ts';
import { isVrOf, keptNumbers, keptUnnamed } from './unnamed.ts';

const none: ReadonlySet<string> = new Set();
const nobody = { naming: none, numbers: none };
const element = (vr: string, ...Value: DicomJsonValue[]): DicomJsonElement => ({ vr, Value });
const bytes = (text: string): number[] => [...Buffer.from(text, 'latin1')];
const words = (text: string): number[] => {
  const buffer = Buffer.from(text, 'latin1');
  return Array.from({ length: buffer.length / 2 }, (_, at) => buffer.readUInt16LE(at * 2));
};

describe('numbers of an attribute that no row names', () => {
  test.each<[string, string, DicomJsonValue[]]>([
    ['00280010', 'US', [512]],
    ['00280030', 'DS', [0.488, 0.488]],
    ['00280030', 'DS', ['NaN']],
    ['00186018', 'UL', [10]],
    ['00189087', 'FD', [1000.5]],
    ['00189087', 'FD', [0]],
    ['00281053', 'DS', [null, 1]],
    ['00283006', 'US', Array.from({ length: 300 }, (_, at) => at)],
    ['00280009', 'AT', ['00100010']],
  ])('%s %s %j stay', (tag, vr, values) => {
    expect(keptNumbers(tag, element(vr, ...values), nobody)).toEqual({ vr, Value: values });
  });

  test.each<[string, string, DicomJsonValue[]]>([
    ['00280106', 'US', words('DUPONT')],
    ['00280009', 'AT', ['DUPONT']],
    ['00280030', 'DS', ['DUPONT']],
    ['00189087', 'FD', [Buffer.from('DUPONT^A', 'latin1').readDoubleLE(0)]],
    ['00189087', 'FD', [1e-300]],
    ['00189087', 'FD', [1e300]],
    ['00186018', 'UL', [Buffer.from('DUPO').readUInt32LE(0), Buffer.from('NT^A').readUInt32LE(0)]],
    ['00280030', 'DS', [{}]],
  ])('%s %s %j go: they read as text, or are none', (tag, vr, values) => {
    expect(keptNumbers(tag, element(vr, ...values), nobody)).toBeUndefined();
  });

  test('whose values lie elsewhere go', () => {
    expect(keptNumbers('00280010', { vr: 'US', BulkDataURI: 'bulk:1:2' }, nobody)).toBeUndefined();
    expect(keptNumbers('00280010', { vr: 'US', InlineBinary: 'AAA=' }, nobody)).toBeUndefined();
  });

  test.each<[string, string, DicomJsonValue[]]>([
    ['00186018', 'UL', [4711007]],
    ['00280030', 'DS', [4711007.5]],
    ['00280030', 'DS', [-94711007]],
  ])('%s %s %j go: they are the number of the patient', (tag, vr, values) => {
    expect(keptNumbers(tag, element(vr, ...values), { ...nobody, numbers: new Set(['4711007']) })).toBeUndefined();
    expect(keptNumbers(tag, element(vr, ...values), { ...nobody, numbers: new Set(['4711008']) })).toBeDefined();
  });

  test('of none are none', () => {
    expect(keptNumbers('00280010', { vr: 'US' }, nobody)).toEqual({ vr: 'US' });
  });
});

describe('the VR of an attribute (PS3.6)', () => {
  test.each([
    ['00280010', 'US', true],
    ['00280010', 'LO', false],
    ['00280010', 'UN', false],
    ['00280106', 'SS', true],
    ['00280106', 'US', true],
    ['00280106', 'FL', false],
    ['00283002', 'SS', true],
    ['00283006', 'OW', true],
    ['00283006', 'OB', false],
    ['7FE00010', 'OW', true],
    ['00281201', 'OW', true],
    ['00090010', 'LO', false],
  ])('of %s is %s: %s', (tag, vr, expected) => {
    expect(isVrOf(tag, element(vr, 1))).toBe(expected);
  });

  test('bytes and words stand for each other where they are binary', () => {
    expect(isVrOf('00281201', { vr: 'OB', InlineBinary: 'AAAA' })).toBe(true);
    expect(isVrOf('00281201', { vr: 'OB', Value: [1] })).toBe(false);
  });
});

describe('what no row names', () => {
  test('stays where it is empty, a number, a defined term, known words, or a technical table', () => {
    expect(keptUnnamed('00280010', { vr: 'US' }, nobody)).toEqual({ vr: 'US' });
    expect(keptUnnamed('00080060', element('CS', 'CT'), nobody)).toEqual(element('CS', 'CT'));
    expect(keptUnnamed('00281201', { vr: 'OW', InlineBinary: 'AAAA' }, nobody)).toEqual({ vr: 'OW', InlineBinary: 'AAAA' });
    expect(keptUnnamed('00280010', element('US', 4), nobody)).toEqual(element('US', 4));
  });

  test.each([
    ['00280120', element('SS', -2000)],
    ['00280106', element('SS', -1024)],
    ['00283002', element('SS', 4096, -1024, 12)],
    ['00281101', element('SS', 256, -128, 16)],
    ['00283006', { vr: 'OW', InlineBinary: 'AAECAw==' }],
    ['00283006', { vr: 'OW', BulkDataURI: 'bulk:1:2' }],
  ])(
    'the padding, ranges and tables of signed pixels stay as those of unsigned ones do: %s %j (PS3.3 C.7.6.3, C.11)',
    (tag, value) => {
      expect(keptUnnamed(tag, value, nobody)).toEqual(value);
    },
  );

  test('goes where it is free text, bytes of another attribute, or of another VR than its own', () => {
    expect(keptUnnamed('00080060', element('CS', 'DUPONT'), nobody)).toBeUndefined();
    expect(keptUnnamed('00080060', element('LO', 'CT'), nobody)).toBeUndefined();
    expect(keptUnnamed('00189004', element('CS', 'Dupont'), nobody)).toBeUndefined();
    expect(keptUnnamed('00420011', { vr: 'OB', InlineBinary: 'AAAA' }, nobody)).toBeUndefined();
    expect(keptUnnamed('00091001', element('DS', 1), nobody)).toBeUndefined();
  });

  test('a list of samples is not read as text by chance', () => {
    const values = bytes('ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ').map(
      (byte) => byte * 257,
    );
    expect(keptUnnamed('00283006', element('US', ...values), nobody)).toBeDefined();
    expect(keptUnnamed('00280106', element('US', ...values), nobody)).toBeUndefined();
  });
});
