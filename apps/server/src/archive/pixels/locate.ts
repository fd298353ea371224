import {
  type ByteRequest,
  type FrameTable,
  frameLocator,
  type ParsedInstance,
  part10Reader,
  type SlideLevel,
  slideLevelOf,
  withElementsBehindPixels,
} from '@negatoscope/dicom';
import { LRUCache } from 'lru-cache';
import { Failure } from '../../kernel/failure.ts';
import type { ReadBytes } from '../../platform/workers/killable-worker.ts';
import { isHeavy, QUICK_HEADER } from '../../platform/workers/quick-work.ts';
import { gathered, inflatedRange, type StoredBytes } from './inflate.ts';
import { type FrameGroups, type HeaderThread, withFrameGroup } from './large-header.ts';
import { type PackedLevel, unpackLevel } from './packed-level.ts';
import type { InstanceEntry } from './series-table.ts';

/** A deflated dataset is inflated where it can be ended. */
class Deflated extends Error {}

async function answer(objects: StoredBytes, entry: InstanceEntry, request: ByteRequest): Promise<Uint8Array> {
  if (request.space === 'inflated') throw new Deflated();
  const length = Math.min(request.length, entry.sizeBytes - request.offset);
  return length <= 0 ? new Uint8Array(0) : objects.read(entry.id, request.offset, length);
}

const fromFile =
  (objects: StoredBytes, entry: InstanceEntry): ReadBytes =>
  (offset, length) =>
    answer(objects, entry, { space: 'file', offset, length });

async function run<T>(objects: StoredBytes, entry: InstanceEntry, reader: Generator<ByteRequest, T, Uint8Array>): Promise<T> {
  let step = reader.next();
  while (step.done !== true) step = reader.next(await answer(objects, entry, step.value));
  return step.value;
}

/** Answers a reader of what a header has told already, in the file or in its inflated dataset. */
async function runBehind<T>(
  objects: StoredBytes,
  entry: InstanceEntry,
  header: ParsedInstance,
  reader: Generator<ByteRequest, T, Uint8Array>,
): Promise<T> {
  let step = reader.next();
  while (step.done !== true) {
    const { space, offset, length } = step.value;
    const range = { start: offset, end: offset + length };
    const bytes =
      space === 'file'
        ? await answer(objects, entry, step.value)
        : await gathered(inflatedRange(objects, entry, header.datasetOffset, range));
    step = reader.next(bytes);
  }
  return step.value;
}

/** Frames of a header, in the space that they are in. */
const locate = (objects: StoredBytes, entry: InstanceEntry, header: ParsedInstance): Promise<FrameTable> =>
  runBehind(objects, entry, header, frameLocator(header, entry.sizeBytes));

/** A header as it is had: whole, or without what is long. */
interface Known {
  readonly parsed: ParsedInstance;
  readonly groups?: FrameGroups | undefined;
  readonly isWhole?: boolean;
}

export interface Locator {
  /** The header as the file says it, without the index's changes; of one with many elements what is no long sequence. */
  header(entry: InstanceEntry): Promise<ParsedInstance>;
  /** Whether `header` has all of it. */
  isWhole(entry: InstanceEntry): Promise<boolean>;
  /** With what stands behind Pixel Data. */
  whole(entry: InstanceEntry): Promise<ParsedInstance>;
  /** The same with the functional groups of one frame, `frame` from 0. */
  headerOf(entry: InstanceEntry, frame: number): Promise<ParsedInstance>;
  /** The level of a slide that an instance is, with the places of all its tiles; undefined for what is none. */
  slideLevel(entry: InstanceEntry): Promise<SlideLevel | undefined>;
  /** Bytes of the inflated dataset of a deflated instance, some at a time. */
  inflated(entry: InstanceEntry, start: number, end: number): AsyncGenerator<Buffer>;
  datasetOffset(entry: InstanceEntry): Promise<number>;
  frameTable(entry: InstanceEntry): Promise<FrameTable>;
}

/** Reads a stored header again: for frame tables too long for their row and for where a deflated dataset begins. */
export function createLocator(objects: StoredBytes, headers: HeaderThread): Locator {
  const known = new LRUCache<string, Promise<Known>>({ max: 200 });
  const tables = new LRUCache<string, Promise<FrameTable>>({ max: 64 });
  const levels = new LRUCache<string, Promise<{ readonly packed: PackedLevel | undefined }>>({ max: 16 });
  const knownOf = (entry: InstanceEntry): Promise<Known> => remember(known, entry.key, () => readHeader(objects, headers, entry));
  const header = async (entry: InstanceEntry): Promise<ParsedInstance> => (await knownOf(entry)).parsed;
  return {
    header,
    isWhole: async (entry) => (await knownOf(entry)).isWhole !== false,
    whole: async (entry) => wholeHeader(objects, entry, await header(entry)),
    headerOf: async (entry, frame) => {
      const { parsed, groups } = await knownOf(entry);
      return groups === undefined ? parsed : { ...parsed, json: withFrameGroup(parsed.json, groups, frame) };
    },
    slideLevel: async (entry) => {
      const { parsed, isWhole } = await knownOf(entry);
      if (isWhole !== false || parsed.json['00209311']?.Value?.[0] === 'TILED_FULL') return slideLevelOf(parsed.json);
      const { packed } = await remember(levels, entry.key, async () => ({
        packed: await headers.slideLevel(entry.sizeBytes, fromFile(objects, entry)),
      }));
      return packed && unpackLevel(packed);
    },
    inflated: async function* (entry, start, end) {
      yield* inflatedRange(objects, entry, (await header(entry)).datasetOffset, { start, end });
    },
    datasetOffset: async (entry) => (await header(entry)).datasetOffset,
    frameTable: async (entry) =>
      entry.frameTable ?? remember(tables, entry.key, async () => locate(objects, entry, await header(entry))),
  };
}

/** What is being made is waited for; what failed is made again the next time. */
function remember<T>(cache: LRUCache<string, Promise<T>>, id: string, make: () => Promise<T>): Promise<T> {
  const pending = cache.get(id);
  if (pending !== undefined) return pending;
  const made = make().catch((cause: unknown) => {
    cache.delete(id);
    throw cause instanceof Failure ? cause : new Failure('FRAME_UNREADABLE', { cause });
  });
  cache.set(id, made);
  return made;
}

async function readHeader(objects: StoredBytes, headers: HeaderThread, entry: InstanceEntry): Promise<Known> {
  try {
    return { parsed: await run(objects, entry, part10Reader(entry.sizeBytes, QUICK_HEADER)) };
  } catch (error) {
    if (!isHeavy(error) && !(error instanceof Deflated)) throw error;
    return headers.header(entry.sizeBytes, fromFile(objects, entry));
  }
}

function wholeHeader(objects: StoredBytes, entry: InstanceEntry, parsed: ParsedInstance): Promise<ParsedInstance> {
  // What is long there is left where it is.
  const options = { table: entry.frameTable, options: { maxElements: 2000 } };
  return runBehind(objects, entry, parsed, withElementsBehindPixels(parsed, entry.sizeBytes, options));
}

/** Stored objects, and where in them is what: enough to read a header, its bulk values and the bytes of a frame. */
export interface StoredSource {
  readonly objects: StoredBytes;
  readonly locator: Locator;
}
