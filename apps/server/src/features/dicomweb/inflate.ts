import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import type { ObjectStore } from '../../platform/objects/types.ts';
import type { InstanceEntry } from './series-table.ts';

const inflateAsync = promisify(inflateRaw);
/** A deflated dataset that grows past this is refused, and costs only what asked for it. */
const MAX_INFLATED_BYTES = 1024 * 1024 * 1024;

/** The dataset of a deflated instance, whose deflated bytes begin at `start` of the object; off the event loop. Fails as zlib does. */
export async function inflateDataset(objects: ObjectStore, entry: InstanceEntry, start: number): Promise<Buffer> {
  const deflated = await objects.read(entry.id, start, entry.sizeBytes - start);
  return inflateAsync(deflated, { maxOutputLength: MAX_INFLATED_BYTES });
}
