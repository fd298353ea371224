import type { Calibration, Spacing } from './calibration.ts';
import { type Measurement, measureAngle, measureLength, type PixelPoint, spacingAt } from './lengths.ts';

/** What is measured in one frame follows its scale, and where there is none the proportions of a pixel. */
export interface Scale {
  readonly calibration: Calibration;
  /** Height of a pixel by its width. */
  readonly pixelAspect: number;
}

type Vector = readonly [number, number];
export type Line = readonly [PixelPoint, PixelPoint];
/** Ends of two lines, in turn. */
export type TwoLines = readonly [PixelPoint, PixelPoint, PixelPoint, PixelPoint];

export const vectorOf = ([from, to]: Line): Vector => [to[0] - from[0], to[1] - from[1]];
export const crossOf = (a: Vector, b: Vector): number => a[0] * b[1] - a[1] * b[0];
export const middleOf = ([from, to]: Line): PixelPoint => [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];

/** A scale for directions and ratios, which need the proportions of a pixel only. */
const proportions = (points: readonly PixelPoint[], { calibration, pixelAspect }: Scale): Spacing =>
  spacingAt(points, calibration) ?? { rowMm: pixelAspect, columnMm: 1 };

export const angleAt = (
  [a, vertex, b]: readonly [PixelPoint, PixelPoint, PixelPoint],
  { calibration, pixelAspect }: Scale,
): number => measureAngle(a, vertex, b, calibration, pixelAspect);

/**
 * Cobb's angle between two end plates, in degrees from 0 to 180. Which way round each line was drawn says nothing: both are taken across the line that
 * joins their middles, so that two plates of which each leans by 55° the other way make 110°, whichever way the picture is turned.
 */
export function cobbAngle([a, b, c, d]: TwoLines, scale: Scale): number {
  const { rowMm, columnMm } = proportions([a, b, c, d], scale);
  const inMm = ([x, y]: PixelPoint): PixelPoint => [x * columnMm, y * rowMm];
  const [upper, lower]: [Line, Line] = [
    [inMm(a), inMm(b)],
    [inMm(c), inMm(d)],
  ];
  const axis = vectorOf([middleOf(upper), middleOf(lower)]);
  const across = (line: Line): Vector => {
    const [x, y] = vectorOf(line);
    return crossOf(axis, [x, y]) < 0 ? [-x, -y] : [x, y];
  };
  const [u, v] = [across(upper), across(lower)];
  const angle = (Math.abs(Math.atan2(crossOf(u, v), u[0] * v[0] + u[1] * v[1])) * 180) / Math.PI;
  const isCrossed = axis[0] === 0 && axis[1] === 0;
  return isCrossed ? Math.min(angle, 180 - angle) : angle;
}

export interface CardiothoracicRatio {
  readonly heart: Measurement;
  readonly thorax: Measurement;
  /** Needs no scale: both widths are enlarged alike. Undefined while the thorax has no width. */
  readonly ratio: number | undefined;
}

/** Width of the heart by that of the thorax. */
export function cardiothoracicRatio([a, b, c, d]: TwoLines, scale: Scale): CardiothoracicRatio {
  const spacing = proportions([a, b, c, d], scale);
  const width = (from: PixelPoint, to: PixelPoint): number =>
    Math.hypot((to[0] - from[0]) * spacing.columnMm, (to[1] - from[1]) * spacing.rowMm);
  const thorax = width(c, d);
  return {
    heart: measureLength(a, b, scale.calibration),
    thorax: measureLength(c, d, scale.calibration),
    ratio: thorax === 0 ? undefined : width(a, b) / thorax,
  };
}
