import type { ImagePoint, Region } from './region';

/** Pixels of one row that belong to a region: columns from `from` up to, but not including, `to`. */
export interface Span {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

interface Extent {
  readonly rows: number;
  readonly columns: number;
}

/** The middle of row or column `index`. */
const middle = (index: number): number => index + 0.5;
/** The first row or column whose middle is not before `position`. */
const firstAt = (position: number): number => Math.ceil(position - 0.5);

function clipped(row: number, from: number, to: number, columns: number): Span[] {
  const span = { row, from: Math.max(0, from), to: Math.min(columns, to) };
  return span.to > span.from ? [span] : [];
}

/** Where a closed line crosses the middle of each row of the frame, by row. */
function crossings(points: readonly ImagePoint[], rows: number): number[][] {
  const found: number[][] = Array.from({ length: rows }, () => []);
  points.forEach(([x1, y1], index) => {
    const [x2, y2] = points[(index + 1) % points.length] ?? [x1, y1];
    // Half open: a corner in the middle of a row counts once.
    const [from, to] = [firstAt(Math.min(y1, y2)), firstAt(Math.max(y1, y2))];
    for (let row = Math.max(0, from); row < Math.min(rows, to); row += 1)
      found[row]?.push(x1 + ((middle(row) - y1) / (y2 - y1)) * (x2 - x1));
  });
  return found;
}

function polygonSpans(points: readonly ImagePoint[], { rows, columns }: Extent): Span[] {
  return crossings(points, rows).flatMap((xs, row) => {
    xs.sort((a, b) => a - b);
    const spans: Span[] = [];
    for (let at = 0; at + 1 < xs.length; at += 2)
      spans.push(...clipped(row, firstAt(xs[at] ?? 0), firstAt(xs[at + 1] ?? 0), columns));
    return spans;
  });
}

function ellipseSpans([a, b, c, d]: Extract<Region, { kind: 'ellipse' }>['points'], { rows, columns }: Extent): Span[] {
  const [centreX, centreY] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  const [ax, ay, bx, by] = [(b[0] - a[0]) / 2, (b[1] - a[1]) / 2, (d[0] - c[0]) / 2, (d[1] - c[1]) / 2];
  const area = ax * by - ay * bx;
  if (area === 0) return [];
  // A place is centre + u × first half + v × second half, and inside where u² + v² ≤ 1: along a row that is a quadratic in x.
  const [ux, vx] = [by / area, -ay / area];
  const quadratic = ux * ux + vx * vx;
  return Array.from({ length: rows }, (_, row) => row).flatMap((row) => {
    const dy = middle(row) - centreY;
    const [u0, v0] = [(-bx / area) * dy, (ax / area) * dy];
    const half = (u0 * ux + v0 * vx) / quadratic;
    const under = half * half - (u0 * u0 + v0 * v0 - 1) / quadratic;
    if (under < 0) return [];
    const [left, right] = [centreX - half - Math.sqrt(under), centreX - half + Math.sqrt(under)];
    return clipped(row, firstAt(left), Math.floor(right - 0.5) + 1, columns);
  });
}

/**
 * The pixels of a region: those whose middle lies inside. On the outline of a polygon the left and the upper side belong to it, the right and the lower one
 * do not, so that regions side by side share no pixel; where a line crosses itself what it encloses twice is outside (even and odd). The outline of an
 * ellipse belongs to it. What lies beyond the frame is left out.
 */
export const spansOf = (region: Region, extent: Extent): Span[] =>
  region.kind === 'polygon' ? polygonSpans(region.points, extent) : ellipseSpans(region.points, extent);
