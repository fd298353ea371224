import {
  type DicomJsonElement,
  type DicomJsonObject,
  isPresentationState,
  jsonString,
  keywordOf,
  type ParsedInstance,
  slideLevelOf,
} from '@negatoscope/dicom';
import type { ReadBytes } from '../../platform/workers/killable-worker.ts';
import { type PackedLevel, packLevel } from './packed-level.ts';

/** Elements in a sequence that stay with a header; longer ones are read where they are. */
const MAX_NESTED = 500;
/** Elements of a header in all, and values that it leaves in the file. */
const MAX_KEPT = 5000;
const PER_FRAME = '52009230';
/** What a presentation state says of images, and draws over them: without a part of it the picture would be another. */
const OF_STATES = new Set(['00081115', '00700001', '0070005A', '00283110']);
const MAX_OF_STATES = 20_000;

/** Elements of a value, at any depth, counted no further than `limit`. */
function nestedElements(element: DicomJsonElement, limit: number): number {
  let count = 0;
  const open: DicomJsonElement[] = [element];
  for (let next = open.pop(); next !== undefined && count <= limit; next = open.pop()) {
    count += 1;
    if (next.vr !== 'SQ') continue;
    for (const item of next.Value ?? []) {
      count += 1;
      if (count > limit) break;
      open.push(...Object.values((item ?? {}) as DicomJsonObject)); // A sequence holds items.
    }
  }
  return count;
}

/**
 * A dataset without what is long: a million elements would stop whoever is handed them. Attributes of PS3.6 stay, some thousands at most, save
 * sequences of many elements; of others, which draw nothing, the first ones.
 */
export function lightJson(json: DicomJsonObject, isState = false): DicomJsonObject {
  const light: DicomJsonObject = {};
  let kept = 0;
  for (const tag of Object.keys(json).sort()) {
    const element = json[tag];
    if (element === undefined || (kept >= MAX_KEPT && keywordOf(tag) === undefined)) continue;
    const most = isState && OF_STATES.has(tag) ? MAX_OF_STATES : MAX_NESTED;
    const count = nestedElements(element, most);
    if (count > most) continue;
    kept += count;
    light[tag] = element;
  }
  return light;
}

/** The same of a header; `isWhole` where nothing was left out. */
export function lightPart(parsed: ParsedInstance): { readonly parsed: ParsedInstance; readonly isWhole: boolean } {
  const json = lightJson(parsed.json, isPresentationState(jsonString(parsed.json, '00080016')));
  const isWhole = Object.keys(json).length === Object.keys(parsed.json).length;
  return { parsed: { ...parsed, json, bulkData: parsed.bulkData.slice(0, MAX_KEPT) }, isWhole };
}

/** What a header says of a level of a slide, with the places of all its tiles; undefined for what is none. */
export function packedLevelOf(json: DicomJsonObject): PackedLevel | undefined {
  const level = slideLevelOf(json);
  return level && packLevel(level);
}

/** Functional groups of frames (PS3.3 C.7.6.16.1.2) as text, one after the other: who needs one takes it apart and no other. */
export interface FrameGroups {
  readonly text: Uint8Array;
  /** Where each begins, and the end of the last. */
  readonly offsets: Uint32Array;
}

/** Sequences of a functional group that say how a frame is shown: pixel values, windows and their meaning. */
const isShowing = (tag: string): boolean => tag.startsWith('0028') || tag === '00409096';

/** Undefined for what has no frames of its own. */
export function frameGroups(json: DicomJsonObject): FrameGroups | undefined {
  const items = (json[PER_FRAME]?.Value ?? []) as readonly DicomJsonObject[]; // A sequence holds items.
  if (items.length === 0) return undefined;
  const offsets = new Uint32Array(items.length + 1);
  const texts = items.map((item, index) => {
    const shown = Object.entries(item ?? {}).filter(
      ([tag, element]) => isShowing(tag) && nestedElements(element, MAX_NESTED) <= MAX_NESTED,
    );
    const text = Buffer.from(JSON.stringify(Object.fromEntries(shown)));
    offsets[index + 1] = (offsets[index] ?? 0) + text.length;
    return text;
  });
  return { text: Buffer.concat(texts), offsets };
}

/** The header with the functional groups of one frame, `frame` from 0. */
export function withFrameGroup(json: DicomJsonObject, { text, offsets }: FrameGroups, frame: number): DicomJsonObject {
  const [start, end] = [offsets[frame], offsets[frame + 1]];
  if (start === undefined || end === undefined) return json;
  const item: DicomJsonObject = JSON.parse(Buffer.from(text.buffer, text.byteOffset + start, end - start).toString('utf8')); // Written above.
  const none: DicomJsonObject = {};
  return {
    ...json,
    [PER_FRAME]: { vr: 'SQ', Value: Array.from({ length: frame + 1 }, (_, at) => (at === frame ? item : none)) },
  };
}

/** A header that is too large to be had whole. */
export interface LargeHeader {
  readonly parsed: ParsedInstance;
  readonly groups: FrameGroups | undefined;
  /** Whether `parsed` has all attributes of the dataset. */
  readonly isWhole: boolean;
}

/** Reads headers of too many elements for the event loop where it can be ended. Fails with FRAME_UNREADABLE or UNPROCESSABLE. */
export interface HeaderThread {
  header(sizeBytes: number, read: ReadBytes): Promise<LargeHeader>;
  /** What such a header says of a level of a slide, with the places of all its tiles; undefined for what is none. */
  slideLevel(sizeBytes: number, read: ReadBytes): Promise<PackedLevel | undefined>;
}
