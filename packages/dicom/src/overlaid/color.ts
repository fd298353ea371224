import { readNumbers } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Colours that are told apart on grey, for what names none. */
const OWN: readonly Rgb[] = [
  [255, 99, 71],
  [64, 196, 255],
  [255, 202, 40],
  [124, 220, 108],
  [206, 147, 216],
  [255, 138, 101],
  [77, 208, 185],
  [240, 98, 146],
];
export const ownColor = (number: number): Rgb => OWN[Math.abs(Math.trunc(number)) % OWN.length] ?? [255, 99, 71];

const clamped = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 255);
const companded = (linear: number): number => (linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055);
const opened = (value: number): number => (value > 6 / 29 ? value ** 3 : 3 * (6 / 29) ** 2 * (value - 4 / 29));

/** A colour of the profile connection space, L* a* b* of 16 bits (PS3.3 C.10.7.1.1), on a screen; undefined where there is none. */
export function colorOfLab(item: DicomJsonObject, tag: string): Rgb | undefined {
  const [l, a, b] = readNumbers(item, tag) ?? [];
  if (l === undefined || a === undefined || b === undefined) return undefined;
  const y = ((l / 65_535) * 100 + 16) / 116;
  // The white of the connection space is D50; the matrix adapts it to the screen's D65 (Bradford).
  const [fx, fz] = [y + ((a / 65_535) * 255 - 128) / 500, y - ((b / 65_535) * 255 - 128) / 200];
  const [X, Y, Z] = [0.96422 * opened(fx), opened(y), 0.82521 * opened(fz)];
  return [
    clamped(companded(3.1338561 * X - 1.6168667 * Y - 0.4906146 * Z)),
    clamped(companded(-0.9787684 * X + 1.9161415 * Y + 0.033454 * Z)),
    clamped(companded(0.0719453 * X - 0.2289914 * Y + 1.4052427 * Z)),
  ];
}

/** ROI Display Color (3006,002A): red, green and blue as they are; undefined where there is none. */
export function colorOfRgb(item: DicomJsonObject, tag: string): Rgb | undefined {
  const [red, green, blue] = readNumbers(item, tag) ?? [];
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  return [clamped(red / 255), clamped(green / 255), clamped(blue / 255)];
}
