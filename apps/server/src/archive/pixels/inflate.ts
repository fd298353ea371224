import { Failure } from '../../kernel/failure.ts';
import { inflatedChunks } from '../../platform/inflate/index.ts';
import type { ObjectStore } from '../../platform/objects/store/index.ts';
import type { InstanceEntry } from './series-table.ts';

/** What reading a file asks of the store that it is in. */
export type StoredBytes = Pick<ObjectStore, 'read' | 'stream'>;

/** A deflated dataset that grows past this is refused, and costs only what asked for it. */
const MAX_INFLATED_BYTES = 1024 * 1024 * 1024;

/**
 * Bytes of the dataset of a deflated instance, whose deflated bytes begin at `from` of the object: inflated off the event loop as far as is
 * needed, and never held. Ends early where the dataset does. Fails with FRAME_UNREADABLE for what is no deflate data or too much.
 */
export async function* inflatedRange(
  objects: StoredBytes,
  entry: InstanceEntry,
  from: number,
  { start, end }: { readonly start: number; readonly end: number },
): AsyncGenerator<Buffer> {
  const source = objects.stream(entry.id, { start: from, end: entry.sizeBytes - 1 });
  let at = 0;
  try {
    for await (const chunk of inflatedChunks(source, MAX_INFLATED_BYTES)) {
      const [first, last] = [Math.max(0, start - at), Math.min(chunk.length, end - at)];
      if (first < last) yield chunk.subarray(first, last);
      at += chunk.length;
      if (at >= end) return;
    }
  } catch (cause) {
    throw cause instanceof Failure ? cause : new Failure('FRAME_UNREADABLE', { cause });
  }
}

/** All of it in one buffer. */
export async function gathered(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
