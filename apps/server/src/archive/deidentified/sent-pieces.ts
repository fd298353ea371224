import { type DeidFile, type Painting, paintBlack, swapWords } from '@negatoscope/dicom';
import type { ScratchBytes } from '../../platform/objects/scratch/index.ts';
import type { ObjectReader } from '../../platform/objects/store/index.ts';

const CHUNK_BYTES = 1024 * 1024;

export type Piece = DeidFile['pieces'][number];
type Run = Extract<Piece, { readonly offset: number }>;

export const sizeOf = (piece: Piece): number => ('bytes' in piece ? piece.bytes.length : piece.length);

/** Of native pixels the run: nothing but the padding of an odd one stands behind it. */
export const pixelRun = (pieces: readonly Piece[]): Run | undefined => pieces.findLast((piece) => 'offset' in piece);

async function* bytesOfRun(objects: ObjectReader, id: string, { offset, length, swapWordBytes }: Run): AsyncGenerator<Buffer> {
  for (let at = offset; at < offset + length; at += CHUNK_BYTES) {
    const bytes = await objects.read(id, at, Math.min(CHUNK_BYTES, offset + length - at));
    yield swapWordBytes === 1 ? bytes : Buffer.from(swapWords(bytes, swapWordBytes));
  }
}

async function* paintedRun(bytes: AsyncGenerator<Buffer>, painting: Painting): AsyncGenerator<Buffer> {
  let at = 0;
  for await (const read of bytes) {
    // What was read is not ours to change.
    const chunk = Buffer.from(read);
    paintBlack(chunk, at, painting);
    at += chunk.length;
    yield chunk;
  }
}

/** The bytes of a file in order, native pixels painted on the way. */
export async function* bytesOf(
  objects: ObjectReader,
  id: string,
  { pieces, painting }: { readonly pieces: readonly Piece[]; readonly painting: Painting | undefined },
): AsyncGenerator<Buffer> {
  const pixels = pixelRun(pieces);
  for (const piece of pieces) {
    if ('bytes' in piece) yield Buffer.from(piece.bytes.buffer, piece.bytes.byteOffset, piece.bytes.byteLength);
    else if (piece === pixels && painting !== undefined) yield* paintedRun(bytesOfRun(objects, id, piece), painting);
    else yield* bytesOfRun(objects, id, piece);
  }
}

/** What was decoded, and a zero where that is odd. */
export async function* bytesOfFrames(frames: ScratchBytes): AsyncGenerator<Buffer> {
  for (let at = 0; at < frames.sizeBytes; at += CHUNK_BYTES) yield await frames.read(at, CHUNK_BYTES);
  if (frames.sizeBytes % 2 === 1) yield Buffer.alloc(1);
}
