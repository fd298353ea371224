import { describe, expect, test } from 'vitest';
import type { DicomJsonObject } from '../types.ts';
import { checkFormat } from './check-format.ts';
import { frameFormatOf, pixelTagOf } from './describe.ts';
import { type DecodedFrame, decodedBytes, type FrameFormat } from './frame-format.ts';
import { widenSamples } from './layout.ts';
import { cellsOf, storedBits, storedValue } from './samples.ts';
import { wholeTile } from './whole-tile.ts';

const us = (value: number) => ({ vr: 'US', Value: [value] });
const gray: FrameFormat = {
  rows: 4,
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

describe('the format of a frame (PS3.3 C.7.6.3.1)', () => {
  const json: DicomJsonObject = {
    '00280002': us(1),
    '00280004': { vr: 'CS', Value: ['MONOCHROME1'] },
    '00280010': us(4),
    '00280011': us(3),
    '00280100': us(16),
    '00280101': us(12),
    '00280102': us(11),
    '00280103': us(1),
  };
  const without = (...tags: string[]): DicomJsonObject =>
    Object.fromEntries(Object.entries(json).filter(([tag]) => !tags.includes(tag)));

  test('is what its attributes say', () => {
    expect(frameFormatOf(json, '7FE00010')).toEqual({
      ...gray,
      pixelRepresentation: 1,
      photometricInterpretation: 'MONOCHROME1',
    });
  });

  test.each<[string, DicomJsonObject, string, Partial<FrameFormat>]>([
    ['bits stored are all where nothing says', without('00280101', '00280102'), '7FE00010', { bitsStored: 16, highBit: 15 }],
    ['the high bit is the last of the stored ones', without('00280102'), '7FE00010', { bitsStored: 12, highBit: 11 }],
    [
      'one sample, unsigned, MONOCHROME2',
      without('00280002', '00280103', '00280004'),
      '7FE00010',
      { samplesPerPixel: 1, pixelRepresentation: 0, photometricInterpretation: 'MONOCHROME2' },
    ],
    ['no size is no size', without('00280010', '00280011'), '7FE00010', { rows: 0, columns: 0 }],
    [
      'floats have 32 bits, all stored',
      without('00280100'),
      '7FE00008',
      { bitsAllocated: 32, bitsStored: 32, highBit: 31, isFloat: true },
    ],
    ['doubles have 64', without('00280100'), '7FE00009', { bitsAllocated: 64, bitsStored: 64, highBit: 63, isFloat: true }],
    ['bits stored of floats are not looked at', { ...json, '00280100': us(32) }, '7FE00008', { bitsStored: 32 }],
    ['a sign that is neither 0 nor 1 is none', { ...json, '00280103': us(7) }, '7FE00010', { pixelRepresentation: 0 }],
    ['planes apart only where 1 says so', { ...json, '00280006': us(2) }, '7FE00010', { planarConfiguration: 0 }],
    [
      'the last tiles of a matrix that is no multiple',
      { ...json, '00480006': us(7), '00480007': us(8) },
      '7FE00010',
      { lastTile: { rows: 4, columns: 1 } },
    ],
  ])('%s', (_what, of, tag, expected) => expect(frameFormatOf(of, tag)).toMatchObject(expected));

  test('a matrix of whole tiles has no other last one', () => {
    expect(frameFormatOf({ ...json, '00480006': us(6), '00480007': us(8) }, '7FE00010')).not.toHaveProperty('lastTile');
  });

  test.each([
    [{ '7FE00008': { vr: 'OF' } }, '7FE00008'],
    [{ '7FE00009': { vr: 'OD' }, '7FE00010': { vr: 'OW' } }, '7FE00009'],
    [{ '7FE00010': { vr: 'OW' } }, '7FE00010'],
    [{}, '7FE00010'],
  ])('pixels of %j stand under %s', (of, tag) => expect(pixelTagOf(of)).toBe(tag));

  test.each<[Partial<FrameFormat>, string | undefined]>([
    [{}, undefined],
    [{ rows: 1, columns: 65_535 }, undefined],
    [{ rows: 0 }, 'rows or columns out of range'],
    [{ columns: 65_536 }, 'rows or columns out of range'],
    [{ rows: 1.5 }, 'rows or columns out of range'],
    [{ samplesPerPixel: 2 }, 'samples per pixel out of range'],
    [{ samplesPerPixel: 4 }, undefined],
    [{ bitsAllocated: 12 }, 'bits allocated out of range'],
    [{ bitsAllocated: 64, bitsStored: 64, highBit: 63 }, 'bits allocated out of range'],
    [{ bitsAllocated: 64, isFloat: true }, undefined],
    [{ bitsAllocated: 16, isFloat: true }, 'bits allocated out of range'],
    [{ bitsAllocated: 1, bitsStored: 1, highBit: 0 }, undefined],
    [{ bitsStored: 0 }, 'bits stored out of range'],
    [{ bitsStored: 17 }, 'bits stored out of range'],
    [{ bitsStored: 16, highBit: 15 }, undefined],
    [{ highBit: 10 }, 'high bit out of range'],
    [{ highBit: 15 }, undefined],
    [{ highBit: 16 }, 'high bit out of range'],
    [{ rows: 1000, columns: 1001 }, 'frame too large'],
    [{ rows: 1000, columns: 1000 }, undefined],
  ])('%j: %s', (changes, reason) => {
    const check = (): void => checkFormat({ ...gray, ...changes }, 2_000_000);
    if (reason === undefined) check();
    else expect(check).toThrow(expect.objectContaining({ code: 'FRAME_UNREADABLE', message: reason }));
  });

  test('a bit takes a byte once decoded', () => {
    expect([
      decodedBytes(gray),
      decodedBytes({ ...gray, bitsAllocated: 1 }),
      decodedBytes({ ...gray, samplesPerPixel: 3 }),
    ]).toEqual([24, 12, 72]);
  });
});

describe('stored values in their cells (PS3.5 8.1.1)', () => {
  test.each<[string, number, Partial<FrameFormat>, number]>([
    ['16 of 16', 0xffff, { bitsStored: 16, highBit: 15 }, 65_535],
    ['16 of 16, signed', 0xffff, { bitsStored: 16, highBit: 15, pixelRepresentation: 1 }, -1],
    ['the least of 16, signed', 0x8000, { bitsStored: 16, highBit: 15, pixelRepresentation: 1 }, -32_768],
    ['12 of 16, something above', 0xf123, {}, 0x123],
    ['12 of 16, signed', 0x0800, { pixelRepresentation: 1 }, -2048],
    ['12 of 16, signed, the greatest', 0xf7ff, { pixelRepresentation: 1 }, 2047],
    ['12 of 16 at the top, something below', 0x123f, { highBit: 15 }, 0x123],
    ['12 of 16 at the top, signed', 0x800f, { highBit: 15, pixelRepresentation: 1 }, -2048],
    ['10 in the middle', 0b0101_1111_1111_0110, { bitsStored: 10, highBit: 12 }, 0b11_1111_1110],
    ['1 of 8', 0xfe, { bitsAllocated: 8, bitsStored: 1, highBit: 0 }, 0],
    ['32 of 32', -1, { bitsAllocated: 32, bitsStored: 32, highBit: 31 }, 4_294_967_295],
    ['32 of 32, signed', -1, { bitsAllocated: 32, bitsStored: 32, highBit: 31, pixelRepresentation: 1 }, -1],
    ['24 of 32, signed', 0x00800000, { bitsAllocated: 32, bitsStored: 24, highBit: 23, pixelRepresentation: 1 }, -8_388_608],
  ])('%s', (_what, cell, changes, value) => expect(storedValue(cell, storedBits({ ...gray, ...changes }))).toBe(value));

  test('cells are read wherever their bytes begin', () => {
    const odd = Uint8Array.of(9, 1, 0, 2, 0, 3, 0).subarray(1);
    const frame: DecodedFrame = { ...gray, rows: 1, columns: 3, pixels: odd };
    expect([...cellsOf(frame)]).toEqual([1, 2, 3]);
    const wide = { bitsAllocated: 32, bitsStored: 32, highBit: 31 };
    const four = Uint8Array.of(9, 9, 255, 255, 255, 255).subarray(2);
    expect([...cellsOf({ ...frame, ...wide, columns: 1, pixels: four })]).toEqual([-1]);
    const double = Buffer.alloc(9);
    double.writeDoubleLE(-0.5, 1);
    expect([...cellsOf({ ...frame, bitsAllocated: 64, isFloat: true, columns: 1, pixels: double.subarray(1) })]).toEqual([-0.5]);
  });
});

describe('samples in cells of another width', () => {
  test.each<[string, number[], 1 | 2 | 4, 1 | 2 | 4, number, number[]]>([
    ['unsigned bytes in words', [200, 1], 1, 2, 0, [200, 1]],
    ['signed bytes in words', [200, 1], 1, 2, 8, [-56, 1]],
    ['signed 12 bits in 32', [0xff, 0x0f, 1, 0], 2, 4, 12, [-1, 1]],
    ['words as they are', [1, 2, 3, 4], 2, 2, 0, [0x0201, 0x0403]],
  ])('%s', (_what, bytes, from, to, sign, expected) => {
    const { buffer } = widenSamples(Uint8Array.from(bytes), from, to, sign);
    expect([...(to === 2 ? new Int16Array(buffer) : new Int32Array(buffer))]).toEqual(expected);
  });

  test('more bits than are allocated are no frame', () =>
    expect(() => widenSamples(Uint8Array.of(1, 2), 2, 1, 0)).toThrow('more bits than allocated'));
});

describe('a tile that was cut at the edge of its slide', () => {
  const cut = (photometricInterpretation: string, samplesPerPixel: number): DecodedFrame => ({
    ...gray,
    rows: 1,
    columns: 1,
    bitsAllocated: 8,
    bitsStored: 8,
    highBit: 7,
    samplesPerPixel,
    photometricInterpretation,
    pixels: Uint8Array.from({ length: samplesPerPixel }, (_, index) => index + 1),
  });
  test.each([
    ['MONOCHROME2', 1, [1, 0, 0, 0]],
    ['RGB', 3, [1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
    // Black has no colour difference, which is 128.
    ['YBR_FULL', 3, [1, 2, 3, 0, 128, 128, 0, 128, 128, 0, 128, 128]],
  ])('%s is black where nothing was stored', (color, samples, pixels) => {
    expect([...wholeTile(cut(color, samples), { rows: 2, columns: 2 }).pixels]).toEqual(pixels);
  });
  test('of the whole size is itself', () => {
    const tile = cut('RGB', 3);
    expect(wholeTile(tile, { rows: 1, columns: 1 })).toBe(tile);
  });
});
