import { describe, expect, test } from 'vitest';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import type { DecodedFrame } from './frame-format.ts';
import { overlaysOf } from './plan-overlays.ts';
import { renderFrame } from './render.ts';

const us = (value: number): DicomJsonElement => ({ vr: 'US', Value: [value] });
const noBulk = async (): Promise<undefined> => undefined;
/** A plane of 2 × 3 pixels in group 6000 whose bits are these bytes, lowest first. */
const plane = (bits: number[], more: DicomJsonObject = {}): DicomJsonObject => ({
  '60000010': us(2),
  '60000011': us(3),
  '60000050': { vr: 'SS', Value: [1, 1] },
  '60003000': { vr: 'OW', InlineBinary: Buffer.from(bits).toString('base64') },
  ...more,
});
const bitsOf = async (json: DicomJsonObject, frame = 0): Promise<number[][]> =>
  (await overlaysOf(json, frame, noBulk)).overlays.map(({ bits }) => [...bits]);

describe('overlay planes of a dataset (PS3.3 C.9.2)', () => {
  test('are unpacked, lowest bit first, and placed where they say', async () => {
    const { overlays } = await overlaysOf(plane([0b10_1001], { '60000050': { vr: 'SS', Value: [2, -1] } }), 0, noBulk);
    expect(overlays).toEqual([{ rows: 2, columns: 3, originRow: 2, originColumn: -1, bits: Uint8Array.of(1, 0, 0, 1, 0, 1) }]);
  });

  test('without an origin lie at the first pixel', async () => {
    const { '60000050': _origin, ...json } = plane([0xff]);
    expect((await overlaysOf(json, 0, noBulk)).overlays[0]).toMatchObject({ originRow: 1, originColumn: 1 });
  });

  test.each<[string, DicomJsonObject]>([
    ['have no rows', plane([0xff], { '60000010': us(0) })],
    ['have too few bits', plane([])],
    ['are bits of a cell, and do not say which', { ...plane([0]), '60003000': { vr: 'OW' }, '60000100': us(16) }],
    ['are bits of a cell that are values', { ...plane([0]), '60003000': { vr: 'OW' }, '60000100': us(16), '60000102': us(0) }],
  ])('that %s are left out, and cost nothing else', async (_what, json) => {
    expect(
      await overlaysOf(
        { ...json, '60020010': us(1), '60020011': us(1), '60023000': { vr: 'OW', InlineBinary: 'AQA=' } },
        0,
        noBulk,
      ),
    ).toEqual({
      overlays: [{ rows: 1, columns: 1, originRow: 1, originColumn: 1, bits: Uint8Array.of(1) }],
      embeddedOverlays: [],
    });
  });

  test('stand in any of the sixteen groups', async () => {
    const json: DicomJsonObject = {
      '601E0010': us(1),
      '601E0011': us(1),
      '601E3000': { vr: 'OB', InlineBinary: 'AQA=' },
      '60200010': us(1),
      '60200011': us(1),
      '60203000': { vr: 'OB', InlineBinary: 'AQA=' },
    };
    expect(await bitsOf(json)).toEqual([[1]]);
  });

  test('of several frames belong to theirs, counted from Image Frame Origin (60xx,0051)', async () => {
    // Three planes of six bits, one after the other: the first pixel of the first, the last one of the third.
    const json = plane([0b0000_0001, 0b0000_0000, 0b0000_0010], { '60000015': { vr: 'IS', Value: [3] }, '60000051': us(2) });
    const shown = await Promise.all([0, 1, 2, 3, 4].map((frame) => bitsOf(json, frame)));
    expect(shown).toEqual([[], [[1, 0, 0, 0, 0, 0]], [[0, 0, 0, 0, 0, 0]], [[0, 0, 0, 0, 0, 1]], []]);
  });

  test('of one plane belong to every frame', async () => {
    expect([await bitsOf(plane([1]), 0), await bitsOf(plane([1]), 9)]).toEqual([[[1, 0, 0, 0, 0, 0]], [[1, 0, 0, 0, 0, 0]]]);
  });

  test('whose data are elsewhere are asked for', async () => {
    const json = plane([], { '60003000': { vr: 'OW', BulkDataURI: 'bulk:7' } });
    const asked: string[] = [];
    const read = async (uri: string): Promise<Uint8Array> => {
      asked.push(uri);
      return Uint8Array.of(0b100);
    };
    expect((await overlaysOf(json, 0, read)).overlays.map(({ bits }) => [...bits])).toEqual([[0, 0, 1, 0, 0, 0]]);
    expect(asked).toEqual(['bulk:7']);
  });
});

describe('overlays on a picture', () => {
  const frame: DecodedFrame = {
    rows: 2,
    columns: 3,
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: 12,
    highBit: 11,
    pixelRepresentation: 0,
    photometricInterpretation: 'MONOCHROME2',
    planarConfiguration: 0,
    isFloat: false,
    pixels: new Uint8Array(Uint16Array.of(0x8000, 0, 0, 0, 0, 0x8000).buffer),
  };
  const gray = {
    modality: { kind: 'rescale', slope: 1, intercept: 0 },
    voi: { kind: 'window', center: 2048, width: 4096, shape: 'linear' },
    isInverted: false,
    padding: undefined,
  } as const;

  test('in unused bits of the cells are white (PS3.5-2004 8.1.2), those of another size are none of it', () => {
    const embedded = { rows: 2, columns: 3, originRow: 1, originColumn: 1, bit: 15 };
    const drawn = (one: typeof embedded): number[] => [
      ...renderFrame(frame, { gray, palette: undefined, overlays: [], embeddedOverlays: [one] }).pixels,
    ];
    expect(drawn(embedded)).toEqual([255, 0, 0, 0, 0, 255]);
    expect(drawn({ ...embedded, rows: 3 })).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('are white on every channel of a coloured one', () => {
    const color = {
      ...frame,
      samplesPerPixel: 3,
      bitsAllocated: 8,
      bitsStored: 8,
      highBit: 7,
      columns: 1,
      rows: 2,
      photometricInterpretation: 'RGB',
      pixels: Uint8Array.of(1, 2, 3, 4, 5, 6),
    };
    const overlay = { rows: 1, columns: 1, originRow: 2, originColumn: 1, bits: Uint8Array.of(1) };
    const { pixels, channels } = renderFrame(color, { gray, palette: undefined, overlays: [overlay], embeddedOverlays: [] });
    expect([channels, [...pixels]]).toEqual([3, [1, 2, 3, 255, 255, 255]]);
  });
});
