import type { CalibratedRegion, Calibration, Spacing } from './calibration.ts';

/** A position in image pixels: x along the row, y along the column, from the corner of the frame. */
export type PixelPoint = readonly [number, number];

/** `outside`: the ends lie in no ultrasound region of distances, or not in the same one. */
export type Measurement = {
  readonly value: number;
  readonly unit: 'mm' | 'px';
  readonly kind: Exclude<Calibration['kind'], 'regions'> | 'outside';
};

const holds = ({ left, top, right, bottom }: CalibratedRegion, [x, y]: PixelPoint): boolean =>
  x >= left && x <= right + 1 && y >= top && y <= bottom + 1;

/** The scale for what lies at these points; undefined where there is none. */
export function spacingAt(points: readonly PixelPoint[], calibration: Calibration): Spacing | undefined {
  if (calibration.kind === 'none') return undefined;
  if (calibration.kind !== 'regions') return calibration.spacing;
  // Each point belongs to the first region that holds it: a measurement that leaves it is one across two.
  const owners = points.map((point) => calibration.regions.find((region) => holds(region, point)));
  return owners.every((owner) => owner === owners[0]) ? owners[0]?.spacing : undefined;
}

export function measureLength(a: PixelPoint, b: PixelPoint, calibration: Calibration): Measurement {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const spacing = spacingAt([a, b], calibration);
  const kind = scaleKind(spacing, calibration);
  if (spacing === undefined) return { value: Math.hypot(dx, dy), unit: 'px', kind };
  return { value: Math.hypot(dx * spacing.columnMm, dy * spacing.rowMm), unit: 'mm', kind };
}

/** What is said of a measurement that has this scale, or none. */
export function scaleKind(spacing: Spacing | undefined, { kind }: Calibration): Measurement['kind'] {
  if (kind !== 'regions') return kind;
  return spacing === undefined ? 'outside' : 'calibrated';
}

/**
 * Angle at `vertex` in degrees, 0 to 180, measured in millimetres where known so that anisotropic pixels do not distort it, else by the
 * proportions of a pixel, its height by its width.
 */
export function measureAngle(
  a: PixelPoint,
  vertex: PixelPoint,
  b: PixelPoint,
  calibration: Calibration,
  pixelAspect = 1,
): number {
  const { rowMm, columnMm } = spacingAt([a, vertex, b], calibration) ?? { rowMm: pixelAspect, columnMm: 1 };
  const ux = (a[0] - vertex[0]) * columnMm;
  const uy = (a[1] - vertex[1]) * rowMm;
  const vx = (b[0] - vertex[0]) * columnMm;
  const vy = (b[1] - vertex[1]) * rowMm;
  return (Math.abs(Math.atan2(ux * vy - uy * vx, ux * vx + uy * vy)) * 180) / Math.PI;
}
