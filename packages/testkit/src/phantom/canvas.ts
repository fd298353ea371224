/** A plane of 16-bit values with millimetre coordinates, painted by convex shapes; later shapes cover earlier ones. */
export interface Canvas {
  readonly values: Int16Array;
  readonly rows: number;
  readonly columns: number;
  /** Millimetres of the centre of column 0 and row 0, and between neighbours. */
  readonly originX: number;
  readonly originY: number;
  readonly spacing: number;
  readonly spacingY: number;
  /** First and last row that a shape has touched since the canvas was cleared; air needs no smoothing. */
  readonly painted: { first: number; last: number };
}

export interface CanvasSize {
  readonly columns: number;
  readonly rows: number;
  readonly spacing: number;
  /** The same as `spacing` unless given. */
  readonly spacingY?: number;
  /** Millimetres of y in the middle of the plane. */
  readonly centreY?: number;
}

export function createCanvas({ columns, rows, spacing, spacingY = spacing, centreY = 0 }: CanvasSize): Canvas {
  return {
    values: new Int16Array(rows * columns),
    rows,
    columns,
    originX: (-(columns - 1) / 2) * spacing,
    originY: (-(rows - 1) / 2) * spacingY + centreY,
    spacing,
    spacingY,
    painted: { first: rows, last: -1 },
  };
}

/** Fills the whole plane with one value. */
export function clear(canvas: Canvas, value: number): void {
  canvas.values.fill(value);
  canvas.painted.first = canvas.rows;
  canvas.painted.last = -1;
}

function fillSpan(canvas: Canvas, row: number, left: number, right: number, value: number): void {
  const first = Math.max(0, Math.ceil((left - canvas.originX) / canvas.spacing));
  const last = Math.min(canvas.columns - 1, Math.floor((right - canvas.originX) / canvas.spacing));
  if (first <= last) canvas.values.fill(value, row * canvas.columns + first, row * canvas.columns + last + 1);
}

export interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
  /** Radians, from +x towards +y. */
  readonly turn?: number;
  /** 2 is an ellipse, larger is squarer; only without a turn. */
  readonly exponent?: number;
}

function rowRange(canvas: Canvas, y: number, half: number): { first: number; last: number } {
  const first = Math.max(0, Math.ceil((y - half - canvas.originY) / canvas.spacingY));
  const last = Math.min(canvas.rows - 1, Math.floor((y + half - canvas.originY) / canvas.spacingY));
  if (first < canvas.painted.first) canvas.painted.first = first;
  if (last > canvas.painted.last) canvas.painted.last = last;
  return { first, last };
}

/** Fills an ellipse or superellipse; nothing for radii that are not positive. */
export function fillEllipse(canvas: Canvas, shape: Ellipse, value: number): void {
  const { x, y, rx, ry, turn = 0, exponent = 2 } = shape;
  if (!(rx > 0 && ry > 0)) return;
  if (turn !== 0) {
    fillTurned(canvas, shape, turn, value);
    return;
  }
  const { first, last } = rowRange(canvas, y, ry);
  for (let row = first; row <= last; row++) {
    const part = Math.abs((canvas.originY + row * canvas.spacingY - y) / ry);
    if (part > 1) continue;
    const half = exponent === 2 ? rx * Math.sqrt(1 - part * part) : rx * (1 - part ** exponent) ** (1 / exponent);
    fillSpan(canvas, row, x - half, x + half, value);
  }
}

function fillTurned(canvas: Canvas, { x, y, rx, ry }: Ellipse, turn: number, value: number): void {
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  const a = (cos / rx) ** 2 + (sin / ry) ** 2;
  const b = 2 * cos * sin * (1 / rx ** 2 - 1 / ry ** 2);
  const c = (sin / rx) ** 2 + (cos / ry) ** 2;
  const half = Math.sqrt((rx * sin) ** 2 + (ry * cos) ** 2);
  const { first, last } = rowRange(canvas, y, half);
  for (let row = first; row <= last; row++) {
    const dy = canvas.originY + row * canvas.spacingY - y;
    const root = b * b * dy * dy - 4 * a * (c * dy * dy - 1);
    if (root < 0) continue;
    const middle = x - (b * dy) / (2 * a);
    const reach = Math.sqrt(root) / (2 * a);
    fillSpan(canvas, row, middle - reach, middle + reach, value);
  }
}

/**
 * Smooths by 1-2-1 in both directions (the outermost pixels are kept), which is what a reconstruction kernel does to hard edges. Only rows
 * `first` to `last` and their neighbours are touched.
 */
export function smooth(values: Int16Array, columns: number, rows: number, range = { first: 0, last: rows - 1 }): void {
  const top = Math.max(1, range.first - 1);
  const end = Math.min(rows - 2, range.last + 1);
  for (let row = top - 1; row <= end + 1; row++) {
    const start = row * columns;
    let previous = values[start] ?? 0;
    let current = previous;
    for (let index = start; index < start + columns - 1; index++) {
      const next = values[index + 1] ?? 0;
      values[index] = (previous + 2 * current + next + 2) >> 2;
      previous = current;
      current = next;
    }
  }
  const above = values.slice((top - 1) * columns, top * columns);
  for (let row = top; row <= end; row++) {
    const start = row * columns;
    for (let column = 0; column < columns; column++) {
      const current = values[start + column] ?? 0;
      values[start + column] = ((above[column] ?? 0) + 2 * current + (values[start + columns + column] ?? 0) + 2) >> 2;
      above[column] = current;
    }
  }
}

/** Straight lines between knots given as [position, value] in rising order; constant outside. */
export function interpolate(knots: readonly (readonly [number, number])[], position: number): number {
  let before = knots[0] ?? [0, 0];
  for (const knot of knots) {
    if (position <= knot[0]) {
      const span = knot[0] - before[0];
      return span === 0 ? knot[1] : before[1] + ((position - before[0]) / span) * (knot[1] - before[1]);
    }
    before = knot;
  }
  return before[1];
}

/** A smooth curve between knots (each piece eased), for outlines that should have no visible corners. */
export function ease(knots: readonly (readonly [number, number])[], position: number): number {
  const delta = 10;
  let sum = 0;
  for (const step of [-1, -0.5, 0, 0.5, 1]) sum += interpolate(knots, position + step * delta);
  return sum / 5;
}
