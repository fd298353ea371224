import { positionsAlongNormal } from '@negatoscope/dicom';
import { cross, dot, type Vector3 } from './geometry.ts';
import type { SeriesModel } from './study-model.ts';

/** A stack of parallel slices, as scrolling together sees it. */
export interface LinkedStack {
  /** Unit vector across the slices, LPS. */
  readonly normal: Vector3;
  /** Where each slice lies along the normal, mm, in the order of display. */
  readonly places: readonly number[];
  /** What shares its coordinates: the Frame of Reference (PS3.3 C.7.4.1), or the series alone where there is none. */
  readonly space: string;
}

/** Where a pane stands. */
export interface Standing {
  readonly stack: LinkedStack;
  /** From 0. */
  readonly index: number;
}

/** A pane in a link: its place on the way that all panes of the plane share is `sign` × the place along its own normal − `origin`, mm. */
export interface Joined {
  readonly stack: LinkedStack;
  readonly sign: 1 | -1;
  readonly origin: number;
  /** The plane that it is linked in. */
  readonly plane: Vector3;
}

/** The panes that scroll together, and what the offsets of spaces were, so that a series opened later keeps them. */
export interface Links {
  readonly panes: ReadonlyMap<string, Joined>;
  readonly known: readonly { readonly space: string; readonly plane: Vector3; readonly origin: number }[];
}

export const NO_LINKS: Links = { panes: new Map(), known: [] };

/** Where a linked pane goes; `end` names the end of its series past which the others have gone. */
export interface Followed {
  readonly index: number;
  readonly end: 'first' | 'last' | undefined;
}

/** Slices that are looked at one after the other. */
const SCROLLED = new Set(['CT', 'MR', 'PT', 'NM']);

/** Planes that differ by more than 15 degrees show other anatomy: a coronal beside an axial stack, but not a gantry tilted a little otherwise. */
const PARALLEL_COSINE = Math.cos((15 * Math.PI) / 180);

/** The stack of a series; undefined for what has no slices that lie one behind the other. */
export function stackOf({ modality, frames, isSpatial, seriesInstanceUid }: SeriesModel): LinkedStack | undefined {
  const [first] = frames;
  const places = isSpatial && SCROLLED.has(modality ?? '') ? positionsAlongNormal(frames) : undefined;
  if (first?.orientation === undefined || places === undefined) return undefined;
  const normal = cross(first.orientation.row, first.orientation.column);
  const length = Math.hypot(...normal);
  return {
    normal: [normal[0] / length, normal[1] / length, normal[2] / length],
    places: places.map((place) => place / length),
    space: first.frameOfReferenceUid ?? seriesInstanceUid,
  };
}

/** Whether two stacks lie in one plane, and run the same way along its normal (1) or against each other (-1). */
export function signOf(plane: Vector3, normal: Vector3): 1 | -1 | undefined {
  const cosine = dot(plane, normal);
  return Math.abs(cosine) < PARALLEL_COSINE ? undefined : cosine > 0 ? 1 : -1;
}

const placeOf = ({ places }: LinkedStack, index: number): number => places[Math.min(Math.max(0, index), places.length - 1)] ?? 0;
const middleOf = ({ places }: LinkedStack): number => ((places[0] ?? 0) + (places.at(-1) ?? 0)) / 2;

/** Where a pane stands on the shared way, mm. */
const standsAt = ({ stack, sign, origin }: Joined, index: number): number => sign * placeOf(stack, index) - origin;

const isSamePlane = (a: Vector3, b: Vector3): boolean => a === b || signOf(a, b) !== undefined;

function remember(links: Links, joined: Joined): Links['known'] {
  const { plane, origin, stack } = joined;
  const others = links.known.filter(({ space, plane: other }) => space !== stack.space || !isSamePlane(other, plane));
  return [...others, { space: stack.space, plane, origin }];
}

function withPane(links: Links, id: string, joined: Joined): Links {
  return { panes: new Map(links.panes).set(id, joined), known: remember(links, joined) };
}

export function leave(links: Links, id: string): Links {
  const panes = new Map(links.panes);
  panes.delete(id);
  return { ...links, panes };
}

/**
 * A pane joins those in its plane. A space that is or was linked keeps its offset; of another one nothing is known, and the middles of both stacks are
 * laid beside each other.
 */
export function join(links: Links, id: string, stack: LinkedStack): Links {
  const known = links.known.find(({ space, plane }) => space === stack.space && signOf(plane, stack.normal) !== undefined);
  const others = [...leave(links, id).panes.values()];
  const other = others.find(({ plane }) => signOf(plane, stack.normal) !== undefined);
  const plane = known?.plane ?? other?.plane ?? stack.normal;
  const sign = signOf(plane, stack.normal) ?? 1;
  const middle = sign * middleOf(stack);
  const beside = other === undefined ? 0 : other.sign * middleOf(other.stack) - other.origin;
  return withPane(links, id, { stack, sign, plane, origin: known?.origin ?? middle - beside });
}

/** Links what is on the screen as it stands: the present places of the panes lie beside each other from now on. */
export function linkAsTheyStand(standing: ReadonlyMap<string, Standing>): Links {
  let links = NO_LINKS;
  for (const [id, { stack, index }] of standing) {
    const other = [...links.panes.values()].find(({ plane }) => signOf(plane, stack.normal) !== undefined);
    const plane = other?.plane ?? stack.normal;
    const sign = signOf(plane, stack.normal) ?? 1;
    links = withPane(links, id, { stack, sign, plane, origin: sign * placeOf(stack, index) });
  }
  return links;
}

/** Where a stack has a slice nearest to a place along its normal; `end` where the place lies more than half a slice past it. */
export function nearest({ places }: LinkedStack, place: number): Followed {
  let index = 0;
  for (let other = 1; other < places.length; other += 1)
    if (Math.abs((places[other] ?? 0) - place) < Math.abs((places[index] ?? 0) - place)) index = other;
  const [first = 0, last = 0] = [places[0], places.at(-1)];
  const half = Math.abs(last - first) / Math.max(1, places.length - 1) / 2;
  const isRising = last > first;
  const past = (from: number, isUp: boolean): boolean => (isUp ? place - from : from - place) > half * 1.001;
  if (index === 0 && past(first, !isRising)) return { index, end: 'first' };
  if (index === places.length - 1 && past(last, isRising)) return { index, end: 'last' };
  return { index, end: undefined };
}

/** Where the panes linked with one go when it goes to a slice. */
export function follow(links: Links, id: string, index: number): ReadonlyMap<string, Followed> {
  const leader = links.panes.get(id);
  const followed = new Map<string, Followed>();
  if (leader === undefined) return followed;
  const at = standsAt(leader, index);
  for (const [other, joined] of links.panes) {
    if (other === id || !isSamePlane(joined.plane, leader.plane)) continue;
    followed.set(other, nearest(joined.stack, joined.sign * (at + joined.origin)));
  }
  return followed;
}

/** Slices of a series in tiles beside each other, the tile `number` having gone to `index`: the first slice, in the first tile. */
export const firstOfTiles = (index: number, number: number, tiles: number, count: number): number =>
  Math.min(Math.max(0, index - number), Math.max(0, count - tiles));
