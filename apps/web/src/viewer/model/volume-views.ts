import { cross, dot, type Vector3 } from './geometry.ts';
import type { PlaneRequest, Slab } from './volume.ts';
import type { VolumeGrid } from './volume-geometry.ts';

export const VIEWS = ['axial', 'coronal', 'sagittal'] as const;
export type ViewId = (typeof VIEWS)[number];

/** Directions in the patient of the right and of the bottom of the screen; unit vectors, square to each other. */
export interface ViewAxes {
  readonly right: Vector3;
  readonly down: Vector3;
}
export type Views = Readonly<Record<ViewId, ViewAxes>>;

/** As radiologists hang them: from the feet, from the front, from the left, by the axes of the patient and not of the scanner. */
export const PATIENT_VIEWS: Views = {
  axial: { right: [1, 0, 0], down: [0, 1, 0] },
  coronal: { right: [1, 0, 0], down: [0, 0, -1] },
  sagittal: { right: [0, 1, 0], down: [0, 0, -1] },
};

export const normalOf = ({ right, down }: ViewAxes): Vector3 => cross(right, down);

export const plus = (a: Vector3, b: Vector3, times = 1): Vector3 => [
  a[0] + times * b[0],
  a[1] + times * b[1],
  a[2] + times * b[2],
];

export const distanceMm = (a: Vector3, b: Vector3): number => Math.hypot(...plus(a, b, -1));

/** A vector turned about a unit vector (Rodrigues), radians. */
function turned(vector: Vector3, about: Vector3, angle: number): Vector3 {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const across = cross(about, vector);
  const along = dot(about, vector) * (1 - cos);
  const at = (axis: 0 | 1 | 2): number => vector[axis] * cos + across[axis] * sin + about[axis] * along;
  return [at(0), at(1), at(2)];
}

const unit = (vector: Vector3): Vector3 => plus([0, 0, 0], vector, 1 / Math.hypot(...vector));

/** Square again, after many turns. */
function squared({ right, down }: ViewAxes): ViewAxes {
  const alongRight = unit(right);
  return { right: alongRight, down: unit(plus(down, alongRight, -dot(down, alongRight))) };
}

/** Turns the planes of the other views about the normal of one, clockwise on its screen; that one stays. */
export function turnOthers(views: Views, view: ViewId, degrees: number): Views {
  const about = normalOf(views[view]);
  const angle = (degrees * Math.PI) / 180;
  const next = (id: ViewId): ViewAxes => {
    const { right, down } = views[id];
    return id === view ? views[id] : squared({ right: turned(right, about, angle), down: turned(down, about, angle) });
  };
  return { axial: next('axial'), coronal: next('coronal'), sagittal: next('sagittal') };
}

/** The middle of a volume's middle voxel: on slices, rows and columns alike. */
export function middleOf({ origin, row, column, normal, ...grid }: VolumeGrid): Vector3 {
  const slice = Math.floor((grid.distances.length - 1) / 2);
  const [alongRow, alongColumn] = grid.shifts[slice] ?? [0, 0];
  const inPlane = plus(origin, row, alongRow + Math.floor((grid.columns - 1) / 2) * grid.columnMm);
  const there = plus(inPlane, column, alongColumn + Math.floor((grid.rows - 1) / 2) * grid.rowMm);
  return plus(there, normal, grid.distances[slice] ?? 0);
}

/** The middles of the eight outermost voxels. */
export function cornersOf({ origin, row, column, normal, ...grid }: VolumeGrid): Vector3[] {
  const ends = [0, grid.distances.length - 1];
  return ends.flatMap((slice) => {
    const [alongRow, alongColumn] = grid.shifts[slice] ?? [0, 0];
    const first = plus(plus(plus(origin, normal, grid.distances[slice] ?? 0), row, alongRow), column, alongColumn);
    return [0, grid.columns - 1].flatMap((i) =>
      [0, grid.rows - 1].map((j) => plus(plus(first, row, i * grid.columnMm), column, j * grid.rowMm)),
    );
  });
}

/** From the least to the greatest place of a volume along a direction, mm. */
export function extentAlong(grid: VolumeGrid, direction: Vector3): readonly [number, number] {
  const places = cornersOf(grid).map((corner) => dot(corner, direction));
  return [Math.min(...places), Math.max(...places)];
}

/** Between two slices; either neighbour is the next. */
const BETWEEN = 0.5;

/** A place within a volume, or the nearest one along its axes. */
export function withinVolume(grid: VolumeGrid, point: Vector3): Vector3 {
  let there = point;
  for (const axis of [grid.row, grid.column, grid.normal]) {
    const [from, to] = extentAlong(grid, axis);
    const at = dot(there, axis);
    there = plus(there, axis, Math.min(to, Math.max(from, at)) - at);
  }
  return there;
}

/** The spacing of the axis of the volume that lies nearest to a direction; undefined where that is the normal, along which it may vary. */
function spacingAlong(grid: VolumeGrid, direction: Vector3): number | undefined {
  const [alongRow, alongColumn, alongNormal] = [grid.row, grid.column, grid.normal].map((axis) => Math.abs(dot(axis, direction)));
  if ((alongNormal ?? 0) >= Math.max(alongRow ?? 0, alongColumn ?? 0)) return undefined;
  return (alongRow ?? 0) >= (alongColumn ?? 0) ? grid.columnMm : grid.rowMm;
}

/** Goes through a volume along a direction by steps of its voxels: from slice to slice where it lies along their normal. */
export function stepAlong(grid: VolumeGrid, point: Vector3, direction: Vector3, steps: number): Vector3 {
  const { distances, normal, origin } = grid;
  const spacing = spacingAlong(grid, direction);
  if (spacing !== undefined) return withinVolume(grid, plus(point, direction, steps * spacing));
  const last = distances.length - 1;
  const at = dot(plus(point, origin, -1), normal);
  const below = Math.max(
    0,
    distances.findLastIndex((distance) => distance <= at + 1e-6),
  );
  const from = (distances[below] ?? 0) + 1e-6 < at ? below + BETWEEN : below;
  const ahead = dot(direction, normal) >= 0 ? steps : -steps;
  const to = ahead > 0 ? Math.floor(from) + ahead : Math.ceil(from) + ahead;
  const target = distances[Math.min(last, Math.max(0, to))] ?? 0;
  // As far as the slices are apart, in the direction that was asked for.
  return withinVolume(grid, plus(point, direction, (target - at) / dot(direction, normal)));
}

/** What a view shows: the place in its middle, and screen pixels (CSS) for a millimetre. */
export interface Framing {
  readonly centre: Vector3;
  readonly pxPerMm: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Shows all of a volume. */
export function fitted(grid: VolumeGrid, { right, down }: ViewAxes, { width, height }: Size): Framing {
  const [[left, toRight], [top, bottom]] = [extentAlong(grid, right), extentAlong(grid, down)];
  const spare = 1.02;
  const pxPerMm = Math.min(width / ((toRight - left + grid.columnMm) * spare), height / ((bottom - top + grid.rowMm) * spare));
  const corners = cornersOf(grid);
  const sum = corners.reduce((total, corner) => plus(total, corner), [0, 0, 0] as Vector3);
  return { centre: plus([0, 0, 0], sum, 1 / corners.length), pxPerMm };
}

/** The middle of the screen of a view that is to show the plane through a point. */
export function onPlane(axes: ViewAxes, { centre, pxPerMm }: Framing, through: Vector3): Framing {
  const normal = normalOf(axes);
  return { centre: plus(centre, normal, dot(plus(through, centre, -1), normal)), pxPerMm };
}

/** Place on the screen, CSS px from its upper left corner, of a place in the patient. */
export function toScreen(
  { right, down }: ViewAxes,
  { centre, pxPerMm }: Framing,
  size: Size,
  point: Vector3,
): readonly [number, number] {
  const away = plus(point, centre, -1);
  return [size.width / 2 + dot(away, right) * pxPerMm, size.height / 2 + dot(away, down) * pxPerMm];
}

/** Place in the patient of a place on the screen. */
export function toPatient(axes: ViewAxes, { centre, pxPerMm }: Framing, size: Size, [x, y]: readonly [number, number]): Vector3 {
  const alongRight = plus(centre, axes.right, (x - size.width / 2) / pxPerMm);
  return plus(alongRight, axes.down, (y - size.height / 2) / pxPerMm);
}

/** The picture of a view, of so many samples a screen pixel (CSS): the middle of each sample is that of the part of the screen that it fills. */
export function planeOf(axes: ViewAxes, framing: Framing, size: Size, samplesPerPx: number, slab: Slab): PlaneRequest {
  const step = 1 / samplesPerPx;
  const scale = step / framing.pxPerMm;
  return {
    origin: toPatient(axes, framing, size, [step / 2, step / 2]),
    right: plus([0, 0, 0], axes.right, scale),
    down: plus([0, 0, 0], axes.down, scale),
    normal: normalOf(axes),
    width: Math.max(1, Math.round(size.width * samplesPerPx)),
    height: Math.max(1, Math.round(size.height * samplesPerPx)),
    ...slab,
  };
}
