import type { Calibration } from './calibration.ts';
import { type Measurement, type PixelPoint, scaleKind, spacingAt } from './lengths.ts';
import { crossOf, type Scale, type TwoLines, vectorOf } from './measuring.ts';

export interface Area extends Pick<Measurement, 'kind'> {
  readonly value: number;
  readonly unit: 'mm2' | 'px';
}

function scaledArea(pixels: number, corners: readonly PixelPoint[], calibration: Calibration): Area {
  const spacing = spacingAt(corners, calibration);
  const kind = scaleKind(spacing, calibration);
  return spacing === undefined
    ? { value: pixels, unit: 'px', kind }
    : { value: pixels * spacing.rowMm * spacing.columnMm, unit: 'mm2', kind };
}

/** Area of a closed line, whose last corner joins the first; without a scale in pixels. */
export function polygonArea(points: readonly PixelPoint[], { calibration }: Scale): Area {
  const twice = points.reduce((sum, point, index) => sum + crossOf(point, points[(index + 1) % points.length] ?? point), 0);
  return scaledArea(Math.abs(twice) / 2, points, calibration);
}

/** Area of an ellipse by the ends of its axes. */
export function ellipseArea([a, b, c, d]: TwoLines, { calibration }: Scale): Area {
  const pixels = (Math.PI / 4) * Math.abs(crossOf(vectorOf([a, b]), vectorOf([c, d])));
  return scaledArea(pixels, [a, b, c, d], calibration);
}
