import { describe, expect, it } from 'vitest';
import type { Vector3 } from './geometry.ts';
import {
  firstOfTiles,
  follow,
  join,
  type LinkedStack,
  leave,
  linkAsTheyStand,
  NO_LINKS,
  nearest,
  stackOf,
} from './linked-scroll.ts';
import type { SeriesModel } from './study-model.ts';

const AXIAL: Vector3 = [0, 0, 1];
const CORONAL: Vector3 = [0, 1, 0];
const stack = (space: string, count: number, stepMm: number, fromMm: number, normal = AXIAL): LinkedStack => ({
  space,
  normal,
  places: Array.from({ length: count }, (_, index) => fromMm + index * stepMm),
});
/** Check C1: 120 × 2.5 mm, and 60 × 5 mm of another frame of reference and range. */
const current = stack('1.1', 120, 2.5, -400);
const prior = stack('1.2', 60, 5, 1000);
const both = join(join(NO_LINKS, 'a', current), 'b', prior);
const indexOf = (links: typeof both, from: string, index: number, to: string) => follow(links, from, index).get(to);

describe('scrolling together', () => {
  it('ten slices of 2.5 mm on are five of 5 mm, across frames of reference, and back', () => {
    const start = indexOf(both, 'a', 59, 'b');
    expect(start).toEqual({ index: 29, end: undefined });
    expect(indexOf(both, 'a', 69, 'b')).toEqual({ index: 34, end: undefined });
    expect(indexOf(both, 'a', 59, 'b')).toEqual(start);
    // Half a slice either way is as near.
    expect([68, 69]).toContain(indexOf(both, 'b', 34, 'a')?.index);
  });

  it('a stack that runs the other way, by its order or by its normal, is led to the same place', () => {
    const down = { ...prior, places: [...prior.places].reverse() };
    const turned: LinkedStack = { space: '1.3', normal: [0, 0, -1], places: current.places.map((place) => -place).reverse() };
    const links = join(join(both, 'c', down), 'd', { ...turned, space: '1.1' });
    expect(indexOf(links, 'a', 69, 'c')?.index).toBe(59 - 34);
    expect(indexOf(links, 'a', 69, 'd')?.index).toBe(119 - 69);
  });

  it('past an end the other stops and says which; the offset stays, so that it goes on from there on the way back', () => {
    const short = stack('1.4', 21, 5, 0);
    const links = join(join(NO_LINKS, 'a', current), 'b', short);
    expect(indexOf(links, 'a', 59, 'b')?.end).toBeUndefined();
    expect(indexOf(links, 'a', 119, 'b')).toEqual({ index: 20, end: 'last' });
    expect(indexOf(links, 'a', 0, 'b')).toEqual({ index: 0, end: 'first' });
    expect(indexOf(links, 'a', 69, 'b')).toEqual({ index: 15, end: undefined });
  });

  it('a plane that is not parallel is not led, and does not lead', () => {
    const links = join(both, 'c', stack('1.1', 50, 3, 0, CORONAL));
    expect([...follow(links, 'a', 70).keys()]).toEqual(['b']);
    expect(follow(links, 'c', 7).size).toBe(0);
    const tilted: Vector3 = [0, Math.sin(0.2), Math.cos(0.2)];
    expect(follow(join(both, 'd', stack('1.6', 30, 5, 0, tilted)), 'a', 70).has('d')).toBe(true);
  });

  it('a series opened later keeps the offset, in a pane of its own and in place of one', () => {
    // The reader has laid slice 59 beside slice 40.
    const chosen = linkAsTheyStand(
      new Map([
        ['a', { stack: current, index: 59 }],
        ['b', { stack: prior, index: 40 }],
      ]),
    );
    const thin = stack('1.1', 300, 1, -400);
    const third = join(chosen, 'c', thin);
    expect(indexOf(third, 'a', 69, 'b')?.index).toBe(45);
    // Of the same frame of reference: the same millimetre.
    expect(indexOf(third, 'a', 68, 'c')?.index).toBe(170);
    const instead = join(leave(third, 'b'), 'b', stack('1.2', 100, 3, 1000));
    expect(indexOf(instead, 'a', 59, 'b')?.index).toBe(67);
    expect(indexOf(join(leave(instead, 'a'), 'a', thin), 'a', 148, 'b')?.index).toBe(Math.round((200 + 0.5) / 3));
  });

  it('linking again takes what stands beside each other', () => {
    const again = linkAsTheyStand(
      new Map([
        ['a', { stack: current, index: 10 }],
        ['b', { stack: prior, index: 50 }],
      ]),
    );
    expect(indexOf(again, 'a', 14, 'b')?.index).toBe(52);
  });

  it('half a slice past the end is still the last slice', () => {
    expect(nearest(prior, 1000 + 59 * 5 + 2.5)).toEqual({ index: 59, end: undefined });
    expect(nearest(prior, 1000 + 59 * 5 + 2.6)).toEqual({ index: 59, end: 'last' });
    expect(nearest(prior, 997.4)).toEqual({ index: 0, end: 'first' });
  });

  it('only stacks of slices are linked', () => {
    const frame = (z: number) => ({
      position: [0, 0, z],
      orientation: { row: [1, 0, 0], column: [0, 1, 0] },
      frameNumber: 1,
      sopInstanceUid: `1.${z}`,
      frameOfReferenceUid: '1.9',
    });
    const series = (modality: string, isSpatial = true) =>
      ({ modality, isSpatial, seriesInstanceUid: '2.1', frames: [frame(0), frame(5), frame(10)] }) as unknown as SeriesModel;
    expect(stackOf(series('CT'))).toEqual({ normal: [0, 0, 1], places: [0, 5, 10], space: '1.9' });
    expect(stackOf(series('US'))).toBeUndefined();
    expect(stackOf(series('MR', false))).toBeUndefined();
  });
});

it('tiles of one series show slices one after the other, and stop where the last tile has the last slice', () => {
  expect(firstOfTiles(10, 0, 4, 20)).toBe(10);
  expect(firstOfTiles(10, 2, 4, 20)).toBe(8);
  expect(firstOfTiles(19, 0, 4, 20)).toBe(16);
  expect(firstOfTiles(0, 3, 4, 20)).toBe(0);
  expect(firstOfTiles(2, 0, 4, 3)).toBe(0);
});
