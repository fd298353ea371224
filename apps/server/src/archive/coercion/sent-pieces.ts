import type { CoercedPiece } from '@negatoscope/dicom';
import type { ObjectReader } from '../../platform/objects/store/index.ts';
import { Spool } from '../../platform/sending/spool.ts';

const CHUNK_BYTES = 1024 * 1024;

export type SentPiece = CoercedPiece | Spool;

/** Runs of a file have a length; only those of an inflated dataset may lack it. */
export function sizeOf(piece: SentPiece): number {
  if (piece instanceof Spool) return piece.length;
  return 'bytes' in piece ? piece.bytes.length : (piece.length ?? 0);
}

export async function* bytesOf(objects: ObjectReader, id: string, pieces: readonly SentPiece[]): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  for (const piece of pieces) {
    if (piece instanceof Spool) {
      yield* held.splice(0);
      yield* piece.read();
      continue;
    }
    if ('bytes' in piece) {
      held.push(Buffer.from(piece.bytes.buffer, piece.bytes.byteOffset, piece.bytes.byteLength));
      continue;
    }
    const end = piece.offset + sizeOf(piece);
    for (let at = piece.offset; at < end; at += CHUNK_BYTES) {
      held.push(await objects.read(id, at, Math.min(CHUNK_BYTES, end - at)));
      yield Buffer.concat(held);
      held = [];
    }
  }
  if (held.length > 0) yield Buffer.concat(held);
}

/** Part of the file that the pieces make. */
export async function readPieces(
  objects: ObjectReader,
  id: string,
  pieces: readonly SentPiece[],
  { offset, length }: { offset: number; length: number },
): Promise<Buffer> {
  const parts: Buffer[] = [];
  let at = 0;
  for (const piece of pieces) {
    const from = Math.max(0, offset - at);
    const to = Math.min(sizeOf(piece), offset + length - at);
    at += sizeOf(piece);
    if (from >= to) continue;
    if (piece instanceof Spool) for await (const bytes of piece.read(from, to - from)) parts.push(bytes);
    else if ('bytes' in piece) parts.push(Buffer.from(piece.bytes.subarray(from, to)));
    else parts.push(await objects.read(id, piece.offset + from, to - from));
  }
  return Buffer.concat(parts);
}
