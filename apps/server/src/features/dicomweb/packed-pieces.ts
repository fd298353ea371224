import type { ReencodedPiece } from '@negatoscope/dicom';

/**
 * The runs of a rewritten header without an object for each: a file may have a million of them, and whoever is handed these would stand still.
 * Three numbers a run: where its bytes begin in the source or -1 for new ones, how many they are, and the size of the words to be turned round (1: none).
 */
export interface PackedPieces {
  readonly places: Float64Array;
  /** New bytes, one after the other. */
  readonly bytes: Uint8Array;
  readonly sizeBytes: number;
}

const NUMBERS = 3;
const NEW = -1;

export function packPieces(pieces: readonly ReencodedPiece[]): PackedPieces {
  const places = new Float64Array(pieces.length * NUMBERS);
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + ('bytes' in piece ? piece.bytes.length : 0), 0));
  let at = 0;
  let sizeBytes = 0;
  for (const [index, piece] of pieces.entries()) {
    const isNew = 'bytes' in piece;
    const length = isNew ? piece.bytes.length : piece.length;
    places.set([isNew ? NEW : piece.offset, length, isNew ? 1 : piece.swapWordBytes], index * NUMBERS);
    if (isNew) {
      bytes.set(piece.bytes, at);
      at += length;
    }
    sizeBytes += length;
  }
  return { places, bytes, sizeBytes };
}

/** A run: `offset` in the source, undefined for the next `length` new bytes. */
export interface PackedRun {
  readonly offset: number | undefined;
  readonly length: number;
  readonly swapWordBytes: number;
}

export function* packedRuns({ places }: Pick<PackedPieces, 'places'>): Generator<PackedRun> {
  for (let at = 0; at < places.length; at += NUMBERS) {
    const [offset = NEW, length = 0, swapWordBytes = 1] = places.subarray(at, at + NUMBERS);
    yield { offset: offset === NEW ? undefined : offset, length, swapWordBytes };
  }
}
