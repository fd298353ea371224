import { type DecodedFrame, frameFormatOf, PixelError, pixelTagOf, TRANSFER_SYNTAXES } from '@negatoscope/dicom';
import { DicomwebError, type FrameBytes, fetchFrame } from '../model/dicomweb.ts';
import { canServerDecode, DECODED_SYNTAX, isNative } from '../model/stored-frame.ts';
import type { FrameModel } from '../model/study-model.ts';
import { takeFrame } from '../model/study-source.ts';
import { decoderPool } from './decoding/decoder-pool.ts';
import { preparePlan } from './frame-plans.ts';
import { frameStore } from './frame-store.ts';

interface Loading {
  readonly done: Promise<void>;
  readonly abort: AbortController;
  /** Whether the reader asked for it; what is fetched ahead of the reader stands back. */
  isAsked: boolean;
}

const loading = new Map<string, Loading>();

const frameUrlOf = (frame: FrameModel): string => frame.imageId.slice('wadors:'.length);

function decode(frame: FrameModel, { bytes, transferSyntaxUid }: FrameBytes, entry: Loading): Promise<DecodedFrame> {
  const format = frameFormatOf(frame.dataset, pixelTagOf(frame.dataset));
  return decoderPool().decode({ ...format, bytes, transferSyntaxUid }, () => entry.isAsked, entry.abort.signal);
}

const isUndecodable = (error: unknown): boolean => error instanceof DicomwebError && error.code === 'UNDECODABLE';

/** What the page can't decode is asked for again, decoded by the server. */
function decodeAny(frame: FrameModel, stored: FrameBytes, entry: Loading): Promise<DecodedFrame> {
  return decode(frame, stored, entry).catch(async (error: unknown) => {
    if (!isUndecodable(error) || isNative(stored.transferSyntaxUid) || !canServerDecode(frame.dataset)) throw error;
    const options = { signal: entry.abort.signal, isUrgent: entry.isAsked, transferSyntaxUid: DECODED_SYNTAX };
    return fetchFrame(frameUrlOf(frame), options)
      .then((decoded) => decode(frame, decoded, entry))
      .catch(() => {
        throw error;
      });
  });
}

async function load(frame: FrameModel, entry: Loading): Promise<void> {
  const stored = await takeFrame(frameUrlOf(frame), { signal: entry.abort.signal, isUrgent: entry.isAsked });
  const syntax = TRANSFER_SYNTAXES.get(stored.transferSyntaxUid);
  const made = Promise.all([decodeAny(frame, stored, entry), preparePlan(frame, syntax?.isLossy === true)]);
  const [decoded] = await made.catch((error: unknown) => {
    throw error instanceof PixelError ? new DicomwebError('UNDECODABLE', undefined, error) : error;
  });
  frameStore.put(frame.imageId, decoded);
}

export const isFrameLoaded = (imageId: string): boolean => frameStore.has(imageId);

/** Loads a frame and its plan; callers that want one that is on its way share it. Rejects with a DicomwebError or an abort. */
export function loadFrame(frame: FrameModel, isAsked: boolean): Promise<void> {
  const { imageId } = frame;
  if (frameStore.has(imageId)) return Promise.resolve();
  const known = loading.get(imageId);
  if (known !== undefined && !known.abort.signal.aborted) {
    known.isAsked ||= isAsked;
    return known.done;
  }
  const abort = new AbortController();
  const entry: Loading = { done: Promise.resolve().then(() => load(frame, entry)), abort, isAsked };
  loading.set(imageId, entry);
  const forget = (): void => {
    if (loading.get(imageId) === entry) loading.delete(imageId);
  };
  entry.done.then(forget, forget);
  return entry.done;
}

/** The reader now asks for a frame that may be on its way already. */
export function promoteFrame(imageId: string): void {
  const entry = loading.get(imageId);
  if (entry !== undefined) entry.isAsked = true;
}

/** Aborts a frame that is on its way; nothing happens otherwise. */
export function cancelFrame(imageId: string): void {
  loading.get(imageId)?.abort.abort();
}
