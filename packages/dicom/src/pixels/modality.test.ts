import { describe, expect, test } from 'vitest';
import type { DicomJsonObject } from '../types.ts';
import { possibleRange, windowOfKind } from './default-voi.ts';
import type { DecodedFrame, FrameFormat } from './frame-format.ts';
import { grayValues } from './gray-values.ts';
import { lookUp, lookupTable } from './lookup.ts';
import { mappingWindow, measureFrame, seriesMappingOf } from './measure.ts';
import { IDENTITY, modalityFunction } from './modality.ts';
import { unitOf } from './modality-unit.ts';
import { modalityOf } from './plan-modality.ts';
import { RangeFinder, unionOf } from './range.ts';
import { valueAt } from './value-reader.ts';
import { isWindow, storedWindow, windowFunction } from './voi.ts';
import { voiFunction } from './voi-functions.ts';

const ds = (value: number) => ({ vr: 'DS', Value: [value] });
const cs = (...values: string[]) => ({ vr: 'CS', Value: values });
const lo = (value: string) => ({ vr: 'LO', Value: [value] });
const noBulk = async (): Promise<undefined> => undefined;
const base64 = (...words: number[]): string => Buffer.from(Uint16Array.from(words).buffer).toString('base64');
const lut = (...words: number[]): DicomJsonObject => ({
  '00283000': {
    vr: 'SQ',
    Value: [
      {
        '00283002': { vr: 'US', Value: [words.length, 0, 16] },
        '00283004': lo('OD'),
        '00283006': { vr: 'OW', InlineBinary: base64(...words) },
      },
    ],
  },
});

describe('stored values become modality values (PS3.3 C.11.1)', () => {
  test.each<[string, DicomJsonObject, readonly [stored: number, value: number]]>([
    ['by slope and intercept', { '00281052': ds(-1024), '00281053': ds(2) }, [600, 176]],
    ['by a slope alone', { '00281053': ds(0.5) }, [3, 1.5]],
    ['a slope of 0 leaves the intercept', { '00281052': ds(10), '00281053': ds(0) }, [3, 13]],
    ['a negative slope', { '00281053': ds(-1), '00281052': ds(100) }, [30, 70]],
    ['by a dose', { '3004000E': ds(0.001), '00281053': ds(9) }, [2500, 2.5]],
    ['a dose of 0 counts as absent', { '3004000E': ds(0), '00281053': ds(9) }, [2, 18]],
    ['by a table before a line', { ...lut(100, 200, 300), '00281053': ds(9) }, [1, 200]],
  ])('%s', async (_what, json, [stored, value]) => {
    expect(modalityFunction(await modalityOf(json, 0, noBulk))(stored)).toBeCloseTo(value, 12);
  });

  test('a table whose data are elsewhere is asked for; one whose data are gone leaves the line', async () => {
    const json: DicomJsonObject = {
      '00283000': {
        vr: 'SQ',
        Value: [{ '00283002': { vr: 'US', Value: [2, 5, 16] }, '00283006': { vr: 'OW', BulkDataURI: 'bulk:1' } }],
      },
      '00281052': ds(1),
    };
    const bulk = async (): Promise<Uint8Array> => new Uint8Array(Uint16Array.of(70, 80).buffer);
    expect(modalityFunction(await modalityOf(json, 0, bulk))(6)).toBe(80);
    expect(modalityFunction(await modalityOf(json, 0, noBulk))(6)).toBe(7);
  });

  test.each<[string, DicomJsonObject, string | undefined]>([
    ['what the table says', lut(1), 'OD'],
    ['US is unspecified', { '00281054': lo('US'), '00080060': cs('CT'), '00281052': ds(0) }, undefined],
    ['a CT that is not rescaled is in nothing', { '00080060': cs('CT') }, undefined],
    ['an MR that is rescaled is in nothing', { '00080060': cs('MR'), '00281052': ds(0) }, undefined],
    ['what this table does not know', { '00541001': cs('UMOLMLMN') }, 'UMOLMLMN'],
  ])('the unit of %s', (_what, json, unit) => expect(unitOf(json, 0)).toBe(unit));
});

describe('tables (PS3.3 C.11.1.1.1)', () => {
  test.each<[string, number[], Uint8Array, boolean, { first: number; bits: number; values: number[] } | undefined]>([
    [
      'of words',
      [3, 0, 12],
      new Uint8Array(Uint16Array.of(0, 2000, 4095).buffer),
      false,
      { first: 0, bits: 12, values: [0, 2000, 4095] },
    ],
    [
      'announced too narrow for their entries',
      [2, 0, 8],
      new Uint8Array(Uint16Array.of(0, 300).buffer),
      false,
      { first: 0, bits: 16, values: [0, 300] },
    ],
    ['of bytes announced as words', [2, 0, 16], Uint8Array.of(1, 255), false, { first: 0, bits: 8, values: [1, 255] }],
    [
      'of bits that make no sense',
      [2, 0, 99],
      new Uint8Array(Uint16Array.of(1, 2).buffer),
      false,
      { first: 0, bits: 16, values: [1, 2] },
    ],
    [
      'that begin above 32,767, unsigned',
      [1, 40_000, 16],
      new Uint8Array(Uint16Array.of(1).buffer),
      false,
      { first: 40_000, bits: 16, values: [1] },
    ],
    [
      'that begin below zero',
      [1, 40_000, 16],
      new Uint8Array(Uint16Array.of(1).buffer),
      true,
      { first: -25_536, bits: 16, values: [1] },
    ],
    [
      "whose entries are announced in two's complement",
      [-65_534, 0, 16],
      new Uint8Array(Uint16Array.of(1, 2).buffer),
      false,
      { first: 0, bits: 16, values: [1, 2] },
    ],
    ['without their data', [4, 0, 16], Uint8Array.of(1, 2), false, undefined],
  ])('%s', (_what, descriptor, data, isSigned, expected) => {
    const table = lookupTable(descriptor, data, isSigned);
    expect(table && { first: table.first, bits: table.bits, values: [...Array.from(table.values)] }).toEqual(expected);
  });

  test('a value between two inputs takes the lower one', () => {
    const table = { first: -1, values: [10, 20, 30], bits: 8 };
    expect([-1.5, -1, -0.5, 0, 0.99, 1, 5].map((input) => lookUp(table, input))).toEqual([10, 10, 10, 20, 20, 30, 30]);
    expect(lookUp({ first: 0, values: [], bits: 8 }, 3)).toBe(0);
  });
});

describe('windows as stored (PS3.3 C.11.2.1.2)', () => {
  test.each<[number | undefined, number | undefined, string | undefined, ReturnType<typeof storedWindow>]>([
    [40, 400, undefined, { kind: 'window', center: 40, width: 400, shape: 'linear' }],
    [40, 400, 'SIGMOID', { kind: 'window', center: 40, width: 400, shape: 'sigmoid' }],
    [40, 400, 'LINEAR_EXACT', { kind: 'window', center: 40, width: 400, shape: 'linear-exact' }],
    [40, 400, 'SOMETHING', { kind: 'window', center: 40, width: 400, shape: 'linear' }],
    [0.5, 0.5, undefined, { kind: 'window', center: 0.5, width: 0.5, shape: 'linear-exact' }],
    [0.5, 1, undefined, { kind: 'window', center: 0.5, width: 1, shape: 'linear' }],
    [0, 0.5, 'SIGMOID', { kind: 'window', center: 0, width: 0.5, shape: 'sigmoid' }],
    [40, 0, undefined, undefined],
    [40, -400, undefined, undefined],
    [undefined, 400, undefined, undefined],
    [40, undefined, undefined, undefined],
  ])('%s %s %s', (center, width, name, expected) => expect(storedWindow(center, width, name)).toEqual(expected));

  test.each([
    [{ center: 0, width: 1, shape: 'linear' }, true],
    [{ center: 0, width: 0.99, shape: 'linear' }, false],
    [{ center: 0, width: 0.01, shape: 'linear-exact' }, true],
    [{ center: 0, width: 0, shape: 'sigmoid' }, false],
    [{ center: Number.NaN, width: 10, shape: 'linear' }, false],
    [{ center: 0, width: Number.POSITIVE_INFINITY, shape: 'linear-exact' }, false],
  ] as const)('%j is a window: %s', (window, is) => expect(isWindow(window)).toBe(is));

  // PS3.3 C.11.2.1.2.1 by hand: c 100, w 5 has 97.5 + 0 as its lower and 101.5 as its upper end.
  test.each([
    [97.5, 0],
    [97.6, 0.025],
    [99.5, 0.5],
    [101.5, 1],
    [101.6, 1],
  ])('LINEAR of centre 100 and width 5 shows %s as %s', (value, shown) =>
    expect(voiFunction({ kind: 'window', center: 100, width: 5, shape: 'linear' })(value)).toBeCloseTo(shown, 12),
  );
  test('names are told apart exactly', () =>
    expect(['LINEAR', 'SIGMOID', 'LINEAR_EXACT', 'sigmoid', undefined].map(windowFunction)).toEqual([
      'linear',
      'sigmoid',
      'linear-exact',
      'linear',
      'linear',
    ]));
  test('a table is shown over all its bits', () =>
    expect(voiFunction({ kind: 'table', table: { first: 0, values: [0, 2048, 4095], bits: 12 } })(1)).toBeCloseTo(
      2048 / 4095,
      12,
    ));
});

const format: FrameFormat = {
  rows: 1,
  columns: 3,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 12,
  highBit: 11,
  pixelRepresentation: 0,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  isFloat: false,
};
const frameOf = (values: number[], changes: Partial<FrameFormat> = {}): DecodedFrame => ({
  ...format,
  columns: values.length,
  ...changes,
  pixels: new Uint8Array(Int16Array.from(values).buffer),
});
const plan = (slope: number, intercept: number) => ({
  modality: { kind: 'rescale', slope, intercept } as const,
  padding: undefined,
});

describe('an image without a window', () => {
  test.each<[string, Partial<FrameFormat>, ReturnType<typeof plan>['modality'], { min: number; max: number } | undefined]>([
    ['unsigned', {}, plan(1, 0).modality, { min: 0, max: 4095 }],
    ['signed', { pixelRepresentation: 1 }, plan(1, 0).modality, { min: -2048, max: 2047 }],
    ['rescaled', {}, plan(2, -1000).modality, { min: -1000, max: 7190 }],
    ['turned round', {}, plan(-1, 0).modality, { min: -4095, max: 0 }],
    ['of floats', { isFloat: true, bitsAllocated: 32 }, plan(1, 0).modality, undefined],
  ])('could hold these values: %s', (_what, changes, modality, range) =>
    expect(possibleRange({ ...format, ...changes }, modality)).toEqual(range),
  );

  test.each<[string, DicomJsonObject, Partial<FrameFormat>, number[] | undefined]>([
    ['intravascular ultrasound too', { '00080060': cs('IVUS') }, { bitsStored: 8, highBit: 7 }, [127.5, 255]],
    ['ultrasound of 12 bits is not', { '00080060': cs('US') }, {}, undefined],
    ['signed ultrasound is not', { '00080060': cs('US') }, { bitsStored: 8, highBit: 7, pixelRepresentation: 1 }, undefined],
    ['CT without an intercept is not', { '00080060': cs('CT'), '00281053': ds(1) }, {}, undefined],
    ['CT of another unit is not', { '00080060': cs('CT'), '00281052': ds(0), '00281054': lo('MGML') }, {}, undefined],
    ['MR has none', { '00080060': cs('MR') }, {}, undefined],
  ])('%s', (_what, json, changes, expected) => {
    const window = windowOfKind(json, 0, { ...format, ...changes }, IDENTITY);
    expect(window && [window.center, window.width]).toEqual(expected);
  });

  test.each<[string, Parameters<typeof seriesMappingOf>[0], { lower: number; upper: number }]>([
    [
      'all that was found',
      [
        { found: { min: 5, max: 9 }, possible: { min: 0, max: 255 } },
        { found: { min: -3, max: 6 }, possible: { min: 0, max: 255 } },
      ],
      { lower: -3, upper: 9 },
    ],
    ['a flat one, what its bits hold', [{ found: { min: 5, max: 5 }, possible: { min: 0, max: 255 } }], { lower: 0, upper: 255 }],
    ['nothing but padding, what its bits hold', [{ found: undefined, possible: { min: 0, max: 15 } }], { lower: 0, upper: 15 }],
    ['flat floats, from 0', [{ found: { min: 0.5, max: 0.5 }, possible: undefined }], { lower: 0, upper: 0.5 }],
    ['flat floats below 0', [{ found: { min: -2, max: -2 }, possible: undefined }], { lower: -2, upper: 0 }],
    ['floats that are 0', [{ found: { min: 0, max: 0 }, possible: undefined }], { lower: 0, upper: 1 }],
    ['nothing at all', [], { lower: 0, upper: 1 }],
  ])('is shown over %s', (_what, measures, mapping) => expect(seriesMappingOf(measures)).toEqual(mapping));

  test('its mapping is black at its lower and white at its upper end', () => {
    const shown = voiFunction(mappingWindow({ lower: -100, upper: 300 }));
    expect([-100, 100, 300].map(shown)).toEqual([0, 0.5, 1]);
  });

  test('a frame is measured in modality values, padding left out', () => {
    expect(measureFrame(frameOf([5, 4095, 100]), { ...plan(2, 1), padding: [4095, 4095] })).toEqual({
      found: { min: 11, max: 201 },
      possible: { min: 1, max: 8191 },
    });
  });

  test('ranges are joined, and what is no finite number is in none', () => {
    const finder = new RangeFinder();
    for (const value of [3, Number.NaN, Number.POSITIVE_INFINITY, -1]) finder.add(value);
    expect([finder.range, new RangeFinder().range]).toEqual([{ min: -1, max: 3 }, undefined]);
    expect(unionOf(undefined, { min: 1, max: 2 })).toEqual({ min: 1, max: 2 });
    expect(unionOf({ min: 1, max: 2 }, undefined)).toEqual({ min: 1, max: 2 });
  });
});

describe('values for drawing and for reading', () => {
  test.each<[string, number, number, Partial<FrameFormat>, string, number[]]>([
    ['8 bits', 1, 0, { bitsStored: 8, highBit: 7 }, 'Uint8Array', [1, 2, 200]],
    ['8 bits, signed', 1, 0, { bitsStored: 8, highBit: 7, pixelRepresentation: 1 }, 'Int8Array', [1, 2, -56]],
    ['12 bits', 1, 0, {}, 'Uint16Array', [1, 2, 200]],
    ['12 bits in Hounsfield units', 1, -1024, {}, 'Int16Array', [-1023, -1022, -824]],
    ['whole numbers beyond 16 bits', 100, -5, {}, 'Int32Array', [95, 195, 19_995]],
    ['broken numbers', 0.5, 0, {}, 'Float32Array', [0.5, 1, 100]],
  ])('%s take the smallest array that holds all that could occur', (_what, slope, intercept, changes, name, expected) => {
    const { values, padding } = grayValues(frameOf([1, 2, 200], changes), plan(slope, intercept));
    expect([values.constructor.name, [...values], padding]).toEqual([name, expected, undefined]);
  });

  test('wide integers keep every digit', () => {
    const wide = {
      ...format,
      columns: 1,
      bitsAllocated: 32,
      bitsStored: 32,
      highBit: 31,
      pixels: new Uint8Array(Uint32Array.of(4_294_967_295).buffer),
    };
    const { values } = grayValues(wide, plan(1, 0));
    expect([values.constructor.name, values[0]]).toEqual(['Float64Array', 4_294_967_295]);
  });

  test('padding is marked, out of the range, and no measurement', () => {
    const of = { ...plan(1, 0), padding: [0, 1] as const };
    const { range, padding } = grayValues(frameOf([1, 2, 200]), of);
    expect([range, padding && [...padding]]).toEqual([{ min: 2, max: 200 }, [1, 0, 0]]);
    expect([0, 1, 2, 3, -1].map((index) => valueAt(frameOf([1, 2, 200]), of, index))).toEqual([
      undefined,
      2,
      200,
      undefined,
      undefined,
    ]);
  });
});
