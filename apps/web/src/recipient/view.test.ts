import { expect, it } from 'vitest';
import { FITTED, moved, sideFor, zoomed } from './view.ts';

const SIZES = [
  { width: 512, height: 512 },
  { width: 1000, height: 500 },
] as const;

it('keeps in its place what is under the pointer when it is made larger', () => {
  expect(zoomed(FITTED, 2, { x: 100, y: -50 }, SIZES)).toEqual({ zoom: 2, x: -100, y: 50 });
});

it('is fitted again when it is made as small as its room, and never smaller', () => {
  const large = zoomed(FITTED, 3, { x: 200, y: 0 }, SIZES);
  expect(zoomed(large, 0.1, { x: 0, y: 0 }, SIZES)).toEqual(FITTED);
  expect(moved(FITTED, 50, 50, SIZES)).toEqual(FITTED);
});

it('is never moved out of sight', () => {
  const large = zoomed(FITTED, 2, { x: 0, y: 0 }, SIZES);
  expect(moved(large, 9_999, -9_999, SIZES)).toEqual({ zoom: 2, x: 500, y: -500 });
});

it('asks for as many pixels as the screen has, in few sizes', () => {
  const room = { width: 390, height: 400 };
  expect([sideFor(room, 1, 2), sideFor(room, 2, 2), sideFor({ width: 3840, height: 2160 }, 12, 1)]).toEqual([1024, 1600, 16_000]);
});
