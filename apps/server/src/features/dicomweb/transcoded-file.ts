import {
  type DicomJsonElement,
  type FrameTable,
  frameFormatOf,
  frameLocator,
  type ParsedInstance,
  part10Reader,
  pixelDataHeader,
  type ReencodedFile,
  type ReencodedPiece,
  type Replacements,
  reencodePart10,
  TRANSFER_SYNTAXES,
} from '@negatoscope/dicom';
import type { IndexValues } from '../../archive/coercion/index.ts';
import type { InstanceEntry } from '../../archive/pixels/series-table.ts';
import { Failure } from '../../kernel/failure.ts';
import { IMPLEMENTATION } from '../../kernel/implementation.ts';
import { isNativeTarget } from '../../platform/codecs/encodable.ts';
import { type FileSource, openSource } from './file-source.ts';
import { compressedInside, lossyFacts, pixelFacts } from './file-targets.ts';
import { FrameSpool } from './frame-spool.ts';
import type { Dicomweb } from './service.ts';
import { spoolPixels } from './transcoded-pixels.ts';

const CHUNK_BYTES = 1024 * 1024;
/** Native Pixel Data says its length in 32 bits. */
const MAX_NATIVE_BYTES = 0xffff_fffe;

/** A file ready to be sent. `discard` gives back what it holds, whether it was sent or not. */
export interface OutgoingFile {
  readonly transferSyntaxUid: string;
  readonly sizeBytes: number;
  readonly bytes: AsyncGenerator<Buffer>;
  /** Text of the index did not fit the file's character set and was written without accents. */
  readonly isApproximated: boolean;
  discard(): Promise<void>;
}

export interface Wanted {
  readonly target: string;
  readonly values: IndexValues | undefined;
  readonly isGone: () => boolean;
}

/** Pixel Data of the result. */
interface Pixels {
  readonly header: Uint8Array;
  readonly content: readonly ReencodedPiece[] | FrameSpool;
  readonly sizeBytes: number;
}

type Facts = Record<string, DicomJsonElement | undefined>;

const isNative = (uid: string): boolean => TRANSFER_SYNTAXES.get(uid)?.isEncapsulated !== true;
const isExplicit = (uid: string): boolean => TRANSFER_SYNTAXES.get(uid)?.isExplicitVr !== false;

/** VR of native pixels (PS3.5 8.2, A.1, A.2): OB only where explicit and up to 8 bits; floats keep theirs. */
function nativeVr(stored: string, bitsAllocated: number, target: string): string {
  if (stored !== 'OB' && stored !== 'OW') return stored === 'UN' ? 'OW' : stored;
  return isExplicit(target) && bitsAllocated <= 8 ? stored : 'OW';
}

const bitsOf = ({ json, pixelData }: ParsedInstance): number => frameFormatOf(json, pixelData?.tag ?? '').bitsAllocated;

/** Native pixels that stay native: their bytes, words turned round where they were big endian. */
function kept(file: ReencodedFile, parsed: ParsedInstance, table: FrameTable, target: string): Pixels | undefined {
  const { pixelData } = file;
  if (pixelData?.length === undefined) return undefined;
  const { tag, offset, length } = pixelData;
  const swapWordBytes = 'bigEndian' in table && table.bigEndian ? table.wordBytes : 1;
  const padding = new Uint8Array(length % 2);
  const vr = nativeVr(pixelData.vr, bitsOf(parsed), target);
  const header = pixelDataHeader({ tag, vr, isExplicit: isExplicit(target) }, { length: length + padding.length });
  return { header, content: [{ offset, length, swapWordBytes }, { bytes: padding }], sizeBytes: length + padding.length };
}

async function* runBytes(source: FileSource, file: ReencodedFile, pieces: readonly ReencodedPiece[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if ('bytes' in piece) {
      if (piece.bytes.length > 0) yield Buffer.from(piece.bytes.buffer, piece.bytes.byteOffset, piece.bytes.byteLength);
      continue;
    }
    for (let at = 0; at < piece.length; at += CHUNK_BYTES) {
      const chunk = await source.read(file.space, piece.offset + at, Math.min(CHUNK_BYTES, piece.length - at));
      yield swapped(chunk, piece.swapWordBytes);
    }
  }
}

/** A last incomplete word stays as it is. */
function swapped(chunk: Buffer, wordBytes: number): Buffer {
  if (wordBytes === 1) return chunk;
  const whole = chunk.subarray(0, chunk.length - (chunk.length % wordBytes));
  if (wordBytes === 2) whole.swap16();
  else if (wordBytes === 4) whole.swap32();
  else whole.swap64();
  return chunk;
}

const sizeOf = (pieces: readonly ReencodedPiece[]): number =>
  pieces.reduce((sum, piece) => sum + ('bytes' in piece ? piece.bytes.length : piece.length), 0);

function outgoing(source: FileSource, file: ReencodedFile, pixels: Pixels | undefined, target: string): OutgoingFile {
  const content = pixels?.content;
  const spool = content instanceof FrameSpool ? content : undefined;
  async function* bytes(): AsyncGenerator<Buffer> {
    yield* runBytes(source, file, file.pieces);
    if (pixels !== undefined) yield Buffer.from(pixels.header);
    if (content instanceof FrameSpool) yield* content.read();
    else if (content !== undefined) yield* runBytes(source, file, content);
    yield* runBytes(source, file, file.behind);
  }
  return {
    transferSyntaxUid: target,
    sizeBytes: sizeOf(file.pieces) + sizeOf(file.behind) + (pixels === undefined ? 0 : pixels.header.length + pixels.sizeBytes),
    bytes: bytes(),
    isApproximated: source.isApproximated,
    discard: async () => spool?.discard(),
  };
}

/** Makes the frames, then the header that fits them. */
async function withNewPixels(
  web: Dicomweb,
  { source, parsed, table }: { source: FileSource; parsed: ParsedInstance; table: FrameTable },
  { target, isGone }: Wanted,
): Promise<OutgoingFile> {
  const spool = new FrameSpool(web.objects);
  try {
    const result = await spoolPixels({ source, parsed, table, target, codecs: web.codecs, spool, isGone });
    const change = { from: parsed.transferSyntaxUid, to: target, ratio: result.ratio };
    const color = result.photometricInterpretation;
    const facts: Facts = { ...pixelFacts(parsed.json, color), ...lossyFacts(parsed.json, change), ...compressedInside(parsed) };
    const file = await rewrite(source, target, new Map(Object.entries(facts)));
    if (result.fragmentLengths === undefined && spool.length > MAX_NATIVE_BYTES) throw new Failure('NOT_ACCEPTABLE');
    const isBytes = result.fragmentLengths !== undefined || bitsOf(parsed) <= 8;
    const vr = isExplicit(target) && isBytes ? 'OB' : 'OW';
    const content = result.fragmentLengths === undefined ? { length: spool.length } : { fragmentLengths: result.fragmentLengths };
    const header = pixelDataHeader({ tag: parsed.pixelData?.tag ?? '', vr, isExplicit: isExplicit(target) }, content);
    return outgoing(source, file, { header, content: spool, sizeBytes: spool.length }, target);
  } catch (error) {
    await spool.discard();
    throw error;
  }
}

const rewrite = (source: FileSource, target: string, replacements: Replacements): Promise<ReencodedFile> =>
  source.run(
    reencodePart10(source.sizeBytes, {
      transferSyntaxUid: target,
      isExplicit: isExplicit(target),
      replacements,
      implementation: IMPLEMENTATION,
    }),
  );

/**
 * A stored file as the index has it, in another transfer syntax (PS3.18 10.4.4, PS3.5 annex A). Every frame is made before this returns, so that
 * one that can't be spoils no answer. Fails with FRAME_UNREADABLE, NOT_ACCEPTABLE or UNPROCESSABLE, and as the store does.
 */
export async function transcodedFile(web: Dicomweb, entry: InstanceEntry, wanted: Wanted): Promise<OutgoingFile> {
  const { target, values } = wanted;
  const source = await openSource(web.objects, entry, values);
  const parsed = await source.run(part10Reader(source.sizeBytes));
  if (parsed.pixelData === undefined) return outgoing(source, await rewrite(source, target, new Map()), undefined, target);
  const table = await source.run(frameLocator(parsed, source.sizeBytes));
  if (!isNative(parsed.transferSyntaxUid) || !isNativeTarget(target))
    return withNewPixels(web, { source, parsed, table }, wanted);
  const file = await rewrite(source, target, new Map());
  return outgoing(source, file, kept(file, parsed, table, target), target);
}
