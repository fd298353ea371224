import { createHash } from 'node:crypto';
import {
  type DicomJsonObject,
  decodedBytes,
  type FrameFormat,
  frameFormatOf,
  jsonString,
  TRANSFER_SYNTAXES,
} from '@negatoscope/dicom';
import { Failure } from '../../kernel/failure.ts';
import { encodedPhotometric, HTJ2K_RPCL } from '../../platform/codecs/encodable.ts';
import { asFailure, imageHeader, type PixelSource, recodeFrame } from './decoded-frames.ts';
import { withFrameMemory } from './frame-memory.ts';
import { MadeOnce } from './made-once.ts';
import type { InstanceEntry } from './series-table.ts';

/** A stored frame in a form of which every beginning is a picture; what is stored stays as it is. */
export interface ProgressiveFrame {
  /** HTJ2K without loss, the lowest resolution first (PS3.5 A.4.11). */
  readonly bytes: Buffer;
  /** SHA-256 of these bytes, base64url. */
  readonly digest: string;
  /** Bytes of the frame when it is decoded. */
  readonly decodedBytes: number;
}

/** Gives a frame, from 0. Fails with NOT_ACCEPTABLE for frames that have no such form, FRAME_UNREADABLE or UNPROCESSABLE. */
export type ProgressiveFrames = (entry: InstanceEntry, frame: number) => Promise<ProgressiveFrame>;

/** Of a process: several series on their way to slow lines. A frame costs its encoding again afterwards, which is less than its time on such a line. */
const CACHE_BYTES = 96 * 1024 * 1024;

/** Transfer syntaxes whose frames are larger than they need be: uncompressed, deflated, run lengths. */
const LARGE: ReadonlySet<string> = new Set(['1.2.840.10008.1.2.1.98', '1.2.840.10008.1.2.8.1', '1.2.840.10008.1.2.5']);

/** Whether frames that are stored so are worth the form: its beginnings come sooner than all of them. */
export const isStoredLarge = (transferSyntaxUid: string): boolean => {
  const syntax = TRANSFER_SYNTAXES.get(transferSyntaxUid);
  return syntax !== undefined && (!syntax.isEncapsulated || LARGE.has(transferSyntaxUid));
};

/** Whether a frame of these attributes gets the form: grey, and neither compressed already nor with loss at any time (PS3.3 C.7.6.1.1.5). */
export function canBeProgressive(json: DicomJsonObject, format: FrameFormat, transferSyntaxUid: string): boolean {
  const isLossy = TRANSFER_SYNTAXES.get(transferSyntaxUid)?.isLossy === true || jsonString(json, '00282110') === '01';
  const isGrey = format.samplesPerPixel === 1 && /^MONOCHROME[12]$/.test(format.photometricInterpretation);
  return isStoredLarge(transferSyntaxUid) && !isLossy && isGrey && encodedPhotometric(format, HTJ2K_RPCL) !== undefined;
}

/** In a codec thread, which decodes its work again and compares it before it gives it. */
async function make(source: PixelSource, entry: InstanceEntry, frame: number): Promise<ProgressiveFrame> {
  const { header, pixelTag } = await imageHeader(source, entry);
  const format = frameFormatOf(header.json, pixelTag);
  if (!canBeProgressive(header.json, format, header.transferSyntaxUid)) throw new Failure('NOT_ACCEPTABLE');
  const bytes = await withFrameMemory(source, entry, { frame, isDecoded: true }, () =>
    recodeFrame(source, entry, frame, HTJ2K_RPCL),
  ).catch((error: unknown) => {
    throw asFailure(error);
  });
  return { bytes, digest: createHash('sha256').update(bytes).digest('base64url'), decodedBytes: decodedBytes(format) };
}

/** Makes each frame once while it is in demand: what is being made is waited for, what was made is kept for a while, in memory only. */
export function createProgressiveFrames(source: PixelSource): ProgressiveFrames {
  const frames = new MadeOnce<ProgressiveFrame>(CACHE_BYTES, ({ bytes }) => bytes.length);
  return (entry, frame) => frames.get(`${entry.key}-${frame}`, () => make(source, entry, frame));
}
