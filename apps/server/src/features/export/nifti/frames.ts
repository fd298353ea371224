import {
  type DecodedFrame,
  type EncodedFrame,
  finishFrameRead,
  frameFormatOf,
  locateFrames,
  NiftiRefusal,
  parsePart10,
  planFrameRead,
} from '@negatoscope/dicom';
import type { DeidentifiedFile } from '../../../archive/deidentified/index.ts';
import { Failure } from '../../../kernel/failure.ts';

export type DecodeFrame = (frame: EncodedFrame) => Promise<DecodedFrame>;

/** One file is held in memory while its frames are read. */
const MOST_BYTES = 512 * 1024 * 1024;

/** The frames of a file that is without identity. */
export interface OpenFrames {
  readonly count: number;
  /** Fails with NiftiRefusal (PIXELS_DAMAGED). */
  read(frame: number): Promise<DecodedFrame>;
}

async function wholeOf({ bytes, sizeBytes, discard }: DeidentifiedFile): Promise<Buffer> {
  try {
    if (sizeBytes > MOST_BYTES) throw new NiftiRefusal('TOO_LARGE', sizeBytes);
    const pieces: Buffer[] = [];
    for await (const piece of bytes) pieces.push(piece);
    return Buffer.concat(pieces);
  } finally {
    await discard();
  }
}

/** Fails with NiftiRefusal (TOO_LARGE), and as the store does. */
export async function openFrames(file: DeidentifiedFile, decode: DecodeFrame): Promise<OpenFrames> {
  const bytes = await wholeOf(file);
  const parsed = parsePart10(bytes);
  const table = locateFrames(parsed, bytes);
  const format = frameFormatOf(parsed.json, parsed.pixelData?.tag ?? '7FE00010');
  const { transferSyntaxUid } = parsed;
  return {
    count: table.kind === 'none' ? 0 : table.count,
    read: async (frame) => {
      const read = planFrameRead(table, frame);
      if (read === undefined) throw new NiftiRefusal('PIXELS_DAMAGED');
      const stored = Buffer.concat(read.ranges.map(({ offset, length }) => bytes.subarray(offset, offset + length)));
      try {
        return await decode({ ...format, transferSyntaxUid, bytes: finishFrameRead(read, stored) });
      } catch (error) {
        if (error instanceof Failure && error.code === 'FRAME_UNREADABLE') throw new NiftiRefusal('PIXELS_DAMAGED');
        throw error;
      }
    },
  };
}
