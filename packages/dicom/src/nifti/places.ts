import { NiftiRefusal } from './refusal.ts';
import type { Slice } from './slice.ts';
import { dot } from './vector.ts';

/** Where an image lies along the normal, in mm, and which of those that were given it is. */
interface Placed {
  readonly at: number;
  readonly index: number;
}

/** Nearer than that is the same place: positions are written with few digits, and no slices lie so close. */
const SAME_PLACE_MM = 0.005;

/** Images by their place along the normal of the first, ascending. */
export function placesOf(first: Slice, slices: readonly Slice[]): Placed[][] {
  const placed = slices.map(({ position }, index): Placed => ({ at: dot(position, first.normal), index }));
  placed.sort((a, b) => a.at - b.at || a.index - b.index);
  const places: Placed[][] = [];
  for (const one of placed) {
    const last = places.at(-1);
    if (last?.[0] !== undefined && one.at - last[0].at < SAME_PLACE_MM) last.push(one);
    else places.push([one]);
  }
  return places;
}

/** The order of a place's images in time by one key; undefined where it is no key of time points: missing, twice, or not the same in all places. */
function byKey(places: readonly Placed[][], slices: readonly Slice[], key: number): number[][] | undefined {
  const ordered: number[][] = [];
  let known: string | undefined;
  for (const place of places) {
    const timed = place.map(({ index }) => ({ index, time: slices[index]?.times[key] ?? Number.NaN }));
    timed.sort((a, b) => a.time - b.time);
    const values = timed.map(({ time }) => time);
    if (values.some(Number.isNaN) || new Set(values).size !== values.length) return undefined;
    known ??= values.join();
    if (values.join() !== known) return undefined;
    ordered.push(timed.map(({ index }) => index));
  }
  return ordered;
}

/** Images of each place in time: of every place the same number. Fails with NiftiRefusal: SEVERAL_AT_ONE_PLACE. */
export function timedPlaces(places: readonly Placed[][], slices: readonly Slice[]): readonly (readonly number[])[] {
  const most = Math.max(...places.map(({ length }) => length));
  if (most === 1) return places.map((place) => place.map(({ index }) => index));
  const isWhole = places.every(({ length }) => length === most);
  const timed = isWhole ? (byKey(places, slices, 0) ?? byKey(places, slices, 1)) : undefined;
  if (timed === undefined) throw new NiftiRefusal('SEVERAL_AT_ONE_PLACE', most);
  return timed;
}
