import { describe, expect, it } from 'vitest';
import { readCineTiming } from './cine-timing.ts';
import type { DicomJson } from './dicom-json.ts';

const of = (values: Record<string, number[]>): DicomJson =>
  Object.fromEntries(Object.entries(values).map(([tag, Value]) => [tag, { vr: 'UN', Value }]));
const VECTOR = '00181065';

describe('readCineTiming', () => {
  it('takes an even Frame Time Vector as a rate: 100 ms are 10 frames a second (PS3.3 C.7.6.5.1.2)', () => {
    expect(readCineTiming(of({ [VECTOR]: [0, 100, 100, 100] }), 4)).toEqual({ framesPerSecond: 10, frameTimesMs: undefined });
  });

  it('keeps the times of an uneven one: each frame stays until the next, the last as long as the others on average', () => {
    expect(readCineTiming(of({ [VECTOR]: [0, 50, 150] }), 3)).toEqual({ framesPerSecond: 10, frameTimesMs: [50, 150, 100] });
  });

  it.each([[[0, 100]], [[0, 100, 0, 100]], [[0, -5, 10, 10]]])('makes nothing of a vector of %j for 4 frames', (vector) => {
    expect(readCineTiming(of({ [VECTOR]: vector }), 4).framesPerSecond).toBeUndefined();
  });

  it('prefers the recommended rate, then Cine Rate, then the vector, then Frame Time', () => {
    const all = { '00082144': [30], '00180040': [20], [VECTOR]: [0, 100], '00181063': [200] };
    const rates = ['00082144', '00180040', VECTOR, '00181063'].map(
      (_, at, tags) =>
        readCineTiming(of(Object.fromEntries(Object.entries(all).filter(([tag]) => tags.indexOf(tag) >= at))), 2).framesPerSecond,
    );
    expect(rates).toEqual([30, 20, 10, 5]);
  });
});
