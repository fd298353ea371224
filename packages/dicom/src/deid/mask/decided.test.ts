import { describe, expect, test } from 'vitest';
import { el } from '../../elements-fixture.ts';
import type { DicomJsonObject } from '../../types.ts';
import { canPaintNative, type DecidedPixels, type DecodedPixels, decidedAttributes, decodedHeader } from './decided.ts';
import { masksWithin } from './masks.ts';

const FORMAT: DecodedPixels['format'] = {
  ...{
    samplesPerPixel: 3,
    photometricInterpretation: 'RGB',
    bitsAllocated: 8,
    bitsStored: 8,
    highBit: 7,
    pixelRepresentation: 0,
  },
};
const decoded = (format: Partial<DecodedPixels['format']> = {}, sizeBytes = 12): DecodedPixels => ({
  format: { ...FORMAT, ...format },
  sizeBytes,
});
const said = (
  decision: DecidedPixels,
  output: DicomJsonObject = {},
  original: DicomJsonObject = {},
  transferSyntaxUid = '1.2.840.10008.1.2.1',
) => decidedAttributes(decision, { original, output, transferSyntaxUid });

describe('what a file says of pixels that a person looked at (PS3.15 E.3.1)', () => {
  test('that were accepted is that nothing is burned in, and nothing else', () => {
    expect(said({ done: 'accepted' }, { '00080008': el('CS', 'ORIGINAL', 'PRIMARY') })).toEqual({ '00280301': el('CS', 'NO') });
  });

  test.each([
    [
      ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      ['DERIVED', 'PRIMARY', 'AXIAL'],
    ],
    [
      ['DERIVED', 'SECONDARY'],
      ['DERIVED', 'SECONDARY'],
    ],
    [['ORIGINAL'], ['DERIVED', 'PRIMARY']],
    [[], ['DERIVED', 'PRIMARY']],
  ])('that were masked is that they are derived: %j becomes %j (PS3.3 C.7.6.1.1.2)', (type, expected) => {
    const attributes = said({ done: 'masked' }, { '00080008': el('CS', ...type) });
    expect(attributes['00080008']).toEqual(el('CS', ...expected));
    expect(attributes['00082111']?.Value).toHaveLength(1);
    expect(attributes['00280301']).toEqual(el('CS', 'NO'));
  });

  test('that are written native is how: samples, bits, and no chrominance that pixels share (C.7.6.3.1)', () => {
    const ybr = said({ done: 'masked', decoded: decoded({ photometricInterpretation: 'YBR_FULL_422' }) });
    expect(ybr).toMatchObject({ '00280002': el('US', 3), '00280004': el('CS', 'YBR_FULL'), '00280006': el('US', 0) });
    const gray = said({
      done: 'masked',
      decoded: decoded({
        samplesPerPixel: 1,
        photometricInterpretation: 'MONOCHROME1',
        bitsAllocated: 16,
        bitsStored: 12,
        highBit: 11,
        pixelRepresentation: 1,
      }),
    });
    expect(gray).toMatchObject({
      '00280004': el('CS', 'MONOCHROME1'),
      '00280100': el('US', 16),
      '00280101': el('US', 12),
      '00280102': el('US', 11),
      '00280103': el('US', 1),
    });
    expect(gray).not.toHaveProperty('00280006');
  });

  test.each([
    ['a lossy JPEG', {}, '1.2.840.10008.1.2.4.50', true],
    ['JPEG 2000 that may lose', {}, '1.2.840.10008.1.2.4.91', true],
    ['JPEG without loss', {}, '1.2.840.10008.1.2.4.70', false],
    ['RLE of what was lossy before', { '00282110': el('CS', '01') }, '1.2.840.10008.1.2.5', true],
    ['RLE', { '00282110': el('CS', '00') }, '1.2.840.10008.1.2.5', false],
  ])('once lossy, lossy for ever (C.7.6.1.1.5): %s', (_what, original: DicomJsonObject, syntax, isLossy) => {
    expect(said({ done: 'masked', decoded: decoded() }, {}, original, syntax)['00282110']).toEqual(
      isLossy ? el('CS', '01') : undefined,
    );
  });
});

test.each([
  [8, 12, 'OB', 12],
  [1, 5, 'OB', 6],
  [16, 24, 'OW', 24],
  [8, 13, 'OB', 14],
])('pixels of %i bits and %i bytes are %s of %i, an even number (PS3.5 8.1, A.2)', (bitsAllocated, sizeBytes, vr, length) => {
  const header = decodedHeader(decoded({ bitsAllocated }, sizeBytes));
  const view = new DataView(header.buffer, header.byteOffset);
  expect([view.getUint16(0, true), view.getUint16(2, true), String.fromCharCode(header[4] ?? 0, header[5] ?? 0)]).toEqual([
    0x7fe0,
    0x0010,
    vr,
  ]);
  expect([header.length, view.getUint32(8, true)]).toEqual([12, length]);
});

test.each([
  ['MONOCHROME2', 1, true],
  ['RGB', 3, true],
  ['YBR_FULL', 3, true],
  ['YBR_FULL_422', 3, false],
  ['YBR_PARTIAL_420', 3, false],
  ['YBR_ICT', 3, false],
  ['PALETTE COLOR', 1, true],
])('native pixels of %s can be painted where they stand: %s', (name, samples, can) => {
  expect(canPaintNative({ '00280004': el('CS', name), '00280002': el('US', samples) })).toBe(can);
});

describe('masks', () => {
  const within = (left: number, top: number, right: number, bottom: number, frame?: number) =>
    masksWithin([{ left, top, right, bottom, ...(frame === undefined ? {} : { frame }) }], { rows: 10, columns: 20, frames: 3 });

  test('are cut to the picture', () => {
    expect(within(-5, -5, 99, 99)).toEqual([{ left: 0, top: 0, right: 20, bottom: 10 }]);
    expect(within(19, 9, 20, 10, 2)).toEqual([{ left: 19, top: 9, right: 20, bottom: 10, frame: 2 }]);
  });

  test.each([
    [20, 0, 30, 5],
    [0, 10, 5, 20],
    [-9, 0, 0, 5],
    [5, 5, 5, 9],
    [9, 5, 5, 9],
    [0.5, 0, 5, 5],
    [0, 0, Number.NaN, 5],
  ])('that lie outside, are empty or no whole pixels are refused: %d %d %d %d', (left, top, right, bottom) => {
    expect(within(left, top, right, bottom)).toBeUndefined();
  });

  test.each([-1, 3, 1.5])('of frame %d, which there is not, are refused', (frame) =>
    expect(within(0, 0, 5, 5, frame)).toBeUndefined(),
  );

  test('are refused together where one of them is', () => {
    const size = { rows: 10, columns: 20, frames: 1 };
    const good = { left: 0, top: 0, right: 5, bottom: 5 };
    expect(masksWithin([good, { ...good, frame: 1 }], size)).toBeUndefined();
    expect(masksWithin([], size)).toEqual([]);
  });
});
