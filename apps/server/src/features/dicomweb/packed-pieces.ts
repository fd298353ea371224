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
const isNew = (piece: ReencodedPiece | undefined): boolean => piece !== undefined && 'bytes' in piece;

/** Pieces of new bytes that follow each other become one run: a header without values in the file is sent in a few large pieces. */
export function packPieces(pieces: readonly ReencodedPiece[]): PackedPieces {
  const joins = (index: number): boolean => isNew(pieces[index]) && isNew(pieces[index - 1]);
  const runs = pieces.reduce((count, _piece, index) => (joins(index) ? count : count + 1), 0);
  const places = new Float64Array(runs * NUMBERS);
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + ('bytes' in piece ? piece.bytes.length : 0), 0));
  let [at, run, sizeBytes] = [0, 0, 0];
  for (const [index, piece] of pieces.entries()) {
    const length = 'bytes' in piece ? piece.bytes.length : piece.length;
    sizeBytes += length;
    if ('bytes' in piece) {
      bytes.set(piece.bytes, at);
      at += length;
    }
    if (joins(index)) {
      places[run - NUMBERS + 1] = (places[run - NUMBERS + 1] ?? 0) + length;
      continue;
    }
    places.set('bytes' in piece ? [NEW, length, 1] : [piece.offset, length, piece.swapWordBytes], run);
    run += NUMBERS;
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
