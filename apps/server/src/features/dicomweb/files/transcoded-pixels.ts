import {
  type DecodedFrame,
  decodedBytes,
  type EncodedFrame,
  type FrameTable,
  fragmentHeader,
  fragmentsEnd,
  frameFormatOf,
  type ParsedInstance,
} from '@negatoscope/dicom';
import { frameMemory, readFrame } from '../../../archive/pixels/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { isNativeTarget } from '../../../platform/codecs/encodable.ts';
import type { EncodedPicture } from '../../../platform/codecs/messages.ts';
import type { CodecPool } from '../../../platform/codecs/pool.ts';
import { workMemory } from '../../../platform/sending/byte-budget.ts';
import type { Spool } from '../../../platform/sending/spool.ts';
import { BitLog } from './bit-log.ts';
import type { FileBytes } from './file-source.ts';

/** Frames that are at work together, and the part of the process's memory for such work that more than one of them may take. */
const AT_ONCE = 4;
const SHARE = 4;

export interface PixelWork {
  /** Where `table` says that the frames are. */
  readonly frames: FileBytes;
  readonly parsed: ParsedInstance;
  readonly table: FrameTable;
  readonly target: string;
  readonly codecs: CodecPool;
  readonly spool: Spool;
  /** Whether nobody waits any more. */
  readonly isGone: () => boolean;
}

export interface PixelResult {
  readonly photometricInterpretation: string;
  /** Lengths of the fragments; undefined when the result is native. */
  readonly fragmentLengths: readonly number[] | undefined;
  /** Uncompressed to compressed bytes. */
  readonly ratio: number;
}

async function storedFrame({ frames, table }: PixelWork, index: number): Promise<Buffer> {
  const bytes = await readFrame((offset, length) => frames.read(table.space, offset, length), table, index);
  if (bytes === undefined) throw new Failure('FRAME_UNREADABLE');
  return bytes;
}

/** Makes every frame, some at a time, and takes the results in order. */
async function eachFrame<T>(
  work: PixelWork,
  make: (frame: EncodedFrame) => Promise<T>,
  take: (result: T) => Promise<void>,
): Promise<void> {
  const { parsed, table } = work;
  const format = frameFormatOf(parsed.json, parsed.pixelData?.tag ?? '');
  const decoded = decodedBytes(format);
  for (let at = 0; at < table.count; ) {
    if (work.isGone()) throw new Failure('UNAVAILABLE', { detail: 'The client is gone.' });
    const { end, bytes } = nextFrames(table, at, decoded);
    const [first, last] = [at, end];
    await workMemory.use(bytes, async () => {
      const frames: EncodedFrame[] = [];
      for (let index = first; index < last; index += 1)
        frames.push({ ...format, transferSyntaxUid: parsed.transferSyntaxUid, bytes: await storedFrame(work, index) });
      for (const result of await Promise.all(frames.map(make))) await take(result);
    });
    at = end;
  }
}

/** The frames from `at` on that are made together, and the memory that they take: one at least. */
function nextFrames(table: FrameTable, at: number, decoded: number): { end: number; bytes: number } {
  let end = at + 1;
  let bytes = frameMemory(table, at, decoded);
  for (; end < Math.min(table.count, at + AT_ONCE); end += 1) {
    const more = frameMemory(table, end, decoded);
    if (bytes + more > workMemory.maxBytes / SHARE) break;
    bytes += more;
  }
  return { end, bytes };
}

/** All frames of an instance announce one colour space. */
class OneColor {
  #color: string | undefined;

  note(color: string): void {
    if (this.#color !== undefined && this.#color !== color) throw new Failure('FRAME_UNREADABLE');
    this.#color = color;
  }

  get found(): string {
    return this.#color ?? 'MONOCHROME2';
  }
}

async function decodeAll(work: PixelWork): Promise<PixelResult> {
  const { spool, codecs } = work;
  const color = new OneColor();
  const bits = new BitLog();
  const isPacked = jsonBits(work) === 1;
  const make = (frame: EncodedFrame): Promise<DecodedFrame> => codecs.decodeFrame(frame);
  await eachFrame(work, make, async (frame) => {
    color.note(frame.photometricInterpretation);
    await spool.write(isPacked ? bits.push(frame.pixels) : frame.pixels);
  });
  if (isPacked) await spool.write(bits.end());
  if (spool.length % 2 === 1) await spool.write(new Uint8Array(1));
  return { photometricInterpretation: color.found, fragmentLengths: undefined, ratio: 1 };
}

const jsonBits = ({ parsed }: PixelWork): number => frameFormatOf(parsed.json, parsed.pixelData?.tag ?? '').bitsAllocated;

async function encodeAll(work: PixelWork): Promise<PixelResult> {
  const { spool, codecs, target, parsed, table } = work;
  const color = new OneColor();
  const fragmentLengths: number[] = [];
  let compressed = 0;
  const make = (frame: EncodedFrame): Promise<EncodedPicture> => codecs.encodeFrame(frame, target);
  await eachFrame(work, make, async ({ bytes, photometricInterpretation }) => {
    color.note(photometricInterpretation);
    const padding = new Uint8Array(bytes.length % 2);
    const length = bytes.length + padding.length;
    fragmentLengths.push(length);
    compressed += bytes.length;
    for (const part of [fragmentHeader(length), bytes, padding]) await spool.write(part);
  });
  await spool.write(fragmentsEnd());
  const uncompressed = decodedBytes(frameFormatOf(parsed.json, parsed.pixelData?.tag ?? '')) * table.count;
  return { photometricInterpretation: color.found, fragmentLengths, ratio: uncompressed / Math.max(1, compressed) };
}

/**
 * Puts the frames of an instance into the spool as the value of Pixel Data in another transfer syntax: memory holds a few frames. Fails with
 * FRAME_UNREADABLE when one can't be decoded or is missing, with NOT_ACCEPTABLE when one can't be encoded.
 */
export async function spoolPixels(work: PixelWork): Promise<PixelResult> {
  const { table } = work;
  if (table.count === 0 || table.count !== table.announced) throw new Failure('FRAME_UNREADABLE');
  return isNativeTarget(work.target) ? decodeAll(work) : encodeAll(work);
}
