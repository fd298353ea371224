import { BALL, ballMap } from '@negatoscope/testkit';
import { describe, expect, test } from 'vitest';
import { el, sq } from '../elements-fixture.ts';
import { parsePart10 } from '../parse.ts';
import type { DicomJsonObject } from '../types.ts';
import { mapValues, type ParametricMap, parametricMapOf } from './map.ts';

const [SIDE, SPACING, SLICE] = [64, 2, 3] as const;
function phantom(options: Omit<Parameters<typeof ballMap>[0], 'seed'> = {}) {
  const { bytes } = ballMap({ seed: 'map', ...options });
  const { json, pixelData, bulkData } = parsePart10(bytes);
  const place = pixelData ?? bulkData.find(({ tag }) => tag === '7FE00008');
  const { offset = 0, length = 0 } = place ?? {};
  return { json, pixels: bytes.subarray(offset, offset + (length ?? 0)) };
}
function read(json: DicomJsonObject): ParametricMap {
  const map = parametricMapOf(json);
  if (map === undefined) throw new TypeError('That is no map.');
  return map;
}
/** A map of one pixel a frame. */
const small = (frames: number, more: DicomJsonObject = {}): DicomJsonObject => ({
  '00080016': el('UI', '1.2.840.10008.5.1.4.1.1.30'),
  '00080018': el('UI', '1.2.3'),
  '00280002': el('US', 1),
  '00280004': el('CS', 'MONOCHROME2'),
  '00280008': el('IS', frames),
  '00280010': el('US', 1),
  '00280011': el('US', 1),
  '00280100': el('US', 16),
  '00280101': el('US', 16),
  '00280102': el('US', 15),
  '00280103': el('US', 0),
  ...more,
});
const mapping = (label: string, more: DicomJsonObject = {}): DicomJsonObject => ({
  '00409096': sq({ '00409210': el('SH', label), ...more }),
});

describe('a parametric map (PS3.3 A.75)', () => {
  test.each([
    ['floats', true, 4],
    ['whole numbers with a mapping', false, 2],
  ] as const)('of %s has in every pixel what it is there: the distance from the middle of the ball', (_kind, isFloat, cell) => {
    const { json, pixels } = phantom({ isFloat });
    const map = read(json);
    expect(map).toMatchObject({ rows: SIDE, columns: SIDE, quantities: [{ number: 1, name: 'Distance', unit: 'mm' }] });
    const bytes = SIDE * SIDE * cell;
    for (const frame of [1, 11, 21]) {
      const values = mapValues(pixels.subarray((frame - 1) * bytes, frame * bytes), map, frame);
      let most = 0;
      for (let at = 1; at < values.length; at += 1) {
        const [x, y, z] = [(at % SIDE) * SPACING, Math.floor(at / SIDE) * SPACING, (frame - 1) * SLICE];
        const wanted = Math.hypot(x - BALL.middle[0], y - BALL.middle[1], z - BALL.middle[2]);
        most = Math.max(most, Math.abs((values[at] ?? Number.NaN) - wanted));
      }
      expect(most).toBeLessThanOrEqual(isFloat ? 1e-4 : 0.0501);
      expect(map.frames[frame - 1]).toMatchObject({ frame, segment: 1, plane: { position: [0, 0, (frame - 1) * SLICE] } });
    }
  });

  test('what is no number stays none', () => {
    const { json, pixels } = phantom();
    expect(mapValues(pixels.subarray(0, 8), { ...read(json), rows: 1, columns: 2 }, 1)[0]).toBeNaN();
  });

  test.each<[string, DicomJsonObject]>([
    ['another class', { '00080016': el('UI', '1.2.840.10008.5.1.4.1.1.2') }],
    ['no UID', { '00080018': { vr: 'UI' } }],
    ['no rows', { '00280010': el('US', 0) }],
  ])('is none with %s', (_what, more) => expect(parametricMapOf(small(1, more))).toBeUndefined());

  test('has no more frames than anybody looks at, and one where they are not counted', () => {
    expect(read(small(1_000_000_000)).frames).toHaveLength(5000);
    expect(read(small(-3)).frames).toHaveLength(1);
  });
});

describe('quantities of a map (C.7.6.16.2.11)', () => {
  const named = (label: string, meaning: string): DicomJsonObject =>
    mapping(label, { '00409220': sq({ '0040A168': sq({ '00080104': el('LO', meaning) }) }), '00283003': el('LO', 'explained') });

  test('are told apart by LUT Label; each is called by its code, else its explanation, else its label', () => {
    const frames = [
      named('ADC', 'Apparent Diffusion'),
      mapping('ERR', { '00283003': el('LO', 'Error of fit') }),
      mapping('S0'),
      named('ADC', 'Other'),
    ];
    const { quantities, frames: read4 } = read(small(4, { '52009230': sq(...frames) }));
    expect(quantities.map(({ number, name }) => [number, name])).toEqual([
      [1, 'Apparent Diffusion'],
      [2, 'Error of fit'],
      [3, 'S0'],
    ]);
    expect(read4.map(({ segment }) => segment)).toEqual([1, 2, 3, 1]);
  });

  test('are one where no frame has a label', () => {
    expect(read(small(3)).quantities).toEqual([{ number: 1, name: undefined, unit: undefined, window: undefined }]);
  });

  test('are no more than twenty: frames of others are of none', () => {
    const frames = Array.from({ length: 22 }, (_, at) => mapping(`Q${at}`));
    const { quantities, frames: own } = read(small(22, { '52009230': sq(...frames) }));
    expect([quantities.length, own[19]?.segment, own[20]?.segment, own[21]?.segment]).toEqual([20, 20, 0, 0]);
  });

  test('have values by the mapping of each frame, and the window that is stored in these values (C.11.2.1.2.1)', () => {
    const window = { '00289132': sq({ '00281050': el('DS', 100.5), '00281051': el('DS', 51) }) };
    const unit = { '004008EA': sq({ '00080100': el('SH', 'mm2/s') }) };
    const line = (slope: number, intercept: number) =>
      mapping(`S${slope}`, { '00409225': el('FD', slope), '00409224': el('FD', intercept), ...unit });
    const map = read(small(2, { '52009229': sq(window), '52009230': sq(line(0.5, 3), line(-2, 0)) }));
    const values = [1, 2].map((frame) => mapValues(Uint8Array.of(100, 0), map, frame)[0]);
    expect(values).toEqual([53, -200]);
    // 51 values, from 75 to 125, are a span of 50.
    expect(map.quantities.map((one) => [one.unit, one.window?.center, one.window?.width, one.window?.shape])).toEqual([
      ['mm2/s', 53, 25, 'linear-exact'],
      ['mm2/s', -200, 100, 'linear-exact'],
    ]);
  });
});
