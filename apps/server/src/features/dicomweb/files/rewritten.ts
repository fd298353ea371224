import {
  type ByteReader,
  type ByteSpace,
  type DicomJsonElement,
  type ParseOptions,
  type PixelDataInfo,
  part10Reader,
  reencodePart10,
  TRANSFER_SYNTAXES,
} from '@negatoscope/dicom';
import { IMPLEMENTATION } from '../../../kernel/implementation.ts';
import { type PackedPieces, packPieces } from '../packed-pieces.ts';
import { compressedInside } from './compressed-inside.ts';

/** How a file is written in another transfer syntax. */
export interface Rewriting {
  /** UID of the result. */
  readonly target: string;
  /** Top-level elements to write instead of those of the file; one that is undefined is left out. */
  readonly facts: Readonly<Record<string, DicomJsonElement | undefined>>;
  /** Pixels are made anew: what else is compressed as the old ones were can't stay. */
  readonly isRecoded: boolean;
}

/** A file but for its Pixel Data, which goes between `pieces` and `behind`. */
export interface Rewritten {
  readonly pieces: PackedPieces;
  readonly behind: PackedPieces;
  /** Where the runs and `pixelData` are. */
  readonly space: ByteSpace;
  /** First byte of the dataset in the file that was read. */
  readonly datasetOffset: number;
  readonly pixelData: PixelDataInfo | undefined;
}

export const isExplicit = (uid: string): boolean => TRANSFER_SYNTAXES.get(uid)?.isExplicitVr !== false;

/** Writes a header anew. Pure, so that it runs in whatever thread the size of the header asks for. Fails as `reencodePart10` does. */
export function* rewritten(sizeBytes: number, rewriting: Rewriting, limits: ParseOptions = {}): ByteReader<Rewritten> {
  const { target, facts, isRecoded } = rewriting;
  const left = isRecoded ? compressedInside(yield* part10Reader(sizeBytes, limits)) : {};
  const options = {
    transferSyntaxUid: target,
    isExplicit: isExplicit(target),
    replacements: new Map(Object.entries({ ...facts, ...left })),
    implementation: IMPLEMENTATION,
  };
  const file = yield* reencodePart10(sizeBytes, options, limits);
  return { ...file, pieces: packPieces(file.pieces), behind: packPieces(file.behind) };
}
