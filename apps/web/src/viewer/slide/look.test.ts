import { slidesOf } from '@negatoscope/dicom';
import { expect, test } from 'vitest';
import { slideDatasets } from '../testing/slide-fixture.ts';
import {
  barLength,
  boundedLook,
  levelFor,
  magnification,
  micrometres,
  movedLook,
  partOf,
  wholeLook,
  zoomedLook,
} from './look.ts';

const [slide] = slidesOf(slideDatasets());
if (slide === undefined) throw new Error('no slide');
const SIZE = { width: 300, height: 200 };
/** What of the finest level lies at a point of the pane. */
const under = (look: ReturnType<typeof wholeLook>, at: { x: number; y: number }) => [
  look.x + at.x / look.scale,
  look.y + at.y / look.scale,
];

test('a slide is seen whole first, and what lies under the pointer stays there while one comes nearer', () => {
  const whole = wholeLook(slide, SIZE);
  expect(whole).toEqual({ x: 600, y: 400, scale: 0.25 });
  const at = { x: 50, y: -20 };
  const nearer = zoomedLook(slide, SIZE, whole, 4, at);
  expect(nearer.scale).toBe(1);
  expect(under(nearer, at)).toEqual(under(whole, at));
  expect(movedLook(nearer, { x: 10, y: 0 }).x).toBe(nearer.x - 10);
});

test('nobody gets lost: neither past the edge, nor nearer than its pixels, nor so far that nothing is seen', () => {
  const bounded = (look: Partial<ReturnType<typeof wholeLook>>) => boundedLook(slide, SIZE, { x: 1, y: 1, scale: 1, ...look });
  expect(bounded({ x: -9, y: 9999 })).toMatchObject({ x: 0, y: 800 });
  expect([bounded({ scale: 1e9 }).scale, bounded({ scale: 1e-9 }).scale]).toEqual([8, 0.125]);
});

test('the level is the coarsest that has a pixel for each of the screen’s', () => {
  const columns = (scale: number, density = 1): number => levelFor(slide, { x: 0, y: 0, scale }, density).columns;
  expect([columns(1), columns(0.25), columns(0.0625), columns(0.01), columns(8)]).toEqual([1200, 300, 75, 75, 1200]);
  expect(columns(0.25, 2)).toBe(1200);
});

test('what is seen of a level is in its own pixels', () => {
  const coarse = slide.levels[1];
  if (coarse === undefined) throw new Error('no level');
  expect(partOf(slide, coarse, wholeLook(slide, SIZE), SIZE)).toEqual({ left: 0, right: 300, top: 0, bottom: 200 });
});

test('lengths are round, fit, and are of the file: 0.5 µm a pixel is what an objective of 20 × shows', () => {
  expect(micrometres(slide, { x: 0, y: 0, scale: 1 })).toBe(0.5);
  expect(magnification(0.5)).toBe(20);
  expect(barLength(0.5, 140)).toEqual({ micrometres: 50, pixels: 100 });
  expect(barLength(8, 140)).toEqual({ micrometres: 1000, pixels: 125 });
  const { millimetres: _, ...level } = slide.levels[0];
  const unscaled = { ...slide, levels: [{ ...level, millimetres: undefined }] as const };
  expect(micrometres(unscaled, { x: 0, y: 0, scale: 1 })).toBeUndefined();
});
