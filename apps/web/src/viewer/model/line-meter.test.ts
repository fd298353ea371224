import { describe, expect, it } from 'vitest';
import { LineMeter } from './line-meter.ts';

/** Answers of `bytes` each, one after the other, at so many bytes a second. */
function answers(
  meter: LineMeter,
  { count, bytes, perSecond, from = 0 }: Record<'count' | 'bytes' | 'perSecond', number> & { from?: number },
): number {
  let at = from;
  for (let one = 0; one < count; one += 1) {
    const startMs = at + 150;
    at = startMs + (bytes / perSecond) * 1000;
    meter.add({ startMs, endMs: at, bytes, waitMs: 150 });
  }
  return at;
}

describe('what requests tell of the line', () => {
  it('is nothing at first: then a long way counts as a slow one, a short one as quick', () => {
    const meter = new LineMeter();
    expect([meter.bytesPerSecond, meter.isSlow]).toEqual([undefined, false]);
    meter.add({ startMs: 150, endMs: 151, bytes: 400, waitMs: 150 });
    expect([meter.roundTripMs, meter.bytesPerSecond, meter.isSlow]).toEqual([150, undefined, true]);
    meter.add({ startMs: 200, endMs: 201, bytes: 400, waitMs: 4 });
    expect([meter.roundTripMs, meter.isSlow]).toEqual([4, false]);
  });

  it('is its width, waiting left out', () => {
    const meter = new LineMeter();
    answers(meter, { count: 5, bytes: 30_000, perSecond: 250_000 });
    expect(meter.bytesPerSecond).toBeCloseTo(250_000, -3);
    expect(meter.isSlow).toBe(true);
  });

  it('is the width of all of it where answers come side by side', () => {
    const meter = new LineMeter();
    for (let one = 0; one < 5; one += 1) meter.add({ startMs: 100, endMs: 1100 + one, bytes: 250_000, waitMs: 20 });
    expect(meter.bytesPerSecond).toBeGreaterThan(1_100_000);
  });

  it('is not taken for slow because the machine is busy now and then', () => {
    const meter = new LineMeter();
    let at = 0;
    for (let one = 0; one < 12; one += 1) {
      const took = one % 3 === 0 ? 3 : 40;
      meter.add({ startMs: at, endMs: at + took, bytes: 30_000, waitMs: 5 });
      at += took + 20;
    }
    expect(meter.isSlow).toBe(false);
  });

  it('leaves out what the browser had', () => {
    const meter = new LineMeter();
    for (let one = 0; one < 50; one += 1) meter.add({ startMs: one, endMs: one, bytes: 0, waitMs: 0 });
    expect([meter.bytesPerSecond, meter.roundTripMs]).toEqual([undefined, undefined]);
  });

  it('follows a line that becomes another, and does not change its mind for a little', () => {
    const meter = new LineMeter();
    const end = answers(meter, { count: 10, bytes: 200_000, perSecond: 12_500_000 });
    expect(meter.isSlow).toBe(false);
    const later = answers(meter, { count: 10, bytes: 200_000, perSecond: 250_000, from: end });
    expect(meter.isSlow).toBe(true);
    const again = answers(meter, { count: 30, bytes: 200_000, perSecond: 3_000_000, from: later });
    expect(meter.isSlow).toBe(true);
    answers(meter, { count: 30, bytes: 200_000, perSecond: 5_000_000, from: again });
    expect(meter.isSlow).toBe(false);
  });
});
