import {
  beginningBytes,
  firstFrame,
  mayBeVideo,
  mayComeInParts,
  type PlacedFrame,
  parseDatasets,
  placedFrames,
  readString,
} from '@negatoscope/dicom';
import { LRUCache } from 'lru-cache';
import { Turns } from '../../../kernel/turns.ts';
import type { SeriesMetadata } from '../metadata/held-metadata.ts';

/** The frame of a series that is shown first. */
export interface First {
  readonly sopInstanceUid: string;
  /** From 1. */
  readonly frameNumber: number;
  /** Bytes of its form for slow lines that are a picture; undefined where its attributes allow none. */
  readonly beginning: number | undefined;
}

const MAX_KEPT = 5000;
/** Frames of a series that are looked through; which of more is the first the page tells. */
const MAX_FRAMES = 20_000;

async function findFirst({ json, places }: SeriesMetadata): Promise<First | undefined> {
  const [frames, turns]: [PlacedFrame[], Turns] = [[], new Turns()];
  const beginnings = new Map<string, number>();
  let modality: string | undefined;
  let isFirst = true;
  for (const [, { start, end }] of places) {
    const [dataset] = parseDatasets([JSON.parse(json.toString('utf8', start, end))]);
    if (isFirst) modality = readString(dataset, '00080060');
    isFirst = false;
    // The page asks for their transfer syntax before anything is shown.
    if (dataset === undefined || mayBeVideo(dataset)) return undefined;
    const placed = placedFrames(dataset);
    if (frames.length + placed.length > MAX_FRAMES) return undefined;
    for (const frame of placed) frames.push(frame);
    if (placed[0] !== undefined && mayComeInParts(dataset)) beginnings.set(placed[0].sopInstanceUid, beginningBytes(dataset));
    await turns.pass();
  }
  const first = firstFrame(frames, modality);
  return first && { ...first, beginning: beginnings.get(first.sopInstanceUid) };
}

/** Finds the frame that the page will show first of a series, by the page's own rule, from what it is told of the series; undefined where that is not enough to tell. `key` stands for what is told. */
export type FirstFrames = (key: string, metadata: SeriesMetadata) => Promise<First | undefined>;

export function createFirstFrames(): FirstFrames {
  const known = new LRUCache<string, { readonly first: First | undefined }>({ max: MAX_KEPT });
  return async (key, metadata) => {
    const one = known.get(key);
    if (one !== undefined) return one.first;
    const first = await findFirst(metadata);
    known.set(key, { first });
    return first;
  };
}
