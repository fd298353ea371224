import { describe, expect, test } from 'vitest';
import { measureOnPaper } from './calipers.ts';

const scale = (mmPerSecond: number, mmPerMillivolt = 10) => ({ mmPerSecond, mmPerMillivolt });

describe('calipers on the paper of an ECG', () => {
  test.each([
    [25, 25, 1000, 60],
    [50, 25, 500, 120],
    [12.5, 25, 2000, 30],
    [25, 2.5, 100, 600],
    [25, 1500, 60_000, 1],
  ])('at %d mm/s, %d mm are %d ms, %d a minute', (mmPerSecond, mm, milliseconds, perMinute) => {
    expect(measureOnPaper([10, 0], [10 + mm, 0], scale(mmPerSecond))).toEqual({ milliseconds, perMinute, millivolts: 0 });
  });

  test.each([0, 2.49, 1501])('%d mm at 25 mm/s are no time from beat to beat', (mm) => {
    expect(measureOnPaper([0, 0], [mm, 0], scale(25)).perMinute).toBeUndefined();
  });

  test('measure time forwards whichever point was set first, and a voltage up the paper as positive', () => {
    const [low, high] = [
      [10, 50],
      [35, 30],
    ] as const;
    expect(measureOnPaper(low, high, scale(25))).toEqual({ milliseconds: 1000, perMinute: 60, millivolts: 2 });
    expect(measureOnPaper(high, low, scale(25))).toEqual({ milliseconds: 1000, perMinute: 60, millivolts: -2 });
    expect(measureOnPaper(low, high, scale(25, 20)).millivolts).toBe(1);
  });
});
