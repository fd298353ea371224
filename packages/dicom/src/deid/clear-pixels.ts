import { encodeBase64 } from '../base64.ts';
import { ByteWindow } from '../byte-window.ts';
import { DicomError } from '../errors.ts';
import { frameRanges } from '../frame-ranges.ts';
import type { EncapsulatedFrames, FrameWarningCode } from '../frame-table.ts';
import { frameLocator } from '../frames.ts';
import type { ByteReader } from '../part10-start.ts';
import { bareFrame, canBeBare } from '../pixels/bare-frame.ts';
import { frameFormatOf } from '../pixels/describe.ts';
import { PixelError } from '../pixels/frame-format.ts';
import type { ReencodedPiece } from '../reencode/index.ts';
import { fragmentsEnd, pixelDataHeader } from '../reencode/reencode.ts';
import { TRANSFER_SYNTAXES } from '../transfer-syntaxes.ts';
import type { DicomJsonElement, DicomJsonObject, ParsedInstance, PixelDataInfo } from '../types.ts';
import { FragmentPieces } from './fragment-pieces.ts';
import { frameSearch, isFrameNamed } from './named-frame.ts';
import { DeidRefusal } from './types.ts';

const EXTENDED_OFFSETS = '7FE00001';
const EXTENDED_LENGTHS = '7FE00002';
/** Of a frame that is read at once. */
const MOST_FRAME_BYTES = 134_217_728;
/** What leaves frames that could be others, or parts of others. */
const DOUBTS = new Set<FrameWarningCode>([
  'PIXEL_DATA_TRUNCATED',
  'BAD_STRUCTURE',
  'FRAME_COUNT_MISMATCH',
  'FRAME_COUNT_INVALID',
  'VIDEO_STREAM',
]);

export interface ClearedPixels {
  /** Header, offset table, one fragment a frame, delimiter. */
  readonly pieces: readonly ReencodedPiece[];
  /** The Extended Offset Table of the fragments; empty where the file had none. */
  readonly tables: DicomJsonObject;
  /** Something was taken out of a frame. */
  readonly isChanged: boolean;
}

type Encapsulated = ParsedInstance & { readonly pixelData: PixelDataInfo };

/**
 * Encapsulated Pixel Data (PS3.5 A.4) with what decodes its frames and nothing else (`bareFrame`): comments, application segments, what stands between and
 * behind the images and in offset tables goes, no pixel is encoded again. Each frame becomes one fragment, and the table of their offsets is made anew: the
 * Extended one (PS3.3 C.7.6.3.1.8) where the file has that, else the Basic one. Fails with DeidRefusal where that can't be made sure of, and where one of the words of `naming` is left in a frame.
 */
export function* clearedPixels(parsed: Encapsulated, sizeBytes: number, naming: ReadonlySet<string>): ByteReader<ClearedPixels> {
  const { json, pixelData, transferSyntaxUid, datasetOffset } = parsed;
  if (TRANSFER_SYNTAXES.get(transferSyntaxUid)?.isEncapsulated !== true || !canBeBare(transferSyntaxUid))
    throw new DeidRefusal('PIXELS_NOT_CLEARED');
  try {
    const table = yield* frameLocator(parsed, sizeBytes);
    if (table.kind !== 'encapsulated' || table.warnings.some((code) => DOUBTS.has(code))) throw new DeidRefusal('PIXELS_DAMAGED');
    const format = { ...frameFormatOf(json, pixelData.tag), transferSyntaxUid };
    const window = new ByteWindow(pixelData.space, pixelData.space === 'file' ? sizeBytes : undefined, {
      windowBytes: 1,
      ...(pixelData.space === 'inflated' ? { inflateFrom: datasetOffset } : {}),
    });
    const fragments = new FragmentPieces();
    const search = frameSearch(naming);
    for (let frame = 0; frame < table.count; frame += 1) {
      const bytes = yield* storedFrame(window, table, frame);
      const bare = bareFrame({ ...format, bytes });
      // In tables that are used, and behind the last block, a name is nothing that could be cut out: decoded it is gone.
      if (isFrameNamed(bare, search)) throw new DeidRefusal('NAME_IN_PIXELS');
      fragments.add(bare, bytes, frameRanges(table, frame) ?? []);
    }
    return written(fragments, { json, pixelData });
  } catch (error) {
    throw error instanceof PixelError || error instanceof DicomError ? new DeidRefusal('PIXELS_DAMAGED') : error;
  }
}

/** All fragments of a frame, one behind the other. */
function* storedFrame(window: ByteWindow, table: EncapsulatedFrames, frame: number): ByteReader<Uint8Array> {
  const ranges = frameRanges(table, frame) ?? [];
  const length = ranges.reduce((sum, range) => sum + range.length, 0);
  if (length > MOST_FRAME_BYTES) throw new DeidRefusal('PIXELS_TOO_LARGE');
  const [only] = ranges;
  if (ranges.length === 1 && only !== undefined) {
    window.pos = only.offset;
    return yield* window.peek(only.length);
  }
  const joined = new Uint8Array(length);
  let at = 0;
  for (const range of ranges) {
    window.pos = range.offset;
    joined.set(yield* window.peek(range.length), at);
    at += range.length;
  }
  return joined;
}

function written(
  { pieces, lengths, isChanged }: FragmentPieces,
  { json, pixelData }: { json: DicomJsonObject; pixelData: PixelDataInfo },
): ClearedPixels {
  const isExtended = EXTENDED_OFFSETS in json && EXTENDED_LENGTHS in json;
  const even = lengths.map((length) => length + (length % 2));
  // PS3.5 A.4: with an Extended Offset Table the basic one is empty.
  const header = pixelDataHeader({ tag: pixelData.tag, vr: 'OB', isExplicit: true }, { fragmentLengths: isExtended ? [] : even });
  return {
    pieces: [{ bytes: header }, ...pieces, { bytes: fragmentsEnd() }],
    tables: isExtended ? { [EXTENDED_OFFSETS]: words(offsetsOf(even)), [EXTENDED_LENGTHS]: words(lengths) } : {},
    isChanged,
  };
}

/** Of each fragment's item, from the first one on. */
function offsetsOf(lengths: readonly number[]): number[] {
  let at = 0;
  return lengths.map((length) => {
    const offset = at;
    at += length + 8;
    return offset;
  });
}

/** An OV value: unsigned integers of 64 bits, little endian. */
function words(values: readonly number[]): DicomJsonElement {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setBigUint64(index * 8, BigInt(value), true);
  return { vr: 'OV', InlineBinary: encodeBase64(bytes) };
}
