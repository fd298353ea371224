import {
  type DicomJsonElement,
  type FrameTable,
  frameFormatOf,
  type ParsedInstance,
  pixelDataHeader,
  TRANSFER_SYNTAXES,
} from '@negatoscope/dicom';
import type { IndexValues } from '../../../archive/coercion/index.ts';
import type { InstanceEntry } from '../../../archive/pixels/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { isNativeTarget } from '../../../platform/codecs/encodable.ts';
import { Spool } from '../../../platform/sending/spool.ts';
import type { FileWork } from '../service.ts';
import { lossyFacts, pixelFacts } from './file-facts.ts';
import { type FileSource, openSource, storedBytesOf } from './file-source.ts';
import { headerBytes, sourceBytes } from './packed-bytes.ts';
import { isExplicit, type Rewritten } from './rewritten.ts';
import { spoolPixels } from './transcoded-pixels.ts';

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

/** Pixel Data of the result: made anew, or a run of the source, whose words may have to be turned round. */
interface Pixels {
  readonly header: Uint8Array;
  readonly content: Spool | { readonly offset: number; readonly length: number; readonly swapWordBytes: number };
}

type Facts = Record<string, DicomJsonElement | undefined>;

const isNative = (uid: string): boolean => TRANSFER_SYNTAXES.get(uid)?.isEncapsulated !== true;

/** VR of native pixels (PS3.5 8.2, A.1, A.2): OB only where explicit and up to 8 bits; floats keep theirs. */
function nativeVr(stored: string, bitsAllocated: number, target: string): string {
  if (stored !== 'OB' && stored !== 'OW') return stored === 'UN' ? 'OW' : stored;
  return isExplicit(target) && bitsAllocated <= 8 ? stored : 'OW';
}

const bitsOf = ({ json, pixelData }: ParsedInstance): number => frameFormatOf(json, pixelData?.tag ?? '').bitsAllocated;

/** Native pixels that stay native: their bytes, words turned round where they were big endian. */
function kept({ pixelData }: Rewritten, parsed: ParsedInstance, table: FrameTable, target: string): Pixels | undefined {
  if (pixelData?.length === undefined) return undefined;
  const { tag, offset, length } = pixelData;
  const swapWordBytes = 'bigEndian' in table && table.bigEndian ? table.wordBytes : 1;
  const vr = nativeVr(pixelData.vr, bitsOf(parsed), target);
  const header = pixelDataHeader({ tag, vr, isExplicit: isExplicit(target) }, { length: length + (length % 2) });
  return { header, content: { offset, length, swapWordBytes } };
}

async function* contentOf(source: FileSource, { space }: Rewritten, { header, content }: Pixels): AsyncGenerator<Buffer> {
  yield Buffer.from(header);
  if (content instanceof Spool) yield* content.read();
  else {
    yield* sourceBytes(source, space, content);
    if (content.length % 2 === 1) yield Buffer.alloc(1);
  }
}

async function outgoing(
  web: FileWork,
  { source, file, pixels }: { source: FileSource; file: Rewritten; pixels?: Pixels | undefined },
  transferSyntaxUid: string,
): Promise<OutgoingFile> {
  const before = await headerBytes(web.scratch, file.pieces);
  const behind = await headerBytes(web.scratch, file.behind).catch(async (error: unknown) => {
    await before.discard();
    throw error;
  });
  const content = pixels?.content;
  async function* bytes(): AsyncGenerator<Buffer> {
    yield* before.bytes(source, file.space);
    if (pixels !== undefined) yield* contentOf(source, file, pixels);
    yield* behind.bytes(source, file.space);
  }
  const pixelBytes = pixels === undefined ? 0 : pixels.header.length + pixels.content.length + (pixels.content.length % 2);
  return {
    transferSyntaxUid,
    sizeBytes: file.pieces.sizeBytes + file.behind.sizeBytes + pixelBytes,
    bytes: bytes(),
    isApproximated: source.isApproximated,
    discard: async () => {
      for (const one of [before, behind, source]) await one.discard();
      if (content instanceof Spool) await content.discard();
    },
  };
}

/** Makes the frames, then the header that fits them. */
async function withNewPixels(
  web: FileWork,
  entry: InstanceEntry,
  { source, parsed, table }: { source: FileSource; parsed: ParsedInstance; table: FrameTable },
  { target, isGone }: Wanted,
): Promise<OutgoingFile> {
  const spool = new Spool(web.scratch);
  const frames = storedBytesOf(web, entry);
  try {
    const result = await spoolPixels({ frames, parsed, table, target, codecs: web.codecs, spool, isGone });
    const change = { from: parsed.transferSyntaxUid, to: target, ratio: result.ratio };
    const color = result.photometricInterpretation;
    const facts: Facts = { ...pixelFacts(parsed.json, color), ...lossyFacts(parsed.json, change) };
    const file = await source.rewrite({ target, facts, isRecoded: true });
    if (result.fragmentLengths === undefined && spool.length > MAX_NATIVE_BYTES) throw new Failure('NOT_ACCEPTABLE');
    const isBytes = result.fragmentLengths !== undefined || bitsOf(parsed) <= 8;
    const vr = isExplicit(target) && isBytes ? 'OB' : 'OW';
    const content = result.fragmentLengths === undefined ? { length: spool.length } : { fragmentLengths: result.fragmentLengths };
    const header = pixelDataHeader({ tag: parsed.pixelData?.tag ?? '', vr, isExplicit: isExplicit(target) }, content);
    return await outgoing(web, { source, file, pixels: { header, content: spool } }, target);
  } catch (error) {
    await spool.discard();
    throw error;
  } finally {
    await frames.discard();
  }
}

/**
 * A stored file as the index has it, in another transfer syntax (PS3.18 10.4.4, PS3.5 annex A). Every frame is made before this returns, so that
 * one that can't be spoils no answer. Fails with FRAME_UNREADABLE, NOT_ACCEPTABLE or UNPROCESSABLE, and as the store does.
 */
export async function transcodedFile(web: FileWork, entry: InstanceEntry, wanted: Wanted): Promise<OutgoingFile> {
  const { target, values } = wanted;
  const source = await openSource(web, entry, values);
  try {
    // What the index changes has nothing to do with pixels: they are read where they are stored.
    const parsed = await web.locator.header(entry);
    if (parsed.pixelData === undefined)
      return await outgoing(web, { source, file: await source.rewrite({ target, facts: {}, isRecoded: false }) }, target);
    const table = await web.locator.frameTable(entry);
    if (!isNative(parsed.transferSyntaxUid) || !isNativeTarget(target))
      return await withNewPixels(web, entry, { source, parsed, table }, wanted);
    const file = await source.rewrite({ target, facts: {}, isRecoded: false });
    return await outgoing(web, { source, file, pixels: kept(file, parsed, table, target) }, target);
  } catch (error) {
    await source.discard();
    throw error;
  }
}
