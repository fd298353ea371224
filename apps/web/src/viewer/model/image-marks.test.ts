import { describe, expect, test } from 'vitest';
import type { DicomJson } from './dicom-json.ts';
import { lateralityOf, lossOf, viewPositionOf } from './image-marks.ts';

const cs = (...Value: string[]) => ({ vr: 'CS', Value });
const anatomy = (side: string): DicomJson => ({
  '00209071': { vr: 'SQ', Value: [{ '00209072': cs(side) }] },
});

describe('the side of an image', () => {
  test('is that of its image, or of its series', () => {
    expect(lateralityOf({ '00200062': cs('R') }, 1)).toBe('R');
    expect(lateralityOf({ '00200060': cs('L') }, 1)).toBe('L');
    expect(lateralityOf({ '00200062': cs('B'), '00200060': cs('B') }, 1)).toBe('B');
  });

  test('is that of its frame, the frame’s own group before the shared one', () => {
    const dataset: DicomJson = {
      '52009229': { vr: 'SQ', Value: [anatomy('L')] },
      '52009230': { vr: 'SQ', Value: [anatomy('R'), {}] },
    };
    expect([1, 2].map((frame) => lateralityOf(dataset, frame))).toEqual(['R', 'L']);
  });

  test('is not told where nothing tells it, or what is unpaired', () => {
    expect(lateralityOf({}, 1)).toBeUndefined();
    expect(lateralityOf({ '00200062': cs('U') }, 1)).toBeUndefined();
    expect(lateralityOf({ '00200062': cs('droite') }, 1)).toBeUndefined();
  });

  test('is contradictory where two attributes differ: neither is shown as the truth', () => {
    expect(lateralityOf({ '00200062': cs('R'), '00200060': cs('L') }, 1)).toBe('contradictory');
  });

  test('stands beside the view', () => expect(viewPositionOf({ '00185101': cs('MLO ') })).toBe('MLO'));
});

describe('a loss', () => {
  const ds = (...Value: (number | string)[]) => ({ vr: 'DS', Value });

  test('is told with its ratios, each time that it was compressed', () => {
    expect(lossOf({ '00282110': cs('01'), '00282112': ds(12.5) }, false)).toEqual({ ratios: [12.5] });
    expect(lossOf({ '00282110': cs('01'), '00282112': ds('10', '3.2') }, false)).toEqual({ ratios: [10, 3.2] });
  });

  test('is told without a ratio where none makes sense', () => {
    expect(lossOf({ '00282110': cs('01'), '00282112': ds(0) }, false)).toEqual({ ratios: [] });
    expect(lossOf({ '00282110': cs('01') }, false)).toEqual({ ratios: [] });
  });

  test('is told by the transfer syntax, also against the dataset', () => {
    expect(lossOf({ '00282110': cs('00') }, true)).toEqual({ ratios: [] });
    expect(lossOf({}, true)).toEqual({ ratios: [] });
  });

  test('is none where nothing says so', () => {
    expect(lossOf({}, false)).toBeUndefined();
    expect(lossOf({ '00282110': cs('00'), '00282112': ds(4) }, false)).toBeUndefined();
  });
});
