import { BALL, ballDose, ballDoseAt, ballSegmentation, ballStructures } from '@negatoscope/testkit';
import { describe, expect, test } from 'vitest';
import { parsePart10 } from '../parse.ts';
import type { DicomJsonObject } from '../types.ts';
import { doseGridOf, doseValues, washColor } from './dose.ts';
import { segmentationOf, segmentMask } from './segmentation.ts';
import { contourPoints, structuresOf } from './structures.ts';

const parsed = ({ bytes }: { readonly bytes: Uint8Array }) => {
  const { json, pixelData } = parsePart10(bytes);
  const { offset = 0, length = 0 } = pixelData ?? {};
  return { json, pixels: bytes.subarray(offset, offset + (length ?? 0)) };
};

describe('a segmentation (PS3.3 C.8.20)', () => {
  test.each([
    ['BINARY', false, 255],
    ['FRACTIONAL', true, 128],
  ] as const)('that is %s has names, colours, planes and how much of each pixel it fills', (type, isFractional, inside) => {
    const { json, pixels } = parsed(ballSegmentation({ seed: 'seg', isFractional }));
    const seg = segmentationOf(json);
    expect(seg).toMatchObject({ type, rows: 64, columns: 64, segments: [{ number: 1, name: 'Boule' }] });
    const [red = 0, green = 255, blue = 255] = seg?.segments[0]?.color ?? [];
    expect(red).toBeGreaterThan(235);
    expect([green < 25, blue < 25]).toEqual([true, true]);
    const middle = seg?.frames.findIndex(({ plane }) => plane?.position[2] === BALL.middle[2]) ?? -1;
    expect(seg?.frames[middle]).toMatchObject({ segment: 1, plane: { rowMm: 2, columnMm: 2 }, thicknessMm: 3, sources: [] });
    const bytes = 64 * 64 * (isFractional ? 1 : 1 / 8);
    const mask = seg === undefined ? [] : segmentMask(pixels.subarray(middle * bytes, (middle + 1) * bytes), seg, 1);
    // 32 pixels along and down is the middle of the ball; 43 is 22 mm away from it.
    expect([mask[32 * 64 + 32], mask[32 * 64 + 41], mask[32 * 64 + 43], mask[0]]).toEqual([inside, inside, 0, 0]);
  });

  test('of labels tells its segments apart by their numbers (C.8.20.2.3)', () => {
    const pixels = { type: 'LABELMAP', maximum: 1, bitsAllocated: 8, rows: 1, columns: 4 } as const;
    expect([...segmentMask(Uint8Array.of(0, 1, 2, 2), pixels, 2)]).toEqual([0, 0, 255, 255]);
  });

  test('without a place, with absent groups or with nonsense costs only itself', () => {
    const { json } = parsed(ballSegmentation({ seed: 'seg' }));
    const { '52009230': _, ...bare } = json;
    expect(segmentationOf(bare)?.frames.every(({ plane }) => plane === undefined)).toBe(true);
    expect(segmentationOf({ ...json, '00620001': { vr: 'CS', Value: ['ODD'] } })).toBeUndefined();
    expect(segmentationOf({})).toBeUndefined();
    const many = { ...json, '00280008': { vr: 'IS', Value: [4_000_000_000] } };
    expect(segmentationOf(many)?.frames.length).toBe(50_000);
  });
});

describe('contours of a structure set (PS3.3 C.8.8.6)', () => {
  test('have the names and colours of their regions, and points in mm', () => {
    const found = structuresOf(parsed(ballStructures({ seed: 'rt' })).json);
    expect(found?.rois).toMatchObject([{ number: 7, name: 'PTV', color: [0, 255, 0] }]);
    const [roi] = found?.rois ?? [];
    expect(roi?.contours).toHaveLength(13);
    const middle = roi?.contours.find(({ points }) => points[2] === BALL.middle[2]);
    expect(middle?.points.slice(0, 3)).toEqual([84, 64, 30]);
    expect(middle?.points).toHaveLength(108);
  });

  test('that are no contours cost only themselves, and long ones are fetched where they are', () => {
    const contour = (data: DicomJsonObject[string]): DicomJsonObject => ({
      '30060042': { vr: 'CS', Value: ['CLOSED_PLANAR'] },
      '30060050': data,
    });
    const json: DicomJsonObject = {
      '00080018': { vr: 'UI', Value: ['1.2'] },
      '30060020': { vr: 'SQ', Value: [{ '30060022': { vr: 'IS', Value: [1] } }] },
      '30060039': {
        vr: 'SQ',
        Value: [
          {
            '30060084': { vr: 'IS', Value: [1] },
            '30060040': {
              vr: 'SQ',
              Value: [
                contour({ vr: 'DS', Value: [1, 2] }),
                contour({ vr: 'DS', Value: [1, 2, 1e9] }),
                contour({ vr: 'DS', BulkDataURI: 'there' }),
                { '30060042': { vr: 'CS', Value: ['<script>'] }, '30060050': { vr: 'DS', Value: [1, 2, 3] } },
              ],
            },
          },
        ],
      },
    };
    expect(structuresOf(json)?.rois[0]?.contours).toEqual([{ type: 'CLOSED_PLANAR', points: [], bulk: 'there' }]);
    expect(contourPoints('1.5\\-2 \\3e0\0')).toEqual([1.5, -2, 3]);
    expect(contourPoints('1\\2\\x')).toEqual([]);
    expect(contourPoints('1\\2')).toEqual([]);
  });
});

describe('a dose (PS3.3 C.8.8.3)', () => {
  test('is in gray by its scaling, each frame where its offset says', () => {
    const { json, pixels } = parsed(ballDose({ seed: 'dose' }));
    const grid = doseGridOf(json);
    expect(grid).toMatchObject({ isGray: true, scaling: 0.01, rows: 32 });
    expect(grid?.planes.map(({ position }) => position[2]).slice(0, 3)).toEqual([0, 5, 10]);
    const frame = 6;
    const values = grid === undefined ? [] : doseValues(pixels.subarray(frame * 4096, (frame + 1) * 4096), grid);
    expect(values[16 * 32 + 16]).toBeCloseTo(60, 4);
    expect(values[16 * 32 + 24]).toBeCloseTo(ballDoseAt(32) / 100, 4);
  });

  test('whose offsets begin elsewhere lies at their places (C.8.8.3.2), and one without a place is none', () => {
    const { json } = parsed(ballDose({ seed: 'dose' }));
    const offsets = { vr: 'DS', Value: Array.from({ length: 13 }, (_, at) => 100 - at * 2) };
    expect(doseGridOf({ ...json, '3004000C': offsets })?.planes[1]?.position).toEqual([0, 0, 98]);
    expect(doseGridOf({ ...json, '3004000C': { vr: 'DS', Value: [0, 1] } })).toBeUndefined();
    const { '00200032': _, ...unplaced } = json;
    expect(doseGridOf(unplaced)).toBeUndefined();
  });

  test('is blue where it is least and red where it is most', () => {
    expect([washColor(0), washColor(0.5), washColor(1)]).toEqual([
      [0, 0, 255],
      [0, 255, 0],
      [255, 0, 0],
    ]);
  });
});
