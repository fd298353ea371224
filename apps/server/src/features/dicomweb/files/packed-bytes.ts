import type { ByteSpace } from '@negatoscope/dicom';
import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import type { Scratch } from '../../../platform/objects/scratch/index.ts';
import { holdBytes } from '../../../platform/sending/held-bytes.ts';
import { type PackedPieces, packedRuns } from '../packed-pieces.ts';
import type { FileBytes } from './file-source.ts';

const CHUNK_BYTES = 1024 * 1024;

/** A last incomplete word stays as it is. */
function swapped(chunk: Buffer, wordBytes: number): Buffer {
  if (wordBytes === 1) return chunk;
  const whole = chunk.subarray(0, chunk.length - (chunk.length % wordBytes));
  if (wordBytes === 2) whole.swap16();
  else if (wordBytes === 4) whole.swap32();
  else whole.swap64();
  return chunk;
}

/** A run of the source, some at a time. */
export async function* sourceBytes(
  source: Pick<FileBytes, 'read'>,
  space: ByteSpace,
  run: { readonly offset: number; readonly length: number; readonly swapWordBytes: number },
): AsyncGenerator<Buffer> {
  for (let at = 0; at < run.length; at += CHUNK_BYTES) {
    const chunk = await source.read(space, run.offset + at, Math.min(CHUNK_BYTES, run.length - at));
    yield swapped(chunk, run.swapWordBytes);
  }
}

/** Takes so many bytes as are wanted from pieces of any length. */
class Taking {
  readonly #pieces: AsyncGenerator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncGenerator<Buffer>) {
    this.#pieces = pieces;
  }

  async *take(length: number): AsyncGenerator<Buffer> {
    for (let left = length; left > 0; ) {
      if (this.#rest.length === 0) {
        const next = await this.#pieces.next();
        if (next.done === true) throw new BrokenInvariant('The bytes of a header are fewer than its runs say.');
        this.#rest = next.value;
      }
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }
}

/** A rewritten header on its way: its new bytes wait in memory or on the disk. */
export interface HeaderBytes {
  /** To be read once. */
  bytes(source: Pick<FileBytes, 'read'>, space: ByteSpace): AsyncGenerator<Buffer>;
  discard(): Promise<void>;
}

export async function headerBytes(scratch: Scratch, pieces: PackedPieces): Promise<HeaderBytes> {
  const { bytes } = pieces;
  const held = await holdBytes(scratch, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  return {
    bytes: async function* (source, space) {
      const taking = new Taking(held.pieces());
      for (const { offset, length, swapWordBytes } of packedRuns(pieces)) {
        if (offset === undefined) yield* taking.take(length);
        else yield* sourceBytes(source, space, { offset, length, swapWordBytes });
      }
    },
    discard: () => held.end(),
  };
}
