import { type DicomJson, readItems, readNumber, readString, readStrings, TAG } from './dicom-json.ts';
import type { FrameModel } from './study-model.ts';

/** What tells the phases of a series apart. `pass`: nothing but the time at which each place was imaged again. */
export const PHASE_KEYS = [
  'temporalPosition',
  'acquisition',
  'trigger',
  'echo',
  'bValue',
  'imageType',
  'acquisitionTime',
  'contentTime',
  'pass',
] as const;
export type PhaseKey = (typeof PHASE_KEYS)[number];

export interface PhaseMark {
  readonly key: PhaseKey;
  /** As it is written, or the number of the pass from 1. */
  readonly value: string;
}

/** Frames that were taken together. */
export interface Phase {
  /** One mark, or two where one alone does not tell phases apart. */
  readonly marks: readonly PhaseMark[];
  readonly frames: readonly FrameModel[];
}

/** A frame and its place along the normal of its series, mm. */
export interface Placed {
  readonly frame: FrameModel;
  readonly at: number;
}

const isDataset = (value: unknown): value is DicomJson => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The item of a functional group of a frame (PS3.3 C.7.6.16.1.2). One of maybe thousands of items: the sequence is not copied. */
function groupItem({ dataset, frameNumber }: FrameModel, sequence: string): DicomJson | undefined {
  const own = dataset[TAG.PerFrameFunctionalGroupsSequence]?.Value?.[frameNumber - 1];
  const shared = dataset[TAG.SharedFunctionalGroupsSequence]?.Value?.[0];
  for (const group of [own, shared]) {
    const item = isDataset(group) ? readItems(group, sequence)[0] : undefined;
    if (item !== undefined) return item;
  }
  return undefined;
}

const FRAME_CONTENT = '00209111';

/** Where the value of a key stands: by frame (sequence and attribute), else in the dataset. */
const PLACES: Readonly<Record<'temporalPosition' | 'acquisition' | 'trigger' | 'echo' | 'bValue', readonly string[][]>> = {
  temporalPosition: [[FRAME_CONTENT, '00209128'], ['00200100']],
  acquisition: [[FRAME_CONTENT, '00209156'], ['00200012']],
  trigger: [['00189118', '00209153'], ['00181060']],
  echo: [['00189114', '00189082'], ['00180081'], ['00180086']],
  bValue: [['00189117', '00189087'], ['00189087']],
};

function writtenOf(frame: FrameModel, key: Exclude<PhaseKey, 'pass'>): string | undefined {
  if (key === 'imageType') return readStrings(frame.dataset, TAG.ImageType).join('/') || undefined;
  if (key === 'acquisitionTime') return timeOf(frame, '00080022', '00080032', '00189074');
  if (key === 'contentTime') return timeOf(frame, '00080023', '00080033', undefined);
  for (const [first = '', second] of PLACES[key]) {
    const value = second === undefined ? readNumber(frame.dataset, first) : readNumber(groupItem(frame, first), second);
    if (value !== undefined) return String(value);
  }
  return undefined;
}

/** Date and time as they are written, which sort as they follow. */
function timeOf(frame: FrameModel, date: string, time: string, perFrame: string | undefined): string | undefined {
  const own = perFrame === undefined ? undefined : readString(groupItem(frame, FRAME_CONTENT), perFrame);
  const clock = readString(frame.dataset, time);
  return own ?? (clock === undefined ? undefined : `${readString(frame.dataset, date) ?? ''} ${clock}`);
}

const byValue = (a: string, b: string): number =>
  Number.isNaN(Number(a)) || Number.isNaN(Number(b)) ? (a < b ? -1 : 1) : Number(a) - Number(b);

function groupsBy(placed: readonly Placed[], keys: readonly Exclude<PhaseKey, 'pass'>[]): (Phase & { placed: Placed[] })[] {
  const groups = new Map<string, { values: string[]; placed: Placed[] }>();
  for (const one of placed) {
    const values = keys.map((key) => writtenOf(one.frame, key) ?? '');
    const group = groups.get(values.join('|')) ?? { values, placed: [] };
    group.placed.push(one);
    groups.set(values.join('|'), group);
  }
  return [...groups.values()]
    .sort((a, b) => {
      const at = a.values.findIndex((value, index) => value !== b.values[index]);
      return byValue(a.values[at] ?? '', b.values[at] ?? '');
    })
    .map(({ values, placed: own }) => ({
      marks: keys.map((key, index) => ({ key, value: values[index] ?? '' })),
      frames: own.map(({ frame }) => frame),
      placed: own,
    }));
}

/** Places nearer to each other than this are one, mm: a twentieth of the usual spacing, since a table comes back to where it was but not quite. */
export function samePlaceMm(sorted: readonly number[]): number {
  const gaps = sorted.slice(1).map((value, index) => value - (sorted[index] ?? 0));
  const apart = gaps.filter((gap) => gap > 0.01).sort((a, b) => a - b);
  // Of near pairs the many small gaps say nothing: the usual spacing is among the larger ones.
  return Math.max(0.01, 0.05 * (apart[Math.floor(apart.length * 0.9)] ?? 0));
}

/** How many frames are at a place where there is another, and at most at one place. */
export function sharedPlaces(placed: readonly Placed[], withinMm: number): { readonly shared: number; readonly most: number } {
  const sorted = placed.map(({ at }) => at).sort((a, b) => a - b);
  let [shared, most, run] = [0, 1, 1];
  for (let index = 1; index <= sorted.length; index += 1) {
    const isOne = (sorted[index] ?? Number.POSITIVE_INFINITY) - (sorted[index - 1] ?? 0) <= withinMm;
    run = isOne ? run + 1 : 1;
    if (run === 2) shared += 1;
    most = Math.max(most, run);
  }
  return { shared, most };
}

const spans = (placed: readonly Placed[]): readonly [number, number] => {
  const all = placed.map(({ at }) => at);
  return [Math.min(...all), Math.max(...all)];
};

/** Each place was imaged as often as the others, one after the other: the first time, the second time … */
function passesOf(placed: readonly Placed[], withinMm: number): Phase[] | undefined {
  for (const key of ['acquisitionTime', 'contentTime'] as const) {
    const sorted = placed.map((one) => ({ ...one, time: writtenOf(one.frame, key) })).sort((a, b) => a.at - b.at);
    const places: (typeof sorted)[] = [];
    for (const one of sorted) {
      const last = places.at(-1);
      if (last !== undefined && one.at - (last[0]?.at ?? 0) <= withinMm) last.push(one);
      else places.push([one]);
    }
    const times = places[0]?.length ?? 0;
    const isTold = ({ length }: unknown[], all: typeof sorted): boolean =>
      length === times && new Set(all.map(({ time }) => time)).size === times && all.every(({ time }) => time !== undefined);
    if (times < 2 || !places.every((place) => isTold(place, place))) continue;
    for (const place of places) place.sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? -1 : 1));
    return Array.from({ length: times }, (_, pass) => ({
      marks: [{ key: 'pass' as const, value: String(pass + 1) }],
      frames: places.flatMap((place) => place[pass]?.frame ?? []),
    }));
  }
  return undefined;
}

const SINGLE = PHASE_KEYS.filter((key) => key !== 'pass');
const PAIRS = SINGLE.flatMap((first, index) => SINGLE.slice(index + 1, 6).map((second) => [first, second] as const));

/**
 * The phases of frames of which several are at one place; undefined where nothing tells them apart. Each phase has at least `least` frames, no two of them
 * at one place.
 */
export function phasesOf(placed: readonly Placed[], withinMm: number, least: number): Phase[] | undefined {
  for (const keys of [...SINGLE.map((key) => [key]), ...PAIRS]) {
    const groups = groupsBy(placed, keys);
    const isSplit = groups.length > 1 && groups.every(({ placed: own }) => own.length >= least);
    if (isSplit && groups.every(({ placed: own }) => sharedPlaces(own, withinMm).shared === 0))
      return groups.map(({ marks, frames }) => ({ marks, frames }));
  }
  return passesOf(placed, withinMm);
}

/** Keys whose values never belong into one volume, even where no two frames are at one place. */
const NEVER_MIXED = ['temporalPosition', 'trigger', 'echo', 'bValue'] as const;

/** Phases that lie between each other's slices without sharing a place; undefined where there are none. */
export function interleavedPhases(placed: readonly Placed[], least: number): Phase[] | undefined {
  for (const key of NEVER_MIXED) {
    const groups = groupsBy(placed, [key]);
    if (groups.length < 2 || groups.some(({ placed: own }) => own.length < least)) continue;
    const ranges = groups.map(({ placed: own }) => spans(own)).sort((a, b) => a[0] - b[0]);
    const isBetween = ranges.some(([from], index) => index > 0 && from < (ranges[index - 1]?.[1] ?? from));
    if (isBetween) return groups.map(({ marks, frames }) => ({ marks, frames }));
  }
  return undefined;
}
