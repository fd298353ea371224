import { type FrameGroups, frameGroupsOf, functionalGroup } from '../hanging/frame-places.ts';
import { readItems, readNumber, readString, readText } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';

/** Which of several pictures of one place is meant: places in the lists of a level, from 0. */
export interface SlideFocus {
  readonly path: number;
  readonly plane: number;
}

export const FIRST_FOCUS: SlideFocus = { path: 0, plane: 0 };

/** What lies at one place of a level, one above the other: of each optical path each focal plane. */
export interface SlideStack {
  /** Micrometres above the first one; undefined where the file does not say. From the glass upwards. */
  readonly planes: readonly (number | undefined)[];
  /** Optical Path Identifier (0048,0106) and Description (0048,0107). */
  readonly paths: readonly { readonly id: string; readonly name: string | undefined }[];
}

/** Beyond that a file is wrong: no stage stops so often, and no eye tells so many stains. */
const MOST_PLANES = 500;
const MOST_PATHS = 64;

const counted = (value: number | undefined, most: number): number | undefined =>
  value !== undefined && Number.isInteger(value) && value >= 1 && value <= most ? value : undefined;

const nameOf = (item: DicomJsonObject): SlideStack['paths'][number] => ({
  id: readString(item, '00480106') ?? '',
  name: readText(item, '00480107'),
});

/** Of TILED_FULL (PS3.3 C.7.6.17.3): all tiles of a plane, then the next plane, then the next path. Undefined where there are not as many frames as that takes. */
export function fullStack(dataset: DicomJsonObject, frames: number, tiles: number): SlideStack | undefined {
  const named = readItems(dataset, '00480105').slice(0, MOST_PATHS).map(nameOf);
  const planes = counted(readNumber(dataset, '00480303') ?? 1, MOST_PLANES);
  const paths = counted(readNumber(dataset, '00480302') ?? 1, MOST_PATHS);
  if (planes === undefined || paths === undefined || planes * paths * tiles > frames) return undefined;
  const measures = functionalGroup(frameGroupsOf(dataset), 0, '00289110');
  const apart = measures && readNumber(measures, '00180088');
  return {
    // Millimetres there, and the offsets of sparse tiles are micrometres.
    planes: Array.from({ length: planes }, (_, at) => (apart === undefined ? undefined : at * apart * 1000)),
    paths: Array.from({ length: paths }, (_, at) => named[at] ?? { id: String(at + 1), name: undefined }),
  };
}

/** What a frame of a sparse level says of its depth and path. */
export interface FrameFocus {
  readonly z: number | undefined;
  readonly pathId: string;
}

export function frameFocus(groups: FrameGroups, frame: number): FrameFocus {
  const place = functionalGroup(groups, frame, '0048021A');
  const path = functionalGroup(groups, frame, '00480207');
  return { z: place && readNumber(place, '0040074A'), pathId: (path && readString(path, '00480106')) ?? '' };
}

/** The planes and paths that frames name, planes from the glass upwards; undefined where there are more than anything real has. */
export function sparseStack(dataset: DicomJsonObject, found: readonly FrameFocus[]): SlideStack | undefined {
  const depths = [...new Set(found.map(({ z }) => z))].sort((a, b) => (a ?? 0) - (b ?? 0));
  const ids = [...new Set(found.map(({ pathId }) => pathId))];
  if (depths.length > MOST_PLANES || ids.length > MOST_PATHS) return undefined;
  const named = readItems(dataset, '00480105').slice(0, MOST_PATHS).map(nameOf);
  const order = (id: string): number => (named.findIndex((one) => one.id === id) + MOST_PATHS + 1) % (MOST_PATHS + 1);
  const [lowest = 0] = depths;
  return {
    planes: depths.map((z) => (z === undefined ? undefined : z - lowest)),
    paths: ids.sort((a, b) => order(a) - order(b)).map((id) => named.find((one) => one.id === id) ?? { id, name: undefined }),
  };
}

/** The plane of a level that is nearest to one of another: coarse levels often have one alone. */
export function nearestPlane({ planes }: SlideStack, wanted: number, depth: number | undefined): number {
  if (depth === undefined || planes.some((one) => one === undefined)) return Math.min(wanted, planes.length - 1);
  const far = (at: number): number => Math.abs((planes[at] ?? 0) - depth);
  return planes.reduce<number>((best, _, at) => (far(at) < far(best) ? at : best), 0);
}
