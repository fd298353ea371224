import type { AnnotationKind } from '@negatoscope/contract';
import type { PixelPoint } from './calibration.ts';

/** Points that are set by hand for each kind; the others follow from them. Undefined for what is not drawn. */
const ANCHORS: Partial<Readonly<Record<AnnotationKind, number>>> = {
  LENGTH: 2,
  BIDIRECTIONAL: 2,
  ANGLE: 3,
  COBB: 4,
  CARDIOTHORACIC: 4,
  ELLIPSE: 2,
  RECTANGLE: 2,
  FREEHAND: Number.POSITIVE_INFINITY,
  ARROW: 2,
  TEXT: 1,
  SPINE_LABEL: 1,
  PROBE: 1,
};

/** Kinds of two lines: each begins where the pointer goes down. */
const TWO_LINES: ReadonlySet<AnnotationKind> = new Set(['COBB', 'CARDIOTHORACIC']);

/** A shorter step of a line drawn by hand says nothing more, pixels of the image. */
const LEAST_STEP = 0.5;
const MOST_CORNERS = 10_000;

/** The short axis that is proposed, as a share of the long one. */
const SHORT_SHARE = 0.5;

function withShortAxis(a: PixelPoint, b: PixelPoint, aspect: number): PixelPoint[] {
  const [x, y] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
  // At a right angle in millimetres: rows are `aspect` times as far apart as columns.
  const [dx, dy] = [(b[0] - a[0]) * (SHORT_SHARE / 2), (b[1] - a[1]) * aspect * (SHORT_SHARE / 2)];
  return [a, b, [x - dy, y + dx / aspect], [x + dy, y - dx / aspect]];
}

/** An ellipse in a box, the longer axis first. */
function ellipseIn(a: PixelPoint, b: PixelPoint, aspect: number): PixelPoint[] {
  const [left, right, top, bottom] = [Math.min(a[0], b[0]), Math.max(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[1], b[1])];
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const across: PixelPoint[] = [
    [left, y],
    [right, y],
  ];
  const down: PixelPoint[] = [
    [x, top],
    [x, bottom],
  ];
  return (bottom - top) * aspect > right - left ? [...down, ...across] : [...across, ...down];
}

function pointsOf(kind: AnnotationKind, anchors: readonly PixelPoint[], aspect: number): readonly PixelPoint[] {
  const [a, b] = anchors;
  if (a === undefined || b === undefined) return anchors;
  if (kind === 'BIDIRECTIONAL') return withShortAxis(a, b, aspect);
  if (kind === 'ELLIPSE') return ellipseIn(a, b, aspect);
  if (kind === 'RECTANGLE') return [a, [b[0], a[1]], b, [a[0], b[1]]];
  return anchors;
}

/**
 * An annotation while it is drawn, in pixels of the image. A line is drawn by dragging from one end to the other, or by a click at each; further points by
 * further clicks or drags. A closed line is drawn in one go.
 */
export class Gesture {
  readonly kind: AnnotationKind;
  readonly #aspect: number;
  #anchors: PixelPoint[] = [];
  #current: PixelPoint | undefined;
  /** Whether the pointer that is down has begun a line. */
  #isFirst = false;

  /** `aspect`: height of a pixel by its width. */
  constructor(kind: AnnotationKind, aspect: number) {
    this.kind = kind;
    this.#aspect = aspect;
  }

  static draws(kind: AnnotationKind): boolean {
    return ANCHORS[kind] !== undefined;
  }

  /** The points that are set and the one that follows the pointer. */
  get points(): readonly PixelPoint[] {
    const isOpen = this.#current !== undefined && this.#anchors.length < this.#wanted && this.kind !== 'FREEHAND';
    const all = isOpen && this.#current !== undefined ? [...this.#anchors, this.#current] : this.#anchors;
    return pointsOf(this.kind, all, this.#aspect);
  }

  press(point: PixelPoint): void {
    this.#isFirst = this.#anchors.length === 0 || (TWO_LINES.has(this.kind) && this.#anchors.length % 2 === 0);
    if (this.#isFirst) this.#anchors.push(point);
    this.#current = point;
  }

  move(point: PixelPoint, isPressed: boolean): void {
    const last = this.#anchors.at(-1);
    this.#current = point;
    if (!isPressed || last === undefined) return;
    if (this.#wanted === 1) this.#anchors = [point];
    if (this.kind !== 'FREEHAND' || this.#anchors.length >= MOST_CORNERS) return;
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) >= LEAST_STEP) this.#anchors.push(point);
  }

  /** True once the annotation is whole. `isClick`: the pointer has not moved since it went down. */
  release(point: PixelPoint, isClick: boolean): boolean {
    this.#current = undefined;
    if (this.kind === 'FREEHAND') return true;
    if (this.#anchors.length < this.#wanted && !(isClick && this.#isFirst)) this.#anchors.push(point);
    return this.#anchors.length >= this.#wanted;
  }

  /** Whether what was drawn is something: a line of no length or a region without inside is not. */
  get isSomething(): boolean {
    const { points } = this;
    if (this.kind === 'FREEHAND') return points.length >= 3 && extentOf(points) > 1;
    return this.#wanted === 1 || extentOf(points) > 0;
  }

  get #wanted(): number {
    return ANCHORS[this.kind] ?? 0;
  }
}

function extentOf(points: readonly PixelPoint[]): number {
  const spread = (axis: 0 | 1): number => {
    const all = points.map((point) => point[axis]);
    return all.reduce((most, one) => Math.max(most, one), -Infinity) - all.reduce((least, one) => Math.min(least, one), Infinity);
  };
  return Math.max(spread(0), spread(1));
}
