import { describe, expect, it } from 'vitest';
import { renderColor, renderPalette } from './color.ts';
import type { DecodedFrame } from './frame-format.ts';
import { type GrayPlan, renderGray } from './gray.ts';
import { interleavePlanes, unpackBits, widenSamples } from './layout.ts';
import { lookUp, lookupTable } from './lookup.ts';
import { IDENTITY } from './modality.ts';
import { burnOverlay, embeddedOverlay } from './overlay.ts';
import { decodeRle } from './rle.ts';
import { expandSegmentedPalette } from './segmented-palette.ts';
import type { Voi, WindowFunction } from './voi.ts';
import { voiFunction } from './voi-functions.ts';
import { expandChroma422, ybrFullToRgb } from './ybr.ts';

const bytesOf = (...words: number[]): Uint8Array => new Uint8Array(Uint16Array.from(words).buffer);
const frame = (pixels: Uint8Array, changes: Partial<DecodedFrame> = {}): DecodedFrame => ({
  rows: 1,
  columns: pixels.length,
  samplesPerPixel: 1,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  isFloat: false,
  pixels,
  ...changes,
});
const words = { bitsAllocated: 16, bitsStored: 16, highBit: 15 };
const window = (center: number, width: number, shape: WindowFunction = 'linear'): Voi => ({
  kind: 'window',
  center,
  width,
  shape,
});
const plan = (changes: Partial<GrayPlan> = {}): GrayPlan => ({
  modality: IDENTITY,
  voi: { kind: 'window', center: 127.5, width: 255, shape: 'linear-exact' },
  isInverted: false,
  padding: undefined,
  ...changes,
});
const gray = (pixels: Uint8Array, format: Partial<DecodedFrame>, changes: Partial<GrayPlan>): number[] => [
  ...renderGray(frame(pixels, format), plan(changes)),
];

describe('windows (PS3.3 C.11.2.1.2)', () => {
  it('LINEAR: centre 2048 and width 4096 show 0 as black and 4095 as white', () => {
    const shown = voiFunction(window(2048, 4096));
    expect([shown(0), shown(4095), shown(-5), shown(9999)]).toEqual([0, 1, 0, 1]);
    expect(shown(2047.5)).toBeCloseTo(0.5, 12);
  });
  it('LINEAR: width 1 is a threshold', () => {
    const shown = voiFunction(window(100, 1));
    expect([shown(99), shown(99.5), shown(100)]).toEqual([0, 0, 1]);
  });
  it('LINEAR_EXACT: centre 2048 and width 4096 reach white at 4096', () => {
    const shown = voiFunction(window(2048, 4096, 'linear-exact'));
    expect([shown(0), shown(2048), shown(4096)]).toEqual([0, 0.5, 1]);
  });
  it('SIGMOID: half at the centre, 1 / (1 + e^-2) half a width above', () => {
    const shown = voiFunction(window(50, 20, 'sigmoid'));
    expect(shown(50)).toBe(0.5);
    expect(shown(60)).toBeCloseTo(1 / (1 + Math.exp(-2)), 12);
  });
});

describe('lookup tables (PS3.3 C.11.1.1.1)', () => {
  it('take the first entry below and the last above their inputs', () => {
    const table = lookupTable([3, 10, 16], bytesOf(5, 6, 7), false);
    expect(table && [9, 10, 11, 12, 13].map((input) => lookUp(table, input))).toEqual([5, 5, 6, 7, 7]);
  });
  it('have 65,536 entries when the descriptor says 0', () => {
    expect(lookupTable([0, 0, 16], new Uint8Array(131_072), false)?.values.length).toBe(65_536);
  });
  it('begin below zero for signed data, and accept bytes packed in words', () => {
    expect(lookupTable([2, 65_535, 8], Uint8Array.of(1, 2), true)).toMatchObject({ first: -1, bits: 8 });
  });
  it('are refused when entries are missing', () => expect(lookupTable([300, 0, 16], bytesOf(1), false)).toBeUndefined());
});

describe('grayscale pipeline (PS3.4 N.2)', () => {
  it('rescales signed 16-bit values before the window', () => {
    const modality = { kind: 'rescale', slope: 2, intercept: -100 } as const;
    const pixels = new Uint8Array(Int16Array.of(-50, 50, 150).buffer);
    expect(gray(pixels, { ...words, pixelRepresentation: 1 }, { modality, voi: window(0, 400, 'linear-exact') })).toEqual([
      0, 128, 255,
    ]);
  });
  it('sees only the stored bits of a cell and their sign at the high bit (PS3.5 8.1.1)', () => {
    const twelve = { ...words, bitsStored: 12, highBit: 11, pixelRepresentation: 1 } as const;
    expect(gray(bytesOf(0x0fff, 0xf001), twelve, { voi: window(0, 2, 'linear-exact') })).toEqual([0, 255]);
  });
  it('inverts MONOCHROME1', () => {
    expect(gray(Uint8Array.of(0, 255), {}, { voi: window(128, 256), isInverted: true })).toEqual([255, 0]);
  });
  it('shows padding black, inverted or not (C.7.5.1.1.2)', () => {
    for (const isInverted of [false, true])
      expect(gray(bytesOf(5, 9), words, { voi: window(0, 2, 'linear-exact'), padding: [0, 9], isInverted })).toEqual([0, 0]);
  });
  it('shows 32-bit unsigned and floating-point values, what is no number black', () => {
    const integers = new Uint8Array(Uint32Array.of(0, 4_000_000_000).buffer);
    const wide = { bitsAllocated: 32, bitsStored: 32, highBit: 31 };
    expect(gray(integers, wide, { voi: window(2e9, 4e9, 'linear-exact') })).toEqual([0, 255]);
    const floats = new Uint8Array(Float32Array.of(-1.5, 0, 1.5, Number.NaN).buffer);
    const shown = gray(floats, { ...wide, isFloat: true }, { voi: window(0, 3, 'linear-exact'), isInverted: true });
    expect(shown).toEqual([255, 128, 0, 0]);
  });
  it('has no gray without a window: the mapping of the series is for the caller to bring', () =>
    expect(() => gray(Uint8Array.of(1), {}, { voi: undefined })).toThrow('no window'));
  it('applies a VOI LUT over the bits of its entries', () => {
    const table = lookupTable([2, 0, 12], bytesOf(0, 4095), false);
    if (table === undefined) throw new Error('no table');
    expect(gray(Uint8Array.of(0, 1, 9), {}, { voi: { kind: 'table', table } })).toEqual([0, 255, 255]);
  });
});

describe('colour', () => {
  it('YBR_FULL becomes RGB (PS3.3 C.7.6.3.1.2)', () => {
    expect([...ybrFullToRgb(Uint8Array.of(76, 85, 255, 128, 128, 128))]).toEqual([254, 0, 0, 128, 128, 128]);
  });
  it('samples deeper than 8 bits keep their highest bits', () => {
    const deep = frame(bytesOf(0xff00, 0x8000, 0x0100), { ...words, samplesPerPixel: 3, photometricInterpretation: 'RGB' });
    expect([...renderColor(deep)]).toEqual([255, 128, 1]);
  });
  it('palettes of 16 bits give their upper byte', () => {
    const table = lookupTable([2, 0, 16], bytesOf(0x1200, 0xff00), false);
    if (table === undefined) throw new Error('no table');
    expect([...renderPalette(frame(Uint8Array.of(0, 1)), { red: table, green: table, blue: table })]).toEqual([
      18, 18, 18, 255, 255, 255,
    ]);
  });
  it('segmented palettes expand discrete, linear and indirect segments (C.7.9.2)', () => {
    const data = bytesOf(0, 2, 10, 20, 1, 2, 40, 2, 2, 0, 0);
    expect(expandSegmentedPalette(data, 2)).toEqual([10, 20, 30, 40, 10, 20, 30, 40]);
  });
  it.each([
    ['an unknown segment', bytesOf(9, 1, 1)],
    ['a segment that ends too early', bytesOf(0, 5, 1)],
    ['an indirect segment to itself', bytesOf(0, 1, 1, 2, 1, 6, 0)],
    ['an indirect segment outside', bytesOf(0, 1, 1, 2, 1, 60000, 9)],
  ])('refuses %s', (_name, data) =>
    expect(() => expandSegmentedPalette(data, 2)).toThrow(expect.objectContaining({ code: 'FRAME_UNREADABLE' })),
  );
});

describe('layout', () => {
  it('bits come lowest first (PS3.5 8.1.1)', () => expect([...unpackBits(Uint8Array.of(0b1010), 5)]).toEqual([0, 1, 0, 1, 0]));
  it('planes are interleaved', () =>
    expect([...interleavePlanes(Uint8Array.of(1, 2, 3, 4, 5, 6), 3, 1)]).toEqual([1, 3, 5, 2, 4, 6]));
  it('shared chrominance is given to both pixels', () => {
    expect([...expandChroma422(Uint8Array.of(1, 2, 8, 9), 1, 2)]).toEqual([1, 8, 9, 2, 8, 9]);
  });
  it('wider cells keep the sign', () => {
    expect(new Int16Array(widenSamples(Uint8Array.of(0xff, 1), 1, 2, 8).buffer)).toEqual(Int16Array.of(-1, 1));
  });
  it('RLE: replicated and literal runs, most significant byte first (PS3.5 G.3)', () => {
    const header = new Uint8Array(64);
    new DataView(header.buffer).setUint32(0, 2, true);
    new DataView(header.buffer).setUint32(4, 64, true);
    new DataView(header.buffer).setUint32(8, 66, true);
    expect([...decodeRle(Uint8Array.of(...header, 254, 1, 2, 7, 8, 9), 3, 1, 2)]).toEqual([7, 1, 8, 1, 9, 1]);
  });
});

describe('overlays (PS3.3 C.9.2)', () => {
  it('are burned in white at their origin, what lies outside is left out', () => {
    const image = { pixels: new Uint8Array(4), rows: 2, columns: 2, channels: 1 };
    burnOverlay(image, { rows: 2, columns: 2, originRow: 2, originColumn: 0, bits: Uint8Array.of(1, 1, 1, 1) });
    expect([...image.pixels]).toEqual([0, 0, 255, 0]);
  });
  it('are read from unused bits of the cells', () => {
    expect([...embeddedOverlay(frame(bytesOf(0x8001, 0x7001), words), 15)]).toEqual([1, 0]);
  });
});
