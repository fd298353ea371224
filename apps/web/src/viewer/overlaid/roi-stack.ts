import { type Contour, type PixelPlane, polygonCrossings, type Roi } from '@negatoscope/dicom';
import { cross, dot, type Vector3 } from '../model/geometry.ts';
import { type Stack, stackOf } from './stack.ts';

type Flat = readonly (readonly [number, number])[];

const MOST_PIXELS_A_SIDE = 320;
const LEAST_MM = 0.5;
const FLAT_MM = 0.5;

const pointsOf = ({ points }: Contour): Vector3[] =>
  Array.from({ length: Math.floor(points.length / 3) }, (_, at) => [
    points[at * 3] ?? 0,
    points[at * 3 + 1] ?? 0,
    points[at * 3 + 2] ?? 0,
  ]);

/** The normal of a closed line (Newell), a unit vector; undefined for one without an area. */
function normalOf(points: readonly Vector3[]): Vector3 | undefined {
  let [x, y, z] = [0, 0, 0];
  points.forEach((a, at) => {
    const b = points[(at + 1) % points.length] ?? a;
    x += (a[1] - b[1]) * (a[2] + b[2]);
    y += (a[2] - b[2]) * (a[0] + b[0]);
    z += (a[0] - b[0]) * (a[1] + b[1]);
  });
  const length = Math.hypot(x, y, z);
  return length > 0 ? [x / length, y / length, z / length] : undefined;
}

const unit = (vector: Vector3): Vector3 => {
  const length = Math.hypot(...vector);
  return [vector[0] / length, vector[1] / length, vector[2] / length];
};

/** Two directions in the planes of a region, square to each other and to the normal. */
function axesOf(normal: Vector3): { readonly row: Vector3; readonly column: Vector3 } {
  const side: Vector3 = Math.abs(normal[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0];
  const column = unit(cross(normal, side));
  return { row: cross(column, normal), column };
}

/** Fills closed lines, in pixels of a grid: what lies in an even number of them is a hole. */
export function filled(lines: readonly Flat[], columns: number, rows: number): Uint8Array {
  const mask = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const crossings = polygonCrossings(lines, row);
    for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
      const from = Math.max(0, Math.ceil(crossings[pair] ?? 0));
      const to = Math.min(columns - 1, Math.floor(crossings[pair + 1] ?? -1));
      if (to >= from) mask.fill(1, row * columns + from, row * columns + to + 1);
    }
  }
  return mask;
}

/** Closed contours by the place of their plane along the normal; undefined where one is not flat, or lies across the others. */
function byPlace(roi: Roi, normal: Vector3): Map<number, Vector3[][]> | undefined {
  const places = new Map<number, Vector3[][]>();
  for (const contour of roi.contours) {
    const points = contour.type.startsWith('CLOSED') ? pointsOf(contour) : [];
    const [first] = points;
    if (first === undefined || points.length < 3) continue;
    const at = dot(first, normal);
    if (points.some((point) => Math.abs(dot(point, normal) - at) > FLAT_MM)) return undefined;
    const place = Math.round(at * 100) / 100;
    places.set(place, [...(places.get(place) ?? []), points]);
  }
  return places.size === 0 ? undefined : places;
}

/**
 * A region of contours as masks on their own planes, so that any other plane can be cut through it: each contour's share reaches half of the way to the next.
 * Undefined for contours that are not flat and parallel.
 */
export function roiStack(roi: Roi): Stack<Uint8Array> | undefined {
  const closed = roi.contours.find(({ type, points }) => type.startsWith('CLOSED') && points.length >= 9);
  const normal = closed && normalOf(pointsOf(closed));
  const places = normal && byPlace(roi, normal);
  if (normal === undefined || places === undefined) return undefined;
  const { row, column } = axesOf(normal);
  const flat = (point: Vector3): readonly [number, number] => [dot(point, row), dot(point, column)];
  const lines = [...places].map(([place, contours]) => ({ place, contours: contours.map((points) => points.map(flat)) }));
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { contours } of lines)
    for (const [x, y] of contours.flat()) {
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  const mm = Math.max(LEAST_MM, (right - left) / MOST_PIXELS_A_SIDE, (bottom - top) / MOST_PIXELS_A_SIDE);
  const [columns, rows] = [Math.ceil((right - left) / mm) + 1, Math.ceil((bottom - top) / mm) + 1];
  const planeAt = (place: number): PixelPlane => {
    const at = (axis: 0 | 1 | 2): number => row[axis] * left + column[axis] * top + normal[axis] * place;
    return { position: [at(0), at(1), at(2)], row, column, rowMm: mm, columnMm: mm };
  };
  const inGrid = (line: Flat): Flat => line.map(([x, y]) => [(x - left) / mm, (y - top) / mm] as const);
  const slices = lines.map(({ place, contours }) => ({
    plane: planeAt(place),
    thicknessMm: undefined,
    value: filled(contours.map(inGrid), columns, rows),
  }));
  return stackOf(slices, { rows, columns });
}
