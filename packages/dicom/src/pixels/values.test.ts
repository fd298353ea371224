import { describe, expect, it } from 'vitest';
import type { DecodedFrame } from './frame-format.ts';
import { grayValues } from './gray-values.ts';
import { mappingWindow, measureFrame, seriesMappingOf } from './measure.ts';
import { IDENTITY, type ModalityTransform } from './modality.ts';
import { valueAt } from './value-reader.ts';
import { valueRange } from './values.ts';

type Cells = Uint8Array | Uint16Array | Int16Array | Uint32Array | Float32Array | Float64Array;
const frame = (cells: Cells, changes: Partial<DecodedFrame> = {}): DecodedFrame => ({
  rows: 1,
  columns: cells.length,
  samplesPerPixel: 1,
  bitsAllocated: cells.BYTES_PER_ELEMENT * 8,
  bitsStored: cells.BYTES_PER_ELEMENT * 8,
  highBit: cells.BYTES_PER_ELEMENT * 8 - 1,
  pixelRepresentation: cells instanceof Int16Array ? 1 : 0,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  isFloat: cells instanceof Float32Array || cells instanceof Float64Array,
  pixels: new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength),
  ...changes,
});
const rescale = (slope: number, intercept: number): ModalityTransform => ({ kind: 'rescale', slope, intercept });
const plan = (modality: ModalityTransform = IDENTITY, padding?: readonly [number, number]) => ({ modality, padding });

describe('modality values of a frame', () => {
  it('are exact one by one: 498 times 0.001 is 0.498', () => {
    expect(valueAt(frame(Uint16Array.of(0, 498)), plan(rescale(0.001, 0)), 1)).toBe(0.498);
    expect(valueAt(frame(Uint32Array.of(4_294_967_295)), plan(rescale(1, 0.5)), 0)).toBe(4_294_967_295.5);
  });
  it('are undefined for padding and outside of the frame', () => {
    const one = frame(Uint16Array.of(7, 8));
    expect([0, 1, 2].map((at) => valueAt(one, plan(IDENTITY, [8, 9]), at))).toEqual([7, undefined, undefined]);
  });
  it.each([
    ['bytes', frame(Uint8Array.of(1)), plan(), Uint8Array],
    [
      'Hounsfield units of 12 bits',
      frame(Uint16Array.of(1), { bitsStored: 12, highBit: 11 }),
      plan(rescale(1, -1024)),
      Int16Array,
    ],
    ['signed words', frame(Int16Array.of(-1)), plan(), Int16Array],
    ['words below zero', frame(Uint16Array.of(1)), plan(rescale(1, -1)), Int32Array],
    ['a slope that is no whole number', frame(Uint16Array.of(1)), plan(rescale(0.5, 0)), Float32Array],
    ['32 bits', frame(Uint32Array.of(1)), plan(), Float64Array],
    ['floats', frame(Float32Array.of(1)), plan(), Float32Array],
    ['doubles', frame(Float64Array.of(1)), plan(), Float64Array],
  ])('stand in the smallest array that holds them: %s', (_name, one, how, kind) =>
    expect(grayValues(one, how).values).toBeInstanceOf(kind),
  );
  it('come with their range and with where padding is', () => {
    const { values, range, padding } = grayValues(frame(Uint16Array.of(5, 1, 9, 3)), plan(rescale(2, 0), [9, 9]));
    expect([[...values], range, padding]).toEqual([[10, 2, 18, 6], { min: 2, max: 10 }, Uint8Array.of(0, 0, 1, 0)]);
    expect(grayValues(frame(Uint16Array.of(5)), plan(IDENTITY, [9, 9])).padding).toBeUndefined();
  });
  it('that are no numbers are in no range', () => {
    expect(valueRange(frame(Float32Array.of(Number.NaN, 2, Number.POSITIVE_INFINITY, -1)), plan())).toEqual({ min: -1, max: 2 });
    expect(valueRange(frame(Float32Array.of(Number.NaN)), plan())).toBeUndefined();
  });
  it('see only the stored bits, sign extended', () => {
    const one = frame(Uint16Array.of(0xf7ff, 0x0800), { bitsStored: 12, highBit: 11, pixelRepresentation: 1 });
    expect([valueAt(one, plan(), 0), valueAt(one, plan(), 1), valueRange(one, plan())]).toEqual([
      2047,
      -2048,
      { min: -2048, max: 2047 },
    ]);
  });
});

describe('the mapping of a series', () => {
  const measure = (cells: Cells, how = plan()) => measureFrame(frame(cells), how);
  it('is the range of all its frames, each by its own slope', () => {
    const frames = [
      measure(Uint16Array.of(0, 100), plan(rescale(1, 0))),
      measure(Uint16Array.of(10, 100), plan(rescale(4, -50))),
    ];
    expect(seriesMappingOf(frames)).toEqual({ lower: -10, upper: 350 });
  });
  it.each([
    ['bytes of one value are shown as they are', [measure(Uint8Array.of(7, 7))], { lower: 0, upper: 255 }],
    ['signed words of one value too', [measure(Int16Array.of(7, 7), plan(rescale(2, 1)))], { lower: -65_535, upper: 65_535 }],
    ['floats of one value lie between 0 and it', [measure(Float32Array.of(-2))], { lower: -2, upper: 0 }],
    ['floats of zeros', [measure(Float32Array.of(0))], { lower: 0, upper: 1 }],
    ['padding alone', [measure(Uint8Array.of(7), plan(IDENTITY, [7, 7]))], { lower: 0, upper: 255 }],
  ])('%s', (_name, measures, expected) => expect(seriesMappingOf(measures)).toEqual(expected));
  it('is a window whose ends are black and white', () => {
    expect(mappingWindow({ lower: 10, upper: 30 })).toEqual({ kind: 'window', center: 20, width: 20, shape: 'linear-exact' });
  });
});
