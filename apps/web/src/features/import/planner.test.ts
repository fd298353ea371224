import { describe, expect, it } from 'vitest';
import { planBatches, RateMeter, retryDelayMs, selectionFingerprint } from './planner.ts';

const file = (name: string, sizeBytes: number) => ({ name, sizeBytes });

describe('batches', () => {
  it('hold at most 50 files', () => {
    const files = Array.from({ length: 120 }, (_, index) => file(`IM${index}`, 10));
    expect(planBatches(files).map((batch) => batch.length)).toEqual([50, 50, 20]);
  });
  it('hold at most about 8 MB and keep the order', () => {
    const files = [file('a', 5e6), file('b', 2e6), file('c', 2e6), file('d', 1e6)];
    expect(planBatches(files)).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });
  it('leave a ZIP and a file larger than a batch alone, without splitting their neighbours', () => {
    const files = [file('a', 1), file('CD.ZIP', 10), file('big', 9e6), file('b', 1)];
    expect(planBatches(files)).toEqual([[1], [2], [0, 3]]);
  });
  it('cover 20,000 files once each', () => {
    const files = Array.from({ length: 20_000 }, (_, index) => file(`IM${index}`, (index * 7919) % 900_000));
    const seen = planBatches(files)
      .flat()
      .sort((a, b) => a - b);
    expect(seen).toEqual(files.map((_, index) => index));
  });
  it('of nothing are none', () => {
    expect(planBatches([])).toEqual([]);
  });
});

describe('the fingerprint of a selection', () => {
  it('is the same for the same files in any order', () => {
    expect(selectionFingerprint([file('a', 1), file('b', 2)])).toBe(selectionFingerprint([file('b', 2), file('a', 1)]));
  });
  it('tells another name, another size and one file more', () => {
    const base = selectionFingerprint([file('a', 1), file('b', 2)]);
    expect(selectionFingerprint([file('a', 1), file('c', 2)])).not.toBe(base);
    expect(selectionFingerprint([file('a', 2), file('b', 1)])).not.toBe(base);
    expect(selectionFingerprint([file('a', 1), file('b', 2), file('c', 3)])).not.toBe(base);
  });
});

describe('waiting and rate', () => {
  it('doubles from a second to half a minute, unless the server says how long', () => {
    expect([1, 2, 3, 10].map((attempt) => retryDelayMs(attempt))).toEqual([1000, 2000, 4000, 30_000]);
    expect(retryDelayMs(1, 7)).toBe(7000);
  });
  it('measures over the last ten seconds', () => {
    const meter = new RateMeter();
    for (let second = 0; second <= 20; second++) meter.add(second * 1000, second < 10 ? 0 : (second - 10) * 1e6);
    expect(meter.bytesPerSecond()).toBeCloseTo(1e6, -4);
    expect(meter.remainingSeconds(5e6)).toBeCloseTo(5, 1);
  });
  it('knows no remaining time before there is a rate', () => {
    expect(new RateMeter().remainingSeconds(10)).toBe(Number.POSITIVE_INFINITY);
  });
});
