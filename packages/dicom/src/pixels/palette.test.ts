import { describe, expect, test } from 'vitest';
import type { DicomJsonObject } from '../types.ts';
import { renderColor, renderPalette } from './color.ts';
import type { DecodedFrame } from './frame-format.ts';
import { paletteOf } from './plan-palette.ts';
import { renderFrame } from './render.ts';
import { expandSegmentedPalette } from './segmented-palette.ts';
import { ybrFullToRgb, ybrPartialToRgb } from './ybr.ts';

const noBulk = async (): Promise<undefined> => undefined;
const words = (...values: number[]): string => Buffer.from(Uint16Array.from(values).buffer).toString('base64');
const bytes = (...values: number[]): string => Buffer.from(values).toString('base64');
const color = (samples: number, photometricInterpretation: string, pixels: number[]): DecodedFrame => ({
  rows: 1,
  columns: pixels.length / samples,
  samplesPerPixel: samples,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  photometricInterpretation,
  planarConfiguration: 0,
  isFloat: false,
  pixels: Uint8Array.from(pixels),
});

/** A palette image of two colours: black, and this one. */
const image = (data: (index: number) => object, descriptor = [2, 0, 16]): DicomJsonObject => ({
  '00280004': { vr: 'CS', Value: ['PALETTE COLOR'] },
  ...Object.fromEntries([1, 2, 3].map((index) => [`0028110${index}`, { vr: 'US', Value: descriptor }])),
  ...Object.assign({}, ...[1, 2, 3].map(data)),
});

describe('palettes (PS3.3 C.7.9)', () => {
  const shown = async (json: DicomJsonObject, pixels: number[]): Promise<number[] | undefined> => {
    const palette = await paletteOf(json, noBulk);
    return palette && [...renderPalette(color(1, 'PALETTE COLOR', pixels), palette)];
  };

  test.each<[string, (index: number) => object, number[] | undefined, number[]]>([
    [
      'of 16 bits give their upper byte',
      (index) => ({ [`0028120${index}`]: { vr: 'OW', InlineBinary: words(0, index * 0x1000) } }),
      undefined,
      [16, 32, 48],
    ],
    [
      'of bytes in words are taken as they are',
      (index) => ({ [`0028120${index}`]: { vr: 'OW', InlineBinary: words(0, index * 50) } }),
      undefined,
      [50, 100, 150],
    ],
    [
      'of bytes packed two to a word',
      (index) => ({ [`0028120${index}`]: { vr: 'OW', InlineBinary: bytes(0, index * 50) } }),
      [2, 0, 8],
      [50, 100, 150],
    ],
    [
      'in segments of words',
      (index) => ({ [`0028122${index}`]: { vr: 'OW', InlineBinary: words(0, 1, 0, 1, 1, index * 0x1000) } }),
      undefined,
      [16, 32, 48],
    ],
    [
      'in segments of bytes',
      (index) => ({ [`0028122${index}`]: { vr: 'OW', InlineBinary: bytes(0, 2, 0, index * 20) } }),
      [2, 0, 8],
      [20, 40, 60],
    ],
  ])('%s', async (_what, data, descriptor, expected) => {
    expect(await shown(image(data, descriptor), [0, 1])).toEqual([0, 0, 0, ...expected]);
  });

  test('inputs below the first take it, those above the last take the last', async () => {
    const json = image((index) => ({ [`0028120${index}`]: { vr: 'OW', InlineBinary: words(10, 20) } }), [2, 100, 16]);
    expect(await shown(json, [0, 101, 255])).toEqual([10, 10, 10, 20, 20, 20, 20, 20, 20]);
  });

  test('a missing table is no palette, and then no picture; another image has none', async () => {
    const json = image((index) => (index === 2 ? {} : { [`0028120${index}`]: { vr: 'OW', InlineBinary: words(0, 1) } }));
    expect(await paletteOf(json, noBulk)).toBeUndefined();
    expect(await paletteOf({ ...image(() => ({})), '00280004': { vr: 'CS', Value: ['MONOCHROME2'] } }, noBulk)).toBeUndefined();
    const plan = {
      gray: { modality: { kind: 'rescale', slope: 1, intercept: 0 }, voi: undefined, isInverted: false, padding: undefined },
      palette: undefined,
      overlays: [],
      embeddedOverlays: [],
    } as const;
    expect(() => renderFrame(color(1, 'PALETTE COLOR', [0]), plan)).toThrow('palette missing');
  });

  test.each<[string, number[], number[]]>([
    ['a discrete segment', [0, 3, 7, 8, 9], [7, 8, 9]],
    ['a line, its end included, its start not', [0, 1, 0, 1, 4, 100], [0, 25, 50, 75, 100]],
    ['a line downwards, rounded', [0, 1, 10, 1, 3, 0], [10, 7, 3, 0]],
    ['a copy of what stood before', [0, 1, 5, 1, 2, 9, 2, 1, 6, 0], [5, 7, 9, 9, 9]],
    ['a copy of two segments', [0, 1, 5, 1, 2, 9, 2, 2, 0, 0], [5, 7, 9, 5, 7, 9]],
    ['nothing', [], []],
  ])('segments: %s (C.7.9.2)', (_what, data, expected) => {
    expect(expandSegmentedPalette(new Uint8Array(Uint16Array.from(data).buffer), 2)).toEqual(expected);
  });

  test('a line has to begin somewhere', () => {
    expect(() => expandSegmentedPalette(new Uint8Array(Uint16Array.of(1, 2, 9).buffer), 2)).toThrow('palette segment unknown');
  });

  test('a copy of a long line ends before it is longer than any palette', () => {
    const long = [0, 1, 1, 1, 60_000, 9, 2, 1, 6, 0];
    expect(() => expandSegmentedPalette(new Uint8Array(Uint16Array.from(long).buffer), 2)).toThrow('palette too long');
  });
});

describe('colour by hand (PS3.3 C.7.6.3.1.2)', () => {
  // ITU-R BT.601: Y = 0.299 R + 0.587 G + 0.114 B, Cb and Cr scaled to 128 ± 127.5.
  test.each<[string, number[], number[]]>([
    ['black', [0, 128, 128], [0, 0, 0]],
    ['white', [255, 128, 128], [255, 255, 255]],
    ['grey', [100, 128, 128], [100, 100, 100]],
    ['red', [76, 85, 255], [254, 0, 0]],
    ['green', [150, 44, 21], [0, 255, 1]],
    ['blue', [29, 255, 107], [0, 0, 254]],
    ['beyond all', [255, 255, 255], [255, 121, 255]],
  ])('full range: %s', (_what, ybr, rgb) => expect([...ybrFullToRgb(Uint8Array.from(ybr))]).toEqual(rgb));

  test.each<[string, number[], number[]]>([
    ['black', [16, 128, 128], [0, 0, 0]],
    ['white', [235, 128, 128], [255, 255, 255]],
    ['below black', [0, 128, 128], [0, 0, 0]],
    ['grey', [126, 128, 128], [128, 128, 128]],
    ['red', [81, 90, 240], [254, 0, 0]],
  ])('partial range: %s', (_what, ybr, rgb) => expect([...ybrPartialToRgb(Uint8Array.from(ybr))]).toEqual(rgb));

  test.each<[string, DecodedFrame, number[]]>([
    ['RGB is itself', color(3, 'RGB', [1, 2, 3, 4, 5, 6]), [1, 2, 3, 4, 5, 6]],
    ['a fourth sample is left out', color(4, 'RGB', [1, 2, 3, 99, 4, 5, 6, 99]), [1, 2, 3, 4, 5, 6]],
    ['YBR_FULL', color(3, 'YBR_FULL', [100, 128, 128]), [100, 100, 100]],
    ['YBR_FULL_422, expanded', color(3, 'YBR_FULL_422', [255, 128, 128]), [255, 255, 255]],
    ['YBR_PARTIAL_422, expanded', color(3, 'YBR_PARTIAL_422', [235, 128, 128]), [255, 255, 255]],
    [
      '12 bits keep their upper 8',
      { ...color(3, 'RGB', [0xf0, 0x0f, 0x10, 0x00, 0x0f, 0x00]), columns: 1, bitsAllocated: 16, bitsStored: 12, highBit: 11 },
      [255, 1, 0],
    ],
  ])('%s', (_what, frame, rgb) => expect([...renderColor(frame)]).toEqual(rgb));
});
