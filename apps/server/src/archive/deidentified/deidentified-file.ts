import {
  burnedIn,
  type DecodedPixels,
  type DeidAction,
  type DeidFile,
  type DeidProfile,
  DeidRefusal,
  type DeidSubstitutes,
  DicomError,
  type DicomJsonObject,
  deidentifyPart10,
  jsonNumber,
  PixelError,
  type PixelMask,
  recognisableFace,
} from '@negatoscope/dicom';
import { Failure } from '../../kernel/failure.ts';
import { IMPLEMENTATION } from '../../kernel/implementation.ts';
import type { ObjectReader } from '../../platform/objects/store/index.ts';
import { isHeavy, QUICK_HEADER } from '../../platform/workers/quick-work.ts';
import { isBeyondLooking, isHeldBack } from '../pixels/index.ts';
import { type MaskedPixels, type MaskTools, maskedPixels } from './masked-pixels.ts';
import { nativeBytes } from './native-bytes.ts';
import { type HeldPicture, NotDeidentified, WaitsForPerson } from './refusal.ts';
import { bytesOf, bytesOfFrames, pixelRun, sizeOf } from './sent-pieces.ts';

export interface DeidentifiedFile {
  readonly sizeBytes: number;
  readonly bytes: AsyncGenerator<Buffer>;
  /** Gives back what waits aside, whether its bytes were read, begun or never asked for: a generator that is ended before its first step runs none of its ending. */
  discard(): Promise<void>;
  readonly transferSyntaxUid: string;
  readonly sopInstanceUid: string;
  readonly actions: readonly DeidAction[];
  /** Of the result. */
  readonly header: DicomJsonObject;
  /** A face can be rebuilt of it. */
  readonly isRecognisable: boolean;
}

/** What a person has said of the pixels of a file that was held; no masks: that it may leave as it is. */
export interface PixelDecision {
  readonly masks: readonly PixelMask[];
  readonly tools: MaskTools;
}

export interface DeidentifiedWish {
  readonly profile: DeidProfile;
  readonly substitutes: DeidSubstitutes;
  readonly decision?: PixelDecision | undefined;
}

interface StoredBytes {
  readonly id: string;
  readonly sizeBytes: number;
}

/** In the place of pixels that are not looked at. */
const UNREAD: DecodedPixels = {
  format: {
    samplesPerPixel: 1,
    photometricInterpretation: 'MONOCHROME2',
    bitsAllocated: 8,
    bitsStored: 8,
    highBit: 7,
    pixelRepresentation: 0,
  },
  sizeBytes: 0,
};

async function header(
  objects: ObjectReader,
  { id, sizeBytes }: StoredBytes,
  request: Omit<Parameters<typeof deidentifyPart10>[1], 'implementation'>,
): Promise<DeidFile> {
  const reader = deidentifyPart10(sizeBytes, { ...request, implementation: IMPLEMENTATION }, QUICK_HEADER);
  let step = reader.next();
  while (step.done !== true) {
    const { space, offset, length } = step.value;
    if (space !== 'file') throw new NotDeidentified('HEADER_TOO_LONG');
    const available = Math.min(length, sizeBytes - offset);
    step = reader.next(available <= 0 ? Buffer.alloc(0) : await objects.read(id, offset, available));
  }
  return step.value;
}

/** What the header alone can't clear stays here: video, what is no picture, and text in the pixels, until somebody has looked at them. */
function requireClean({ original, sopClassUid, transferSyntaxUid }: DeidFile, isDecided: boolean): void {
  if (!('7FE00010' in original)) throw new NotDeidentified('NOT_A_PICTURE');
  if (isBeyondLooking(original, transferSyntaxUid)) throw new NotDeidentified('PIXELS_MAY_NAME');
  if (isDecided) return;
  if (burnedIn(original).level === 'none' && !isHeldBack(original, { sopClassUid, transferSyntaxUid })) return;
  throw new WaitsForPerson('BURNED_IN', pictureOf(original));
}

function pictureOf(original: DicomJsonObject): HeldPicture {
  const [rows = 0, columns = 0, frames = 1] = ['00280010', '00280011', '00280008'].map((tag) => jsonNumber(original, tag));
  return { rows, columns, frames };
}

/** What is not compressed is as long as the pixels need: the rest could be anything. What is painted is no shorter either: where its frames stand would not be known. */
function requireWholePixels({ pieces, output, transferSyntaxUid }: DeidFile, isPainted: boolean): void {
  const run = pixelRun(pieces);
  if (transferSyntaxUid !== '1.2.840.10008.1.2.1') return;
  const most = nativeBytes(output);
  // One byte less is an odd length that was not padded.
  const isWhole = run !== undefined && sizeOf(run) <= most && (!isPainted || sizeOf(run) >= most - 1);
  if (!isWhole) throw new NotDeidentified('PIXELS_NOT_CLEARED');
}

function refusalOf(error: unknown): unknown {
  if (error instanceof DeidRefusal) return new NotDeidentified(error.code, error);
  if (isHeavy(error)) return new NotDeidentified('HEADER_TOO_LONG', error);
  if (error instanceof PixelError) return new NotDeidentified('PIXELS_DAMAGED', error);
  if (error instanceof Failure && (error.code === 'FRAME_UNREADABLE' || error.code === 'NOT_ACCEPTABLE'))
    return new NotDeidentified('PIXELS_DAMAGED', error);
  return error instanceof DicomError ? new NotDeidentified('UNREADABLE', error) : error;
}

async function* contentOf(
  objects: ObjectReader,
  id: string,
  { file, masked }: { readonly file: DeidFile; readonly masked: MaskedPixels | undefined },
): AsyncGenerator<Buffer> {
  yield* bytesOf(objects, id, { pieces: file.pieces, painting: masked?.painting });
  if (masked?.frames !== undefined) yield* bytesOfFrames(masked.frames);
}

/**
 * What becomes of a file whose pixels spell a name. What is compressed leaves decoded once somebody has looked at it, so that nothing of the stream is in it; else a person is to look, unless looking
 * would not help. Fails with WaitsForPerson, and as `requireClean` does.
 */
async function withoutStream(
  objects: ObjectReader,
  stored: StoredBytes,
  { profile, substitutes, decision }: DeidentifiedWish,
): Promise<MaskedPixels> {
  if (decision !== undefined) return maskedPixels(decision.tools, objects, stored, []);
  const accepted = { profile, substitutes, decided: { done: 'accepted' as const } };
  const native = await header(objects, stored, accepted).catch(() => undefined);
  if (native !== undefined) requireWholePixels(native, false);
  const file = native ?? (await header(objects, stored, { ...accepted, decided: { ...accepted.decided, decoded: UNREAD } }));
  requireClean(file, false);
  throw new WaitsForPerson('NAME_IN_PIXELS', pictureOf(file.original));
}

function maskedOf(objects: ObjectReader, stored: StoredBytes, decision: PixelDecision | undefined): Promise<MaskedPixels> {
  return decision === undefined || decision.masks.length === 0
    ? Promise.resolve({ decided: { done: 'accepted' } })
    : maskedPixels(decision.tools, objects, stored, decision.masks);
}

/**
 * A stored file without its patient's identity (PS3.15 Annex E); whoever opens it discards it. Fails with NotDeidentified for what can't be cleared with certainty: an identified file
 * never stands in; with WaitsForPerson where somebody may decide after looking at it. Fails as the store does.
 */
export async function deidentifiedFile(
  objects: ObjectReader,
  stored: StoredBytes,
  { profile, substitutes, decision }: DeidentifiedWish,
): Promise<DeidentifiedFile> {
  let masked: MaskedPixels | undefined;
  try {
    masked = decision === undefined ? undefined : await maskedOf(objects, stored, decision);
    const file = await header(objects, stored, { profile, substitutes, ...(masked && { decided: masked.decided }) }).catch(
      async (error: unknown) => {
        if (!(error instanceof DeidRefusal) || error.code !== 'NAME_IN_PIXELS') throw error;
        masked = await withoutStream(objects, stored, { profile, substitutes, decision });
        return header(objects, stored, { profile, substitutes, decided: masked.decided });
      },
    );
    requireClean(file, decision !== undefined);
    if (masked?.frames === undefined) requireWholePixels(file, masked?.painting !== undefined);
    return {
      sizeBytes: file.sizeBytes,
      bytes: contentOf(objects, stored.id, { file, masked }),
      discard: async () => masked?.frames?.remove(),
      transferSyntaxUid: file.transferSyntaxUid,
      sopInstanceUid: file.sopInstanceUid,
      actions: file.actions,
      header: file.output,
      isRecognisable: recognisableFace(file.original),
    };
  } catch (error) {
    await masked?.frames?.remove();
    throw refusalOf(error);
  }
}
