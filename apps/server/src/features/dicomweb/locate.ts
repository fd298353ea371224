import {
  type ByteRequest,
  type FrameTable,
  frameLocator,
  type ParsedInstance,
  part10Reader,
  withElementsBehindPixels,
} from '@negatoscope/dicom';
import { Failure } from '../../kernel/failure.ts';
import type { ObjectStore } from '../../platform/objects/types.ts';
import { gathered, inflatedRange } from './inflate.ts';
import { Lru } from './lru.ts';
import type { InstanceEntry } from './series-table.ts';

async function answer(objects: ObjectStore, entry: InstanceEntry, request: ByteRequest): Promise<Uint8Array> {
  const from = request.inflateFrom ?? 0;
  if (request.space === 'inflated') {
    const range = { start: request.offset, end: request.offset + request.length };
    return gathered(inflatedRange(objects, entry, from, range));
  }
  const length = Math.min(request.length, entry.sizeBytes - request.offset);
  return length <= 0 ? new Uint8Array(0) : objects.read(entry.id, request.offset, length);
}

async function run<T>(objects: ObjectStore, entry: InstanceEntry, reader: Generator<ByteRequest, T, Uint8Array>): Promise<T> {
  let step = reader.next();
  while (step.done !== true) step = reader.next(await answer(objects, entry, step.value));
  return step.value;
}

/** Reads a stored header again: for frame tables too long for their row and for where a deflated dataset begins. */
export function createLocator(objects: ObjectStore) {
  const parsed = new Lru<Promise<ParsedInstance>>(200);
  const tables = new Lru<Promise<FrameTable>>(64);

  const remember = <T>(cache: Lru<Promise<T>>, id: string, make: () => Promise<T>): Promise<T> => {
    const known = cache.get(id);
    if (known !== undefined) return known;
    const made = make().catch((cause: unknown) => {
      cache.delete(id);
      throw cause instanceof Failure ? cause : new Failure('FRAME_UNREADABLE', { cause });
    });
    cache.set(id, made);
    return made;
  };
  const header = (entry: InstanceEntry): Promise<ParsedInstance> =>
    remember(parsed, entry.id, () => run(objects, entry, part10Reader(entry.sizeBytes)));

  return {
    /** The header as the file says it, without the index's changes. */
    header,
    /** With what stands behind Pixel Data. */
    whole: async (entry: InstanceEntry): Promise<ParsedInstance> => {
      // What is long there is left where it is.
      const options = { table: entry.frameTable, options: { maxElements: 2000 } };
      return run(objects, entry, withElementsBehindPixels(await header(entry), entry.sizeBytes, options));
    },
    /** Bytes of the inflated dataset of a deflated instance, some at a time. */
    inflated: async function* (entry: InstanceEntry, start: number, end: number): AsyncGenerator<Buffer> {
      yield* inflatedRange(objects, entry, (await header(entry)).datasetOffset, { start, end });
    },
    datasetOffset: async (entry: InstanceEntry): Promise<number> => (await header(entry)).datasetOffset,
    frameTable: async (entry: InstanceEntry): Promise<FrameTable> =>
      entry.frameTable ??
      remember(tables, entry.id, async () => run(objects, entry, frameLocator(await header(entry), entry.sizeBytes))),
  };
}
