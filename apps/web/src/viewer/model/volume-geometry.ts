import { readNumber, readString, TAG } from './dicom-json.ts';
import { cross, dot, type PlaneOrientation, type Vector3 } from './geometry.ts';
import type { FrameModel } from './study-model.ts';
import { type GapVerdict, judgeGaps } from './volume-gaps.ts';
import { interleavedPhases, type Phase, type Placed, phasesOf, samePlaceMm, sharedPlaces } from './volume-phases.ts';

/** Fewer slices are no volume. */
export const LEAST_SLICES = 5;

/** Planes that lean more against their stack are no stack. */
const MOST_TILT_DEGREES = 45;
/** Less than this is rounding of positions. */
const LEAST_TILT_DEGREES = 0.5;

/**
 * Slices at their true places. A voxel of slice k, column i and row j has its middle at `origin` + `normal`·distances[k] + `row`·(shifts[k][0] + i·columnMm)
 * + `column`·(shifts[k][1] + j·rowMm). Patient coordinates, mm (PS3.3 C.7.6.2.1.1).
 */
export interface VolumeGrid {
  readonly origin: Vector3;
  /** Unit vectors, square to each other; `normal` = `row` × `column`. */
  readonly row: Vector3;
  readonly column: Vector3;
  readonly normal: Vector3;
  readonly columnMm: number;
  readonly rowMm: number;
  readonly columns: number;
  readonly rows: number;
  /** From 0, ascending. */
  readonly distances: readonly number[];
  /** Along `row` and `column`; zeros unless the gantry was tilted. */
  readonly shifts: readonly (readonly [number, number])[];
}

/** What a reader is told of a volume that was made all the same, from the true places of its slices. */
export type Remark =
  | { readonly kind: 'tilt'; readonly degrees: number }
  | { readonly kind: 'uneven'; readonly leastMm: number; readonly mostMm: number };

/** Why there is no volume. */
export type Refusal =
  | { readonly kind: 'tooFew'; readonly count: number; readonly needed: number }
  | { readonly kind: 'notGray' | 'uncalibrated' }
  | { readonly kind: 'noPosition'; readonly count: number }
  | { readonly kind: 'orientations' | 'framesOfReference'; readonly count: number }
  | { readonly kind: 'sizes' | 'spacings'; readonly first: string; readonly other: string }
  | { readonly kind: 'tilt'; readonly degrees: number }
  | { readonly kind: 'shifted'; readonly mm: number }
  | { readonly kind: 'samePosition'; readonly places: number; readonly times: number }
  | Extract<GapVerdict, { readonly kind: 'missing' | 'unseen' | 'irregular' }>;

export type VolumeVerdict =
  | {
      readonly kind: 'volume';
      readonly grid: VolumeGrid;
      /** In the order of `grid.distances`. */
      readonly frames: readonly FrameModel[];
      readonly remarks: readonly Remark[];
    }
  | { readonly kind: 'phases'; readonly phases: readonly Phase[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const refused = (refusal: Refusal): VolumeVerdict => ({ kind: 'refused', refusal });

interface Sound extends FrameModel {
  readonly position: Vector3;
  readonly orientation: PlaneOrientation;
}

const isPlaced = (frame: FrameModel): frame is Sound => frame.position !== undefined && frame.orientation !== undefined;

const sizeOf = ({ rows, columns }: FrameModel): string => `${columns} × ${rows}`;

function spacingOf({ calibration }: FrameModel): { readonly rowMm: number; readonly columnMm: number } | undefined {
  return calibration.kind === 'calibrated' ? calibration.spacing : undefined;
}

const minus = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const lengthOf = (a: Vector3): number => Math.hypot(...a);
const unit = (a: Vector3): Vector3 => {
  const length = lengthOf(a);
  return [a[0] / length, a[1] / length, a[2] / length];
};

/** How far the corner of a frame farthest from its first pixel would be off if it had another's orientation, mm. */
const cornerOff = (frame: Sound, other: PlaneOrientation, rowMm: number, columnMm: number): number =>
  lengthOf(minus(frame.orientation.row, other.row)) * columnMm * frame.columns +
  lengthOf(minus(frame.orientation.column, other.column)) * rowMm * frame.rows;

/** Orientations that differ by more than half a pixel at the corner. */
function countOrientations(frames: readonly Sound[], rowMm: number, columnMm: number): number {
  const found: Sound[] = [];
  const half = Math.min(rowMm, columnMm) / 2;
  for (const frame of frames)
    if (!found.some((other) => cornerOff(frame, other.orientation, rowMm, columnMm) <= half)) found.push(frame);
  return found.length;
}

/** What all frames must have in common before anything is said of their places. */
function refusalOfKind(frames: readonly FrameModel[]): Refusal | undefined {
  const [first] = frames;
  if (first === undefined || frames.length < LEAST_SLICES) return { kind: 'tooFew', count: frames.length, needed: LEAST_SLICES };
  const isGray = ({ dataset }: FrameModel): boolean =>
    /^MONOCHROME/.test(readString(dataset, TAG.PhotometricInterpretation) ?? '') &&
    readNumber(dataset, TAG.SamplesPerPixel) === 1;
  if (!frames.every(isGray)) return { kind: 'notGray' };
  const homeless = frames.filter((frame) => !isPlaced(frame)).length;
  if (homeless > 0) return { kind: 'noPosition', count: homeless };
  const other = frames.find((frame) => sizeOf(frame) !== sizeOf(first));
  if (other !== undefined) return { kind: 'sizes', first: sizeOf(first), other: sizeOf(other) };
  const places = new Set(frames.map(({ frameOfReferenceUid }) => frameOfReferenceUid)).size;
  return places > 1 ? { kind: 'framesOfReference', count: places } : undefined;
}

function refusalOfSpacing(frames: readonly FrameModel[]): Refusal | undefined {
  const [first] = frames;
  const spacing = first === undefined ? undefined : spacingOf(first);
  if (first === undefined || spacing === undefined || frames.some((frame) => spacingOf(frame) === undefined))
    return { kind: 'uncalibrated' };
  const { rowMm, columnMm } = spacing;
  const text = ({ rowMm: row, columnMm: column }: typeof spacing): string => `${column} × ${row}`;
  // Over a whole frame less than half a pixel.
  const other = frames.map(spacingOf).find((one) => {
    const off = Math.abs((one?.columnMm ?? 0) - columnMm) * first.columns + Math.abs((one?.rowMm ?? 0) - rowMm) * first.rows;
    return off > Math.min(rowMm, columnMm) / 2;
  });
  if (other !== undefined) return { kind: 'spacings', first: text(spacing), other: text(other) };
  const orientations = countOrientations(frames.filter(isPlaced), rowMm, columnMm);
  return orientations > 1 ? { kind: 'orientations', count: orientations } : undefined;
}

interface Axes {
  readonly row: Vector3;
  readonly column: Vector3;
  readonly normal: Vector3;
}

/** Orientation as axes that are square to each other to the last digit: files round them. */
function axesOf({ row, column }: PlaneOrientation): Axes {
  const alongRow = unit(row);
  const normal = unit(cross(alongRow, column));
  return { row: alongRow, column: cross(normal, alongRow), normal };
}

const placesOf = (frames: readonly FrameModel[], { normal }: Axes): Placed[] =>
  frames
    .flatMap((frame) => (frame.position === undefined ? [] : [{ frame, at: dot(frame.position, normal) }]))
    .sort((a, b) => a.at - b.at);

const DEGREES = 180 / Math.PI;

/** The lean of a stack, and how far slices are off it, mm. */
function leanOf(shifts: readonly (readonly [number, number])[], distances: readonly number[]) {
  const total = distances.reduce((sum, at) => sum + at * at, 0) || 1;
  const slope = ([0, 1] as const).map(
    (axis) => shifts.reduce((sum, shift, k) => sum + shift[axis] * (distances[k] ?? 0), 0) / total,
  );
  const [alongRow = 0, alongColumn = 0] = slope;
  const off = shifts.map(([x, y], k) => Math.hypot(x - alongRow * (distances[k] ?? 0), y - alongColumn * (distances[k] ?? 0)));
  return { degrees: Math.atan(Math.hypot(alongRow, alongColumn)) * DEGREES, offMm: Math.max(...off) };
}

const thicknessOf = (...frames: readonly (FrameModel | undefined)[]): number | undefined => {
  const known = frames.map((frame) => frame?.sliceThicknessMm).filter((mm) => mm !== undefined && mm > 0);
  return known.length === frames.length ? Math.max(...known.map(Number)) : undefined;
};

function judge(placed: readonly Placed[]): GapVerdict {
  const gaps = placed.slice(1).map(({ frame, at: to }, index) => {
    const below = placed[index];
    const from = below?.at ?? to;
    const [a, b] = [below?.frame.instanceNumber, frame.instanceNumber];
    const numbers = a === undefined || b === undefined ? undefined : Math.abs(a - b);
    return { mm: to - from, from, to, thicknessMm: thicknessOf(below?.frame, frame), numbers };
  });
  return judgeGaps(gaps);
}

/** The volume of slices that are each at a place of their own. */
function stack(placed: readonly Placed[], axes: Axes): VolumeVerdict {
  const [first] = placed;
  const spacing = first === undefined ? undefined : spacingOf(first.frame);
  const origin = first?.frame.position;
  if (first === undefined || spacing === undefined || origin === undefined || placed.length < LEAST_SLICES)
    return refused({ kind: 'tooFew', count: placed.length, needed: LEAST_SLICES });
  const away = placed.map(({ frame }) => minus(frame.position ?? origin, origin));
  const distances = placed.map(({ at }) => at - first.at);
  const shifts = away.map((from) => [dot(from, axes.row), dot(from, axes.column)] as const);
  const { degrees, offMm } = leanOf(shifts, distances);
  if (degrees > MOST_TILT_DEGREES) return refused({ kind: 'tilt', degrees });
  if (offMm > Math.min(spacing.rowMm, spacing.columnMm) / 2) return refused({ kind: 'shifted', mm: offMm });
  const gaps = judge(placed);
  if (gaps.kind === 'missing' || gaps.kind === 'unseen' || gaps.kind === 'irregular') return refused(gaps);
  const { rows, columns } = first.frame;
  const remarks: Remark[] = [];
  if (degrees >= LEAST_TILT_DEGREES) remarks.push({ kind: 'tilt', degrees });
  if (gaps.kind === 'uneven') remarks.push({ kind: 'uneven', leastMm: gaps.leastMm, mostMm: gaps.mostMm });
  const grid = { origin, ...axes, ...spacing, rows, columns, distances, shifts };
  return { kind: 'volume', grid, frames: placed.map(({ frame }) => frame), remarks };
}

/**
 * Whether the frames of a series, or of one of its phases, make a volume in which places and lengths are true to half a voxel: each slice stays at its
 * own place, so that a tilted gantry and a spacing that changes are no obstacle, while what is missing is one. Frames of several phases are told apart.
 */
export function judgeVolume(frames: readonly FrameModel[]): VolumeVerdict {
  const refusal = refusalOfKind(frames) ?? refusalOfSpacing(frames);
  const reference = frames[Math.floor(frames.length / 2)]?.orientation;
  if (refusal !== undefined || reference === undefined) return refused(refusal ?? { kind: 'noPosition', count: frames.length });
  const axes = axesOf(reference);
  const placed = placesOf(frames, axes);
  const withinMm = samePlaceMm(placed.map(({ at }) => at));
  const { shared, most } = sharedPlaces(placed, withinMm);
  if (shared > 0) {
    const phases = phasesOf(placed, withinMm, LEAST_SLICES);
    return phases === undefined ? refused({ kind: 'samePosition', places: shared, times: most }) : { kind: 'phases', phases };
  }
  const between = interleavedPhases(placed, LEAST_SLICES);
  return between === undefined ? stack(placed, axes) : { kind: 'phases', phases: between };
}
