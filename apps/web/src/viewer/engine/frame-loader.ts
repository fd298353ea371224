import {
  beginningBytes,
  canServerDecode,
  type DecodedFrame,
  frameFormatOf,
  mayComeInParts,
  PixelError,
  pixelTagOf,
  TRANSFER_SYNTAXES,
} from '@negatoscope/dicom';
import { isAskedEarly } from '../../api/early-answer.ts';
import { DicomwebError, type FrameBytes, fetchFrame } from '../model/dicomweb.ts';
import { partsUrl } from '../model/frame-request.ts';
import { line } from '../model/line.ts';
import { bytesOf, fetchMore, forgetPart, isIntact, type PartialFrame, partOf } from '../model/partial-frames.ts';
import { DECODED_SYNTAX, isNative, PROGRESSIVE_SYNTAX } from '../model/stored-frame.ts';
import type { FrameModel } from '../model/study-model.ts';
import { isFetchedAhead, takeFrame } from '../model/study-source.ts';
import { decoderPool } from './decoding/decoder-pool.ts';
import { preparePlan } from './frame-plans.ts';
import { frameStore } from './frame-store.ts';

/** How much of a frame is wanted: a picture of it, or all of it. */
export type Goal = 'preview' | 'whole';

interface Loading {
  readonly done: Promise<void>;
  readonly abort: AbortController;
  /** Whether the reader asked for it; what is fetched ahead of the reader stands back. */
  isAsked: boolean;
  goal: Goal;
}

const loading = new Map<string, Loading>();

/** Series whose frames the server has in no form for slow lines: they are compressed as they are stored. */
const refused = new Set<string>();

const SCHEME = 'wadors:';
const frameUrlOf = (frame: FrameModel): string => frame.imageId.slice(SCHEME.length);
const seriesOf = (url: string): string => url.slice(0, url.indexOf('/instances/'));

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

/** Made of decoded pixels and the plan that shows them, which `isLossy` stored ones need to know of. */
async function withPlan(frame: FrameModel, decoding: Promise<DecodedFrame>, isLossy: boolean): Promise<DecodedFrame> {
  const [decoded] = await Promise.all([decoding, preparePlan(frame, isLossy)]).catch((error: unknown) => {
    throw error instanceof PixelError ? new DicomwebError('UNDECODABLE', undefined, error) : error;
  });
  return decoded;
}

async function loadAsStored(frame: FrameModel, entry: Loading): Promise<void> {
  const stored = await takeFrame(frameUrlOf(frame), { signal: entry.abort.signal, isUrgent: entry.isAsked });
  const syntax = TRANSFER_SYNTAXES.get(stored.transferSyntaxUid);
  frameStore.put(frame.imageId, await withPlan(frame, decodeAny(frame, stored, entry), syntax?.isLossy === true));
}

/** Each picture of a frame that is on its way has this many times the bytes of the one before. */
const NEXT_PICTURE = 3;

const decodePart = (frame: FrameModel, part: PartialFrame, entry: Loading): Promise<DecodedFrame> =>
  // Always at full resolution: the codec's reduced levels shift what they show (docs/decisions/0039-slow-lines.md).
  withPlan(frame, decode(frame, { bytes: bytesOf(part), transferSyntaxUid: PROGRESSIVE_SYNTAX }, entry), false);

/** A picture of what is here. What no picture can be made of yet is no failure: more is to come. */
async function drawPart(frame: FrameModel, part: PartialFrame, entry: Loading): Promise<void> {
  part.drawnLength = part.length;
  const preview = await decodePart(frame, part, entry).catch((error: unknown) => {
    if (isUndecodable(error)) return undefined;
    throw error;
  });
  if (preview !== undefined) frameStore.putPreview(frame.imageId, preview);
}

/** Loads a frame by its form for slow lines, from where it is; what the reader asked for is drawn while it comes. */
async function loadInParts(frame: FrameModel, entry: Loading): Promise<void> {
  const url = frameUrlOf(frame);
  const beginning = beginningBytes(frame.dataset);
  const isDue = ({ length, total, drawnLength }: PartialFrame): boolean =>
    length < total && length >= Math.max(beginning, NEXT_PICTURE * drawnLength);
  const onGrown = (part: PartialFrame): void => {
    const isWanted = entry.goal === 'whole' && (entry.isAsked || part.drawnLength === 0);
    if (isWanted && isDue(part)) drawPart(frame, part, entry).catch(() => undefined);
  };
  for (;;) {
    const part = partOf(url);
    if (part !== undefined && part.length === part.total) {
      if (!(await isIntact(part))) throw new DicomwebError('UNREADABLE');
      frameStore.put(frame.imageId, await decodePart(frame, part, entry));
      forgetPart(url);
      return;
    }
    if (part !== undefined && part.length >= beginning) {
      if (!frameStore.has(frame.imageId)) await drawPart(frame, part, entry);
      if (entry.goal === 'preview') return;
    }
    const options = { signal: entry.abort.signal, isUrgent: entry.isAsked, onGrown };
    await fetchMore(url, entry.goal === 'preview' ? beginning : undefined, options);
  }
}

const comesInParts = (frame: FrameModel): boolean => {
  const url = frameUrlOf(frame);
  if (refused.has(seriesOf(url)) || isFetchedAhead(url) || isAskedEarly(url)) return false;
  return isAskedEarly(partsUrl(url)) || partOf(url) !== undefined || (line().isSlow && mayComeInParts(frame.dataset));
};

/** What the server does not give in parts, or gives so that nothing can be made of it, is asked for as it is stored. */
async function load(frame: FrameModel, entry: Loading): Promise<void> {
  if (!comesInParts(frame)) return loadAsStored(frame, entry);
  try {
    await loadInParts(frame, entry);
  } catch (error) {
    if (!(error instanceof DicomwebError) || !['SERVER', 'UNREADABLE', 'UNDECODABLE', 'TRUNCATED'].includes(error.code))
      throw error;
    forgetPart(frameUrlOf(frame));
    if (error.status === 406) refused.add(seriesOf(frameUrlOf(frame)));
    await loadAsStored(frame, entry);
  }
}

export const isFrameLoaded = (imageId: string): boolean => frameStore.isWhole(imageId);

/**
 * Loads a frame, or a picture of it, and its plan; callers that want one that is on its way share it, and the one that wants most decides. Rejects with a
 * DicomwebError or an abort.
 */
export function loadFrame(frame: FrameModel, isAsked: boolean, goal: Goal = 'whole'): Promise<void> {
  const { imageId } = frame;
  if (goal === 'preview' ? frameStore.has(imageId) : isFrameLoaded(imageId)) return Promise.resolve();
  const known = loading.get(imageId);
  if (known !== undefined && !known.abort.signal.aborted) {
    known.isAsked ||= isAsked;
    if (goal === 'whole') known.goal = 'whole';
    return known.done;
  }
  const abort = new AbortController();
  const entry: Loading = { done: Promise.resolve().then(() => load(frame, entry)), abort, isAsked, goal };
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
  if (entry !== undefined) Object.assign(entry, { isAsked: true, goal: 'whole' } satisfies Partial<Loading>);
}

/** Aborts a frame that is on its way; nothing happens otherwise. What has come of its form for slow lines is kept. */
export function cancelFrame(imageId: string): void {
  loading.get(imageId)?.abort.abort();
}

/** Aborts and forgets a frame. */
export function forgetLoaded(imageId: string): void {
  cancelFrame(imageId);
  frameStore.remove(imageId);
  forgetPart(imageId.slice(SCHEME.length));
}
