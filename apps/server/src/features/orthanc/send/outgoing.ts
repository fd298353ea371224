import { coercedFile, type HeavyCoercion, type IndexValues, openStored, type SentFile } from '../../../archive/coercion/index.ts';
import type { Scratch } from '../../../platform/objects/scratch/index.ts';
import type { ObjectReader } from '../../../platform/objects/store/index.ts';

export interface OutgoingTools {
  readonly objects: ObjectReader;
  readonly scratch: Pick<Scratch, 'create'>;
  readonly heavy: HeavyCoercion;
}

/** A file on its way out. */
export interface Outgoing {
  readonly sizeBytes: number;
  /** From the first byte on, each time. */
  bytes(): AsyncGenerator<Buffer>;
  discard(): Promise<void>;
}

const CHUNK_BYTES = 1024 * 1024;

/** A stored file as everything leaves: with the names of the index, nothing hidden before it. Fails as `coercedFile` and the store do. */
export async function outgoing(
  tools: OutgoingTools,
  stored: { readonly id: string; readonly sizeBytes: number },
  values: IndexValues | undefined,
): Promise<Outgoing> {
  const coerced = await coercedFile(tools, stored, values);
  if (coerced === undefined) {
    const { objects } = tools;
    return { sizeBytes: stored.sizeBytes, bytes: () => asStored(objects, stored), discard: async () => undefined };
  }
  const { sizeBytes } = coerced;
  async function* bytes(file: SentFile): AsyncGenerator<Buffer> {
    for (let offset = 0; offset < sizeBytes; offset += CHUNK_BYTES)
      yield await file.read(offset, Math.min(CHUNK_BYTES, sizeBytes - offset));
  }
  return { sizeBytes, bytes: () => bytes(coerced), discard: () => coerced.discard() };
}

async function* asStored(objects: ObjectReader, stored: { id: string; sizeBytes: number }): AsyncGenerator<Buffer> {
  yield* (await openStored(objects, stored)).bytes;
}
