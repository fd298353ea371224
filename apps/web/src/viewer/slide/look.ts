import { type Slide, type SlideLevel, type SlidePart, suitingLevel } from '@negatoscope/dicom';

/** What of a slide is looked at: the pixel of its finest level in the middle, and CSS pixels for each of them. */
export interface Look {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** Of the element, in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A point from the middle of the element, in CSS pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Beyond that a pixel of the slide is a large square, and nothing more is seen. */
const MOST_SCALE = 8;
/** How much smaller than the element a slide becomes. */
const LEAST_OF_FIT = 0.5;

export const fitScale = ({ levels: [finest] }: Slide, { width, height }: Size): number =>
  Math.min(width / finest.columns, height / finest.rows);

/** The whole slide. */
export const wholeLook = (slide: Slide, size: Size): Look => ({
  x: slide.levels[0].columns / 2,
  y: slide.levels[0].rows / 2,
  scale: fitScale(slide, size),
});

const between = (least: number, value: number, most: number): number => Math.max(least, Math.min(most, value));

/** The same within what there is to see: neither past the edge of the slide nor nearer than its pixels. */
export function boundedLook(slide: Slide, size: Size, { x, y, scale }: Look): Look {
  const [finest] = slide.levels;
  const least = Math.min(MOST_SCALE, fitScale(slide, size) * LEAST_OF_FIT);
  return { x: between(0, x, finest.columns), y: between(0, y, finest.rows), scale: between(least, scale, MOST_SCALE) };
}

export const movedLook = ({ x, y, scale }: Look, by: Point): Look => ({ x: x - by.x / scale, y: y - by.y / scale, scale });

/** Nearer by a factor, while what lies at a point of the element stays there. */
export function zoomedLook(slide: Slide, size: Size, look: Look, factor: number, at: Point = { x: 0, y: 0 }): Look {
  const { scale } = boundedLook(slide, size, { ...look, scale: look.scale * factor });
  const kept = 1 / look.scale - 1 / scale;
  return boundedLook(slide, size, { x: look.x + at.x * kept, y: look.y + at.y * kept, scale });
}

/** The coarsest level that has a pixel for each of the screen's; the finest where none has. `density`: pixels of the screen for each of CSS. */
export function levelFor({ levels }: Slide, { scale }: Look, density: number): SlideLevel {
  const [finest] = levels;
  // Three quarters of a pixel are not told from one, and cost half.
  const needed = finest.columns * scale * density * 0.75;
  return suitingLevel(levels, needed);
}

/** The part of a level that is seen, in its own pixels. */
export function partOf({ levels: [finest] }: Slide, level: SlideLevel, look: Look, { width, height }: Size): SlidePart {
  const [across, down] = [level.columns / finest.columns, level.rows / finest.rows];
  const [halfWidth, halfHeight] = [width / 2 / look.scale, height / 2 / look.scale];
  return {
    left: (look.x - halfWidth) * across,
    right: (look.x + halfWidth) * across,
    top: (look.y - halfHeight) * down,
    bottom: (look.y + halfHeight) * down,
  };
}

/** Micrometres for each CSS pixel; undefined where the file says no distance. */
export const micrometres = ({ levels: [finest] }: Slide, { scale }: Look): number | undefined =>
  finest.millimetres === undefined ? undefined : (finest.millimetres.x * 1000) / scale;

/** The longest of 1, 2, 5, 10 … micrometres that takes no more than so many CSS pixels. */
export function barLength(micrometresEach: number, most: number): { readonly micrometres: number; readonly pixels: number } {
  const room = micrometresEach * most;
  const power = 10 ** Math.floor(Math.log10(room));
  const length = ([5, 2].find((step) => step * power <= room) ?? 1) * power;
  return { micrometres: length, pixels: length / micrometresEach };
}

/** The objective under which one would see it so: 10 µm a pixel are what an eye sees at 1 ×. */
export const magnification = (micrometresEach: number): number => 10 / micrometresEach;
