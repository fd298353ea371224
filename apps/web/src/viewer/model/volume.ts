import type { FrameValues } from '@negatoscope/dicom';
import { dot, type Vector3 } from './geometry.ts';
import type { VolumeGrid } from './volume-geometry.ts';

type Cells = Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/** Stands for a voxel without a value (padding) among whole numbers; among floats it is NaN. */
const NONE = -32_768;

/** How the values across a slab become one: the largest (MIP), the smallest (MinIP) or the mean. */
export type Projection = 'max' | 'min' | 'mean';

export interface Slab {
  /** The whole of it, half on either side of the plane; 0 for the plane alone. */
  readonly thicknessMm: number;
  readonly projection: Projection;
}

/** A picture to be taken of a volume. */
export interface PlaneRequest extends Slab {
  /** The middle of the first sample. */
  readonly origin: Vector3;
  /** From one sample to the next, mm. */
  readonly right: Vector3;
  readonly down: Vector3;
  readonly width: number;
  readonly height: number;
  /** A unit vector. */
  readonly normal: Vector3;
}

/** Parts of a voxel that are rounding. */
const EPSILON = 1e-6;

const fitsWhole = (value: number): boolean => Number.isInteger(value) && value > NONE && value <= 32_767;

function isWholeSlice({ values }: Pick<FrameValues, 'values'>): boolean {
  if (values instanceof Int8Array || values instanceof Uint8Array) return true;
  for (let index = 0; index < values.length; index += 1) if (!fitsWhole(values[index] ?? 0)) return false;
  return true;
}

function cellsOf({ values, padding }: Pick<FrameValues, 'values' | 'padding'>, isWhole: boolean): Cells {
  const cells = isWhole ? new Int16Array(values) : new Float32Array(values);
  if (padding === undefined) return cells;
  const none = isWhole ? NONE : Number.NaN;
  for (let index = 0; index < cells.length; index += 1) if (padding[index] === 1) cells[index] = none;
  return cells;
}

const asFloats = (cells: Cells): Cells => Float32Array.from(cells, (value) => (value === NONE ? Number.NaN : value));

/** Modality values of a stack of slices at their true places: whole numbers of 16 bits as long as all are, floats else. */
export class Volume {
  readonly grid: VolumeGrid;
  readonly #slices: (Cells | undefined)[];
  readonly #columns: number;
  readonly #rows: number;
  #isWhole = true;

  constructor(grid: VolumeGrid) {
    this.grid = grid;
    this.#slices = grid.distances.map(() => undefined);
    this.#columns = grid.columns;
    this.#rows = grid.rows;
  }

  get bytes(): number {
    return this.#slices.reduce((sum, slice) => sum + (slice?.byteLength ?? 0), 0);
  }

  put(index: number, values: Pick<FrameValues, 'values' | 'padding'>): void {
    if (this.#isWhole && !isWholeSlice(values)) {
      this.#isWhole = false;
      this.#slices.forEach((cells, at) => {
        if (cells !== undefined) this.#slices[at] = asFloats(cells);
      });
    }
    this.#slices[index] = cellsOf(values, this.#isWhole);
  }

  /**
   * The value at a place of one slice, `across` and `along` in voxels from the middle of the first: linear between the middles of four. Half a voxel
   * beyond the outermost ones has their value. NaN outside, and where one of the four has none.
   */
  inSlice(index: number, across: number, along: number): number {
    const columns = this.#columns;
    const rows = this.#rows;
    const cells = this.#slices[index];
    if (cells === undefined || !(across >= -0.5 && across <= columns - 0.5 && along >= -0.5 && along <= rows - 0.5))
      return Number.NaN;
    const x = Math.min(columns - 1, Math.max(0, across));
    const y = Math.min(rows - 1, Math.max(0, along));
    // Told apart here and not by a function: this is done a hundred million times for a thick slab.
    const i = Math.floor(x + EPSILON);
    const j = Math.floor(y + EPSILON);
    const fx = x - i < EPSILON ? 0 : x - i;
    const fy = y - j < EPSILON ? 0 : y - j;
    const at = j * columns + i;
    const upper = fx === 0 ? this.#cell(cells, at) : mix(this.#cell(cells, at), this.#cell(cells, at + 1), fx);
    if (fy === 0) return upper;
    const below = at + columns;
    return mix(upper, fx === 0 ? this.#cell(cells, below) : mix(this.#cell(cells, below), this.#cell(cells, below + 1), fx), fy);
  }

  #cell(cells: Cells, at: number): number {
    const value = cells[at] ?? Number.NaN;
    return value === NONE && this.#isWhole ? Number.NaN : value;
  }
}

const mix = (a: number, b: number, share: number): number => a + share * (b - a);

/** Finds the slice below a distance quickly, whatever their spacing. */
export class SliceFinder {
  readonly #distances: Float64Array;
  readonly #table: Uint32Array;
  readonly #binMm: number;

  constructor(distances: readonly number[]) {
    this.#distances = Float64Array.from(distances);
    const gaps = distances.slice(1).map((at, index) => at - (distances[index] ?? 0));
    const last = distances.at(-1) ?? 0;
    // Spacings of a hundredth of others would make the table long for nothing.
    this.#binMm = Math.max(Math.min(...gaps), last / (16 * distances.length)) || 1;
    this.#table = new Uint32Array(Math.ceil(last / this.#binMm) + 1);
    let index = 0;
    for (let bin = 0; bin < this.#table.length; bin += 1) {
      while ((distances[index + 1] ?? Number.POSITIVE_INFINITY) <= bin * this.#binMm) index += 1;
      this.#table[bin] = index;
    }
  }

  /** The place among the slices, its whole part the slice below; half a gap beyond the ends counts as the end. NaN outside. */
  placeOf(distance: number): number {
    const all = this.#distances;
    const last = all.length - 1;
    const end = all[last] ?? 0;
    if (distance <= 0) return distance >= -(all[1] ?? 0) / 2 - EPSILON ? 0 : Number.NaN;
    if (distance >= end) return distance <= end + (end - (all[last - 1] ?? end)) / 2 + EPSILON ? last : Number.NaN;
    let index = this.#table[Math.floor(distance / this.#binMm)] ?? 0;
    while ((all[index + 1] ?? Number.POSITIVE_INFINITY) <= distance) index += 1;
    const from = all[index] ?? 0;
    return index + (distance - from) / ((all[index + 1] ?? from + 1) - from);
  }
}

const isAlong = (a: Vector3, b: Vector3): boolean => Math.abs(dot(a, b)) > 1 - 1e-9;

const minus = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** The middles of voxels along one axis, as distances from the plane in the direction of its normal. */
function middles(grid: VolumeGrid, { origin, normal }: PlaneRequest): readonly number[] | undefined {
  const from = minus(origin, grid.origin);
  const along = (axis: Vector3, places: readonly number[]): readonly number[] =>
    places.map((place) => (place - dot(from, axis)) * Math.sign(dot(axis, normal)));
  const evenly = (count: number, mm: number): number[] => Array.from({ length: count }, (_, index) => index * mm);
  if (isAlong(normal, grid.normal)) return along(grid.normal, grid.distances);
  if (grid.shifts.some(([x, y]) => Math.abs(x) > EPSILON || Math.abs(y) > EPSILON)) return undefined;
  if (isAlong(normal, grid.row)) return along(grid.row, evenly(grid.columns, grid.columnMm));
  return isAlong(normal, grid.column) ? along(grid.column, evenly(grid.rows, grid.rowMm)) : undefined;
}

/**
 * Where a slab is sampled, as distances from its plane along the normal. Along an axis of the volume these are the middles of the voxels that lie in it,
 * from −T/2 up to and without T/2, so that a slab of ten spacings holds ten; oblique ones are sampled twice for each of the smallest spacings. A slab
 * that holds no middle is the plane alone.
 */
export function slabOffsets(grid: VolumeGrid, plane: PlaneRequest): readonly number[] {
  const half = plane.thicknessMm / 2;
  if (half <= 0) return [0];
  const inside = middles(grid, plane)?.filter((offset) => offset >= -half - EPSILON && offset < half - EPSILON);
  if (inside !== undefined) return inside.length === 0 ? [0] : inside;
  const gaps = grid.distances.slice(1).map((at, index) => at - (grid.distances[index] ?? 0));
  const count = Math.ceil(plane.thicknessMm / (Math.min(grid.rowMm, grid.columnMm, ...gaps) / 2));
  return Array.from({ length: count }, (_, index) => -half + ((index + 0.5) * plane.thicknessMm) / count);
}

/** A way across a slab, in mm along the axes of the grid. */
interface Across {
  readonly nx: number;
  readonly ny: number;
  readonly nw: number;
  readonly offsets: readonly number[];
  readonly projection: Projection;
}

const JOIN: Readonly<Record<Projection, (a: number, b: number) => number>> = {
  max: Math.max,
  min: Math.min,
  mean: (a, b) => a + b,
};

/** Takes pictures of a volume: modality values, linear between voxels (and, of a slice, exact at their middles), NaN where there is none. */
export class PlaneSampler {
  readonly #volume: Volume;
  readonly #finder: SliceFinder;
  readonly #shiftsX: Float64Array;
  readonly #shiftsY: Float64Array;
  readonly #columnMm: number;
  readonly #rowMm: number;

  constructor(volume: Volume) {
    const { distances, shifts, columnMm, rowMm } = volume.grid;
    this.#volume = volume;
    this.#finder = new SliceFinder(distances);
    this.#shiftsX = Float64Array.from(shifts, ([x]) => x);
    this.#shiftsY = Float64Array.from(shifts, ([, y]) => y);
    this.#columnMm = columnMm;
    this.#rowMm = rowMm;
  }

  sample(plane: PlaneRequest): Float32Array<ArrayBuffer> {
    const { grid } = this.#volume;
    const { width, height, right, down, normal, projection } = plane;
    const axes = [grid.row, grid.column, grid.normal] as const;
    const inGrid = (vector: Vector3) => axes.map((axis) => dot(vector, axis));
    const [x0 = 0, y0 = 0, w0 = 0] = inGrid(minus(plane.origin, grid.origin));
    const [rx = 0, ry = 0, rw = 0] = inGrid(right);
    const [dx = 0, dy = 0, dw = 0] = inGrid(down);
    const [nx = 0, ny = 0, nw = 0] = inGrid(normal);
    const offsets = slabOffsets(grid, plane);
    const across = { nx, ny, nw, offsets, projection };
    const isPlane = offsets.length === 1 && offsets[0] === 0;
    const values = new Float32Array(width * height);
    for (let v = 0; v < height; v += 1) {
      for (let u = 0; u < width; u += 1) {
        const x = x0 + u * rx + v * dx;
        const y = y0 + u * ry + v * dy;
        const w = w0 + u * rw + v * dw;
        values[v * width + u] = isPlane ? this.#at(x, y, w) : this.#across(x, y, w, across);
      }
    }
    return values;
  }

  /** The values across a slab as one; what is none is left out, NaN when nothing is left. */
  #across(x: number, y: number, w: number, { nx, ny, nw, offsets, projection }: Across): number {
    const join = JOIN[projection];
    let joined = Number.NaN;
    let count = 0;
    for (const offset of offsets) {
      const value = this.#at(x + offset * nx, y + offset * ny, w + offset * nw);
      if (Number.isNaN(value)) continue;
      joined = count === 0 ? value : join(joined, value);
      count += 1;
    }
    return projection === 'mean' ? joined / count : joined;
  }

  /** The value at a place, mm from the first voxel along the axes of the grid. */
  #at(x: number, y: number, w: number): number {
    const place = this.#finder.placeOf(w);
    if (Number.isNaN(place)) return Number.NaN;
    const index = Math.floor(place + EPSILON);
    const rest = place - index;
    const below = this.#inSlice(index, x, y);
    return rest < EPSILON ? below : mix(below, this.#inSlice(index + 1, x, y), rest);
  }

  #inSlice(index: number, x: number, y: number): number {
    const shiftX = this.#shiftsX[index] ?? 0;
    const shiftY = this.#shiftsY[index] ?? 0;
    return this.#volume.inSlice(index, (x - shiftX) / this.#columnMm, (y - shiftY) / this.#rowMm);
  }
}
