import { describe, expect, it } from 'vitest';
import { type PlaneOrientation, parsePlaneOrientation } from './geometry.ts';
import { positionsAlongNormal, type SortableFrame, sortFrames } from './sort-frames.ts';

const AXIAL: PlaneOrientation = { row: [1, 0, 0], column: [0, 1, 0] };
const CORONAL: PlaneOrientation = { row: [1, 0, 0], column: [0, 0, -1] };

const frame = (instanceNumber: number, zMm: number | undefined, orientation = AXIAL): SortableFrame => ({
  instanceNumber,
  frameNumber: 1,
  sopInstanceUid: `1.2.${instanceNumber}`,
  orientation,
  position: zMm === undefined ? undefined : [10, 20, zMm],
});

const numbers = (frames: readonly SortableFrame[]) => frames.map(({ instanceNumber }) => instanceNumber);

describe('sortFrames', () => {
  it('orders slices along the normal where Instance Number is shuffled inside the scan (PS3.3 C.7.6.2.1.1)', () => {
    const sorted = sortFrames([frame(1, 0), frame(4, 15), frame(3, 5), frame(2, 10)]);
    expect(numbers(sorted.frames)).toEqual([1, 3, 2, 4]);
    expect(sorted.isSpatial).toBe(true);
  });

  it('keeps the direction of the scan: the slice numbered first stays first', () => {
    expect(numbers(sortFrames([frame(1, 30), frame(2, 20), frame(3, 10)]).frames)).toEqual([1, 2, 3]);
  });

  it('falls back to Instance Number when a position is missing, doubled, or a plane is not parallel', () => {
    for (const odd of [frame(1, undefined), frame(1, 20), frame(1, 0, CORONAL)]) {
      const sorted = sortFrames([frame(3, 10), odd, frame(2, 20)]);
      expect(numbers(sorted.frames)).toEqual([1, 2, 3]);
      expect(sorted.isSpatial).toBe(false);
    }
  });

  it('orders frames of one instance by frame number, and instances without a number last', () => {
    const base = { orientation: undefined, position: undefined, instanceNumber: 1, sopInstanceUid: '1.2' };
    const unnumbered = { ...base, instanceNumber: undefined, sopInstanceUid: '1.1', frameNumber: 1 };
    const sorted = sortFrames([unnumbered, { ...base, frameNumber: 2 }, { ...base, frameNumber: 1 }]);
    expect(sorted.frames.map(({ frameNumber, instanceNumber }) => [instanceNumber, frameNumber])).toEqual([
      [1, 1],
      [1, 2],
      [undefined, 1],
    ]);
  });

  it('has no positions for a single frame', () => {
    expect(positionsAlongNormal([frame(1, 0)])).toBeUndefined();
    expect(sortFrames([]).frames).toEqual([]);
  });
});

describe('parsePlaneOrientation', () => {
  it('refuses zeros, parallel vectors and short values', () => {
    expect(parsePlaneOrientation([0, 0, 0, 0, 0, 0])).toBeUndefined();
    expect(parsePlaneOrientation([1, 0, 0, 1, 0, 0])).toBeUndefined();
    expect(parsePlaneOrientation([1, 0, 0])).toBeUndefined();
    expect(parsePlaneOrientation([1, 0, 0, 0, 1, 0])).toEqual(AXIAL);
  });
});
