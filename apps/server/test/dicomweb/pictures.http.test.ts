import { type SmallPictureOptions, smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, displayUrl, type Gallery, openGallery } from './pictures-support.ts';

type Picture = Omit<SmallPictureOptions, 'seed' | 'columns'> & { readonly columns?: number };
/** What it is, the picture, and the bytes of its first frame that were worked out by hand. */
type Case = readonly [string, Picture, readonly number[]];

const words = (...values: number[]): Uint16Array => Uint16Array.from(values);
const table = (values: readonly number[], bits: number, first = 0) => ({
  LUTDescriptor: [values.length, first, bits],
  LUTData: new Uint8Array(Uint16Array.from(values).buffer),
});
/** Maps 0 to 1000 onto 0 to 255: LINEAR_EXACT 500, 1000. */
const THOUSAND = { WindowCenter: 500, WindowWidth: 1000, VOILUTFunction: 'LINEAR_EXACT' };
const BYTE = { WindowCenter: 127.5, WindowWidth: 255, VOILUTFunction: 'LINEAR_EXACT' };
const group = (items: readonly (readonly [number, number, number])[]) => ({
  '52009230': {
    vr: 'SQ' as const,
    value: items.map(([slope, center, width]) => ({
      '00289145': { vr: 'SQ' as const, value: [{ RescaleSlope: slope, RescaleIntercept: 0 }] },
      '00289132': { vr: 'SQ' as const, value: [{ WindowCenter: center, WindowWidth: width, VOILUTFunction: 'LINEAR_EXACT' }] },
    })),
  },
});
const padded = (limit: number | undefined, more: object = {}) => ({
  PixelPaddingValue: 5000,
  PixelPaddingRangeLimit: limit,
  ...more,
});
const ramp16 = (value: (index: number) => number): Uint8Array =>
  new Uint8Array(Uint16Array.from({ length: 65_536 }, (_, index) => value(index)).buffer);
const palette = (descriptor: readonly number[], data: readonly Uint8Array[], segmented = false) =>
  Object.fromEntries(
    ['Red', 'Green', 'Blue'].flatMap((name, index) => [
      [`${name}PaletteColorLookupTableDescriptor`, descriptor],
      segmented ? [`0028122${index + 1}`, { vr: 'OW', value: data[index] }] : [`${name}PaletteColorLookupTableData`, data[index]],
    ]),
  );
const bytesOf = (...values: number[]): Uint8Array => new Uint8Array(Uint16Array.from(values).buffer);

const CASES: readonly Case[] = [
  // Modality values (PS3.3 C.11.1)
  [
    'slope 0.001, no window',
    { cells: words(0, 250, 498, 1000), dataset: { RescaleSlope: 0.001, RescaleIntercept: 0 } },
    [0, 64, 127, 255],
  ],
  [
    'slope -1',
    { cells: words(0, 251, 748, 1000), dataset: { RescaleSlope: -1, RescaleIntercept: 1000, ...THOUSAND } },
    [255, 191, 64, 0],
  ],
  [
    'intercept without slope',
    { cells: words(1000, 1252, 2000), dataset: { RescaleIntercept: -1000, ...THOUSAND } },
    [0, 64, 255],
  ],
  ['slope without intercept', { cells: words(0, 126, 500), dataset: { RescaleSlope: 2, ...THOUSAND } }, [0, 64, 255]],
  [
    'Modality LUT',
    { cells: words(0, 1, 2, 3), dataset: { ModalityLUTSequence: [table([1000, 748, 252, 0], 16)], ...THOUSAND } },
    [255, 191, 64, 0],
  ],
  [
    'dose grid scaling, no window',
    { modality: 'RTDOSE', cells: words(0, 250, 498, 1000), dataset: { DoseGridScaling: 0.002, DoseUnits: 'GY' } },
    [0, 64, 127, 255],
  ],
  [
    'per-frame slope and window',
    {
      cells: words(0, 100, 0, 100),
      frames: 2,
      dataset: group([
        [10, 500, 1000],
        [1, 50, 100],
      ]),
    },
    [0, 255],
  ],
  // Bits and sign (PS3.5 8.1.1)
  ['bits above Bits Stored', { cells: words(0xf000, 0x13e8, 0x80fc), bitsStored: 12, dataset: THOUSAND }, [0, 255, 64]],
  [
    'High Bit 15, 12 stored',
    { cells: words(0x000f, 0x3e80, 0x0fc0), bitsStored: 12, dataset: { HighBit: 15, ...THOUSAND } },
    [0, 255, 64],
  ],
  [
    'signed 12 bits whose sign is not extended',
    {
      cells: words(0x0f06, 0, 0x00fa),
      bitsStored: 12,
      dataset: { PixelRepresentation: 1, WindowCenter: 0, WindowWidth: 500, VOILUTFunction: 'LINEAR_EXACT' },
    },
    [0, 128, 255],
  ],
  ['signed 8 bits, no window', { cells: Int8Array.of(-128, -64, 0, 127) }, [0, 64, 128, 255]],
  [
    'unsigned 32 bits',
    { cells: Uint32Array.of(0, 1_000_000_000, 4_000_000_000), dataset: { WindowCenter: 2e9, WindowWidth: 4e9 } },
    [0, 64, 255],
  ],
  [
    'signed 32 bits',
    { cells: Int32Array.of(-2_000_000_000, -1_000_000_000, 2_000_000_000), dataset: { WindowCenter: 0, WindowWidth: 4e9 } },
    [0, 64, 255],
  ],
  ['floats, no window', { cells: Float32Array.of(-1, -0.5, 1) }, [0, 64, 255]],
  ['doubles, no window', { cells: Float64Array.of(1e-9, 1.252e-9, 2e-9) }, [0, 64, 255]],
  [
    'one bit, all 0',
    { cells: Uint8Array.of(0), dataset: { BitsAllocated: 1, BitsStored: 1, HighBit: 0, Rows: 2, Columns: 2 } },
    [0, 0, 0, 0],
  ],
  [
    'one bit, all 1',
    { cells: Uint8Array.of(15), dataset: { BitsAllocated: 1, BitsStored: 1, HighBit: 0, Rows: 2, Columns: 2 } },
    [255, 255, 255, 255],
  ],
  // Windows and tables (PS3.3 C.11.2)
  [
    'SIGMOID',
    { cells: words(500, 600, 400), dataset: { WindowCenter: 500, WindowWidth: 400, VOILUTFunction: 'SIGMOID' } },
    [128, 186, 69],
  ],
  [
    'VOI LUT of 12 bits and no window',
    { cells: words(0, 1, 2, 9), dataset: { VOILUTSequence: [table([0, 1028, 4095], 12)] } },
    [0, 64, 255, 255],
  ],
  [
    'VOI LUT that begins below zero',
    { cells: Int16Array.of(-2, -1, 0), dataset: { VOILUTSequence: [table([0, 64, 255], 8, 65_534)] } },
    [0, 64, 255],
  ],
  ['width 0 counts as none', { cells: words(0, 252, 1000), dataset: { WindowCenter: 0, WindowWidth: 0 } }, [0, 64, 255]],
  [
    'the first of several windows empty',
    {
      cells: words(0, 252, 1000),
      dataset: {
        WindowCenter: { vr: 'DS', value: '\\500' },
        WindowWidth: { vr: 'DS', value: '\\1000' },
        VOILUTFunction: 'LINEAR_EXACT',
      },
    },
    [0, 64, 255],
  ],
  [
    'the first of several windows',
    { cells: words(0, 252, 1000), dataset: { WindowCenter: [500, 5], WindowWidth: [1000, 10], VOILUTFunction: 'LINEAR_EXACT' } },
    [0, 64, 255],
  ],
  [
    'width 1 is a threshold at centre - 0.5',
    { cells: Uint8Array.of(0, 1), dataset: { WindowCenter: 0.5, WindowWidth: 1 } },
    [0, 255],
  ],
  ['8-bit ultrasound as it is', { modality: 'US', cells: Uint8Array.of(10, 64, 200) }, [10, 64, 200]],
  [
    'CT without a window in soft tissue',
    { modality: 'CT', cells: words(0, 1064, 4095), dataset: { RescaleIntercept: -1024, RescaleSlope: 1 } },
    [0, 128, 255],
  ],
  // Presentation and padding (PS3.3 C.7.5.1.1.2, C.11.6)
  [
    'MONOCHROME1',
    { cells: words(0, 252, 1000), dataset: { PhotometricInterpretation: 'MONOCHROME1', ...THOUSAND } },
    [255, 191, 0],
  ],
  [
    'Presentation LUT Shape INVERSE',
    { cells: words(0, 252, 1000), dataset: { PresentationLUTShape: 'INVERSE', ...THOUSAND } },
    [255, 191, 0],
  ],
  ['padding is in no range', { cells: words(5000, 0, 252, 1000), dataset: padded(undefined) }, [0, 0, 64, 255]],
  [
    'padding up to its limit, MONOCHROME1',
    { cells: words(5000, 6000, 0, 252, 1000), dataset: padded(6000, { PhotometricInterpretation: 'MONOCHROME1' }) },
    [0, 0, 255, 191, 0],
  ],
  [
    'one value of padding is not trusted after lossy coding',
    { cells: words(5000, 0, 1260), dataset: padded(undefined, { LossyImageCompression: '01' }) },
    [255, 0, 64],
  ],
  [
    'a range of padding is trusted after lossy coding',
    { cells: words(5000, 0, 252, 1000), dataset: padded(5001, { LossyImageCompression: '01' }) },
    [0, 0, 64, 255],
  ],
  // Colour (PS3.3 C.7.6.3.1.2, C.7.9)
  [
    'RGB that kept a rescale',
    {
      cells: Uint8Array.of(1, 2, 3, 200, 100, 0),
      samplesPerPixel: 3,
      dataset: { RescaleSlope: 1, RescaleIntercept: -1024, WindowCenter: 40, WindowWidth: 400 },
    },
    [1, 2, 3, 200, 100, 0],
  ],
  ['RGB of 16 bits, its high bytes', { cells: words(0x01ff, 0x0200, 0xff00), samplesPerPixel: 3 }, [1, 2, 255]],
  [
    'a palette of 65,536 entries',
    {
      cells: words(0x0102, 0xff00),
      dataset: {
        PhotometricInterpretation: 'PALETTE COLOR',
        ...palette([0, 0, 16], [ramp16((i) => i), ramp16((i) => 65_535 - i), ramp16(() => 0x1234)]),
      },
    },
    [1, 254, 0x12, 255, 0, 0x12],
  ],
  [
    'a palette in segments',
    {
      cells: Uint8Array.of(0, 2, 3),
      dataset: {
        PhotometricInterpretation: 'PALETTE COLOR',
        ...palette(
          [4, 0, 16],
          [bytesOf(0, 2, 0x1000, 0x2000, 1, 2, 0x4000), bytesOf(0, 1, 0xff00, 1, 3, 0), bytesOf(0, 4, 0, 0x100, 0x200, 0x300)],
          true,
        ),
      },
    },
    [0x10, 255, 0, 0x30, 0x55, 2, 0x40, 0, 3],
  ],
  ['a window that nobody means: bytes as they are', { cells: Uint8Array.of(0, 64, 255), dataset: BYTE }, [0, 64, 255]],
];

describe('rendered pictures have the values that were worked out by hand', () => {
  let gallery: Gallery;
  const pictures = CASES.map(([name, picture, expected], index) => {
    const made = smallPicture({
      columns: picture.cells.length / (picture.samplesPerPixel ?? 1) / (picture.frames ?? 1),
      ...picture,
      seed: `case-${index}`,
    });
    return { name, made, expected };
  });

  beforeAll(async () => {
    gallery = await openGallery();
    await gallery.store(pictures.map(({ made }) => made.bytes));
  }, 120_000);
  afterAll(() => gallery.close());

  it.each(pictures)('$name', async ({ made, expected }) => {
    const { data, channels, width, height } = await gallery.png(`${addressOf(made).instance}/frames/1/rendered`);
    const isColor = expected.length === width * height * 3;
    expect([...data].filter((_, index) => isColor || index % channels === 0)).toEqual(expected);
  });

  it('the second frame has its own slope and window', async () => {
    const [frames] = pictures.filter(({ name }) => name.startsWith('per-frame'));
    const { data } = await gallery.png(
      `${addressOf(frames?.made ?? pictures[0]?.made ?? smallPicture({ seed: '', columns: 1, cells: words(0) })).instance}/frames/2/rendered`,
    );
    expect([data[0], data.at(-1)]).toEqual([0, 255]);
  });

  it('the mapping of a dose is in Gy', async () => {
    const [dose] = pictures.filter(({ name }) => name.startsWith('dose'));
    if (dose === undefined) throw new Error('no such picture');
    expect((await gallery.get(displayUrl(dose.made))).json()).toEqual({ mapping: { lower: 0, upper: 2 }, isWhole: true });
  });
});

describe('pixels that are not square are rendered in their proportions (PS3.3 C.7.6.3.1.7, 10.7.1)', () => {
  let gallery: Gallery;
  const cells = Uint8Array.from({ length: 32 }, (_, index) => index * 8);
  const wide = smallPicture({ seed: 'aspect-1', columns: 4, cells, dataset: { PixelAspectRatio: [1, 2] } });
  const tall = smallPicture({
    seed: 'aspect-2',
    columns: 4,
    cells,
    dataset: { PixelSpacing: [1.5, 0.5], PixelAspectRatio: [1, 2] },
  });
  const imager = smallPicture({ seed: 'aspect-3', columns: 4, cells, dataset: { ImagerPixelSpacing: [0.2, 0.1] } });
  const square = smallPicture({ seed: 'aspect-4', columns: 4, cells, dataset: { PixelSpacing: [0, 0] } });

  beforeAll(async () => {
    gallery = await openGallery();
    await gallery.store([wide, tall, imager, square].map(({ bytes }) => bytes));
  });
  afterAll(() => gallery.close());

  it.each([
    ['Pixel Aspect Ratio 1\\2', wide, '', [8, 8]],
    ['Pixel Spacing before it', tall, '', [4, 24]],
    ['Imager Pixel Spacing', imager, '', [4, 16]],
    ['spacing of zero says nothing', square, '', [4, 8]],
    ['a viewport', wide, '?viewport=64,4', [4, 4]],
    ['a region of a viewport', tall, '?viewport=100,6,0,0,4,4', [2, 6]],
  ] as const)('%s', async (_name, picture, query, size) => {
    const { width, height } = await gallery.png(`${addressOf(picture).instance}/rendered${query}`);
    expect([width, height]).toEqual(size);
  });
});
