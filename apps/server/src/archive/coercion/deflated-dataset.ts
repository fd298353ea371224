import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createDeflateRaw } from 'node:zlib';
import type { CoercedPiece } from '@negatoscope/dicom';
import type { Scratch } from '../../platform/objects/scratch/index.ts';
import { Spool } from '../../platform/sending/spool.ts';
import { InflatedSpace } from '../../platform/workers/inflated-space.ts';

/** A dataset that inflates to more is not changed. */
const MAX_INFLATED_BYTES = 1024 * 1024 * 1024;

export interface DeflatedSource {
  readonly read: (offset: number, length: number) => Promise<Uint8Array>;
  readonly sizeBytes: number;
  /** Where the deflated data begin. */
  readonly from: number;
}

async function* inflatedPieces(space: InflatedSpace, pieces: readonly CoercedPiece[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if ('bytes' in piece) {
      yield piece.bytes;
      continue;
    }
    const end = piece.length === undefined ? Number.POSITIVE_INFINITY : piece.offset + piece.length;
    for (let at = piece.offset; at < end; ) {
      const bytes = (await space.supply(at)).subarray(0, end - at);
      if (bytes.length === 0) break;
      at += bytes.length;
      yield bytes;
    }
  }
}

/**
 * The pieces of an inflated dataset, deflated again: of even length (PS3.5 A.5). Some are in memory at a time; the result waits in a spool, since nobody
 * knows its length before. Fails as InflatedSpace, the store and scratch do.
 */
export async function deflatedDataset(
  scratch: Pick<Scratch, 'create'>,
  source: DeflatedSource,
  pieces: readonly CoercedPiece[],
): Promise<Spool> {
  const spool = new Spool(scratch);
  const space = new InflatedSpace({ ...source, maxBytes: MAX_INFLATED_BYTES });
  try {
    await pipeline(Readable.from(inflatedPieces(space, pieces)), createDeflateRaw(), async (deflated: AsyncIterable<Buffer>) => {
      for await (const bytes of deflated) await spool.write(bytes);
    });
    if (spool.length % 2 === 1) await spool.write(new Uint8Array(1));
    return spool;
  } catch (error) {
    await spool.discard();
    throw error;
  } finally {
    await space.close();
  }
}
