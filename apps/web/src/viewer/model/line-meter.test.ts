import { describe, expect, it } from 'vitest';
import { LineMeter } from './line-meter.ts';

interface Answers {
  readonly count: number;
  readonly bytes: number;
  readonly perSecond: number;
  readonly from?: number;
}

/** Answers one after the other over a line of 150 ms there and back. */
function answers(meter: LineMeter, { count, bytes, perSecond, from = 0 }: Answers): number {
  let at = from;
  for (let one = 0; one < count; one += 1) {
    const startMs = at;
    at = startMs + 150 + (bytes / perSecond) * 1000;
    meter.add({ startMs, endMs: at, bytes });
    at += 10;
  }
  return at;
}

describe('what requests tell of the line', () => {
  it('is nothing at first: then a long way counts as a slow one, a short one as quick', () => {
    const meter = new LineMeter();
    expect([meter.bytesPerSecond, meter.roundTripMs, meter.isSlow]).toEqual([undefined, undefined, false]);
    meter.add({ startMs: 0, endMs: 150, bytes: 400 });
    expect([meter.roundTripMs, meter.bytesPerSecond, meter.isSlow]).toEqual([150, undefined, true]);
    meter.add({ startMs: 200, endMs: 204, bytes: 400 });
    expect([meter.roundTripMs, meter.isSlow]).toEqual([4, false]);
  });

  it('is its width, the way there and back left out', () => {
    const meter = new LineMeter();
    meter.add({ startMs: 0, endMs: 150, bytes: 400 });
    answers(meter, { count: 5, bytes: 30_000, perSecond: 250_000, from: 200 });
    expect(meter.bytesPerSecond).toBeCloseTo(250_000, -3);
    expect(meter.isSlow).toBe(true);
  });

  it('is the width of all of it where answers come side by side', () => {
    const meter = new LineMeter();
    meter.add({ startMs: 0, endMs: 20, bytes: 400 });
    for (let one = 0; one < 5; one += 1) meter.add({ startMs: 100, endMs: 1120 + one, bytes: 250_000 });
    expect(meter.bytesPerSecond).toBeGreaterThan(1_100_000);
  });

  it('is not taken for slow because the machine is busy now and then', () => {
    const meter = new LineMeter();
    let at = 0;
    for (let one = 0; one < 12; one += 1) {
      const took = one % 3 === 0 ? 4 : 40;
      meter.add({ startMs: at, endMs: at + took, bytes: 30_000 });
      at += took + 20;
    }
    expect(meter.isSlow).toBe(false);
  });

  it('is no wide one because little came over a long one in no time', () => {
    const meter = new LineMeter();
    meter.add({ startMs: 0, endMs: 172, bytes: 400 });
    meter.add({ startMs: 200, endMs: 360, bytes: 8400 });
    expect(meter.isSlow).toBe(true);
    for (let one = 0; one < 8; one += 1) meter.add({ startMs: 1000 * one, endMs: 1000 * one + 190, bytes: 500_000 });
    expect(meter.isSlow).toBe(false);
  });

  it('leaves out what the browser had', () => {
    const meter = new LineMeter();
    for (let one = 0; one < 50; one += 1) meter.add({ startMs: one, endMs: one, bytes: 0 });
    expect([meter.bytesPerSecond, meter.roundTripMs]).toEqual([undefined, undefined]);
  });

  it('follows a line that becomes another, and does not change its mind for a little', () => {
    const meter = new LineMeter();
    meter.add({ startMs: 0, endMs: 150, bytes: 400 });
    const end = answers(meter, { count: 10, bytes: 200_000, perSecond: 12_500_000 });
    expect(meter.isSlow).toBe(false);
    const later = answers(meter, { count: 60, bytes: 200_000, perSecond: 250_000, from: end });
    expect(meter.isSlow).toBe(true);
    const again = answers(meter, { count: 60, bytes: 200_000, perSecond: 3_000_000, from: later });
    expect(meter.isSlow).toBe(true);
    answers(meter, { count: 60, bytes: 200_000, perSecond: 5_000_000, from: again });
    expect(meter.isSlow).toBe(false);
  });
});
