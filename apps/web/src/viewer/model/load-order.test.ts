import { describe, expect, it } from 'vitest';
import { type FrameState, nextToLoad, prefetchRadius } from './load-order.ts';

const idle = (count: number): FrameState[] => Array.from({ length: count }, () => 'idle');

describe('nextToLoad', () => {
  it('goes outward from the shown frame, later frames first', () => {
    const states = idle(5);
    const order: number[] = [];
    for (let next = nextToLoad(states, 2); next !== undefined; next = nextToLoad(states, 2)) {
      order.push(next);
      states[next] = 'loaded';
    }
    expect(order).toEqual([2, 3, 1, 4, 0]);
  });

  it('passes over frames that are loading, loaded or failed', () => {
    expect(nextToLoad(['idle', 'failed', 'loading', 'loaded', 'idle'], 2)).toBe(4);
    expect(nextToLoad(['failed', 'loaded'], 0)).toBeUndefined();
  });

  it('goes outward over frames of which only a picture is here as well', () => {
    expect(nextToLoad(['preview', 'loaded', 'preview', 'idle'], 1, 10, 'preview')).toBe(2);
    expect(nextToLoad(['preview', 'loaded', 'preview', 'idle'], 1)).toBe(3);
  });

  it('asks for nothing beyond the radius', () => {
    const states = idle(100);
    for (let index = 40; index <= 60; index += 1) states[index] = 'loaded';
    expect(nextToLoad(states, 50, 10)).toBeUndefined();
    expect(nextToLoad(states, 50, 11)).toBe(61);
  });
});

describe('prefetchRadius', () => {
  it('fits the budget, shared between open series, but never falls below eight frames', () => {
    expect(prefetchRadius(1000 * 1000, 1000, 1)).toBe(500);
    expect(prefetchRadius(1000 * 1000, 1000, 4)).toBe(125);
    expect(prefetchRadius(1000, 1_000_000, 1)).toBe(8);
  });
});
