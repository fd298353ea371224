import {
  burnedIn,
  type DeidAction,
  type DeidFile,
  type DeidProfile,
  DeidRefusal,
  type DeidRefusalCode,
  type DeidSubstitutes,
  DicomError,
  type DicomJsonObject,
  deidentifyPart10,
  PixelError,
  recognisableFace,
  swapWords,
} from '@negatoscope/dicom';
import { IMPLEMENTATION } from '../../kernel/implementation.ts';
import type { ObjectReader } from '../../platform/objects/store/index.ts';
import { isHeavy, QUICK_HEADER } from '../../platform/workers/quick-work.ts';
import { isHeldBack } from '../pixels/index.ts';
import { nativeBytes } from './native-bytes.ts';

/** Why nothing of a file leaves. */
export type RefusedBecause =
  | DeidRefusalCode
  | 'NOT_A_PICTURE'
  | 'BURNED_IN'
  | 'PIXELS_MAY_NAME'
  | 'HEADER_TOO_LONG'
  | 'UNREADABLE';

/** A file that can't be de-identified with certainty; `because` carries no value of it. */
export class NotDeidentified extends Error {
  readonly because: RefusedBecause;

  constructor(because: RefusedBecause, cause?: unknown) {
    super(`A file can't leave without identity: ${because}`, { cause });
    this.name = 'NotDeidentified';
    this.because = because;
  }
}

export interface DeidentifiedFile {
  readonly sizeBytes: number;
  readonly bytes: AsyncGenerator<Buffer>;
  readonly transferSyntaxUid: string;
  readonly sopInstanceUid: string;
  readonly actions: readonly DeidAction[];
  /** Of the result. */
  readonly header: DicomJsonObject;
  /** A face can be rebuilt of it. */
  readonly isRecognisable: boolean;
}

export interface DeidentifiedWish {
  readonly profile: DeidProfile;
  readonly substitutes: DeidSubstitutes;
}

interface StoredBytes {
  readonly id: string;
  readonly sizeBytes: number;
}

const CHUNK_BYTES = 1024 * 1024;

type Piece = DeidFile['pieces'][number];
type Run = Extract<Piece, { readonly offset: number }>;

async function header(objects: ObjectReader, { id, sizeBytes }: StoredBytes, wish: DeidentifiedWish): Promise<DeidFile> {
  const reader = deidentifyPart10(sizeBytes, { ...wish, implementation: IMPLEMENTATION }, QUICK_HEADER);
  let step = reader.next();
  while (step.done !== true) {
    const { space, offset, length } = step.value;
    if (space !== 'file') throw new NotDeidentified('HEADER_TOO_LONG');
    const available = Math.min(length, sizeBytes - offset);
    step = reader.next(available <= 0 ? Buffer.alloc(0) : await objects.read(id, offset, available));
  }
  return step.value;
}

/** What the header alone can't clear stays here: text in the pixels, video, what is no picture. */
function requireClean({ original, sopClassUid, transferSyntaxUid }: DeidFile): void {
  if (!('7FE00010' in original)) throw new NotDeidentified('NOT_A_PICTURE');
  if (burnedIn(original).level !== 'none') throw new NotDeidentified('BURNED_IN');
  if (isHeldBack(original, { sopClassUid, transferSyntaxUid })) throw new NotDeidentified('PIXELS_MAY_NAME');
}

/** What is not compressed is as long as the pixels need: the rest could be anything. */
function requireWholePixels({ pieces, output, transferSyntaxUid }: DeidFile): void {
  const run = pieces.findLast((piece) => 'offset' in piece);
  const isNative = transferSyntaxUid === '1.2.840.10008.1.2.1';
  if (isNative && (run === undefined || sizeOf(run) > nativeBytes(output))) throw new NotDeidentified('PIXELS_NOT_CLEARED');
}

async function* bytesOfRun(objects: ObjectReader, id: string, { offset, length, swapWordBytes }: Run): AsyncGenerator<Buffer> {
  for (let at = offset; at < offset + length; at += CHUNK_BYTES) {
    const bytes = await objects.read(id, at, Math.min(CHUNK_BYTES, offset + length - at));
    yield swapWordBytes === 1 ? bytes : Buffer.from(swapWords(bytes, swapWordBytes));
  }
}

async function* bytesOf(objects: ObjectReader, id: string, pieces: readonly Piece[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if ('bytes' in piece) yield Buffer.from(piece.bytes.buffer, piece.bytes.byteOffset, piece.bytes.byteLength);
    else yield* bytesOfRun(objects, id, piece);
  }
}

const sizeOf = (piece: Piece): number => ('bytes' in piece ? piece.bytes.length : piece.length);

function refusalOf(error: unknown): unknown {
  if (error instanceof DeidRefusal) return new NotDeidentified(error.code, error);
  if (isHeavy(error)) return new NotDeidentified('HEADER_TOO_LONG', error);
  if (error instanceof PixelError) return new NotDeidentified('PIXELS_DAMAGED', error);
  return error instanceof DicomError ? new NotDeidentified('UNREADABLE', error) : error;
}

/**
 * A stored file without its patient's identity (PS3.15 Annex E). Fails with NotDeidentified for what can't be cleared with certainty: an identified file
 * never stands in. Fails as the store does.
 */
export async function deidentifiedFile(
  objects: ObjectReader,
  stored: StoredBytes,
  wish: DeidentifiedWish,
): Promise<DeidentifiedFile> {
  try {
    const file = await header(objects, stored, wish);
    requireClean(file);
    requireWholePixels(file);
    return {
      sizeBytes: file.sizeBytes,
      bytes: bytesOf(objects, stored.id, file.pieces),
      transferSyntaxUid: file.transferSyntaxUid,
      sopInstanceUid: file.sopInstanceUid,
      actions: file.actions,
      header: file.output,
      isRecognisable: recognisableFace(file.original),
    };
  } catch (error) {
    throw refusalOf(error);
  }
}
