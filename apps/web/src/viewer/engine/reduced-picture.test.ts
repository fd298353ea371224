import { expect, test } from 'vitest';
import { reducedPicture } from './reduced-picture.ts';

const gray = { pixels: Uint8Array.from({ length: 15 }, (_, at) => at * 10), rows: 3, columns: 5, channels: 1 } as const;

test('what a canvas takes stays as it is', () => {
  expect(reducedPicture(gray, 15)).toBe(gray);
});

test('of more each pixel is the mean of a square, of as many as there are at the edges', () => {
  const { pixels, ...size } = reducedPicture(gray, 14);
  expect(size).toEqual({ rows: 2, columns: 3, channels: 1 });
  expect([...pixels]).toEqual([30, 50, 65, 105, 125, 140]);
});

test('colours are averaged each for itself', () => {
  const color = {
    pixels: Uint8Array.of(0, 100, 200, 10, 110, 210, 20, 120, 220, 30, 130, 230),
    rows: 2,
    columns: 2,
    channels: 3,
  } as const;
  expect([...reducedPicture(color, 3).pixels]).toEqual([15, 115, 215]);
});

test('a large picture is small enough in one step', () => {
  const film = { pixels: new Uint8Array(593 * 473).fill(77), rows: 593, columns: 473, channels: 1 } as const;
  const { rows, columns, pixels } = reducedPicture(film, 409 * 409);
  expect([rows, columns]).toEqual([297, 237]);
  expect(new Set(pixels)).toEqual(new Set([77]));
});
