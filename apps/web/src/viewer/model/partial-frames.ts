import { DicomwebError, type FrameOptions, fetchFramePiece } from './dicomweb.ts';

/** A frame's form for slow lines, as far as it has come. */
export interface PartialFrame {
  readonly etag: string;
  /** Bytes of the whole. */
  readonly total: number;
  /** Bytes that are here, from the beginning. */
  length: number;
  /** Of these, as many as were made a picture. */
  drawnLength: number;
  chunks: Uint8Array[];
}

/** Beginnings of six thousand frames of a CT, and more: what came first is let go, and asked for again when it is wanted. */
const MAX_BYTES = 96 * 1024 * 1024;

const parts = new Map<string, PartialFrame>();
const busy = new Map<string, Promise<void>>();
let keptBytes = 0;

export const partOf = (url: string): PartialFrame | undefined => parts.get(url);

export function forgetPart(url: string): void {
  keptBytes -= parts.get(url)?.length ?? 0;
  parts.delete(url);
}

export function forgetParts(): void {
  parts.clear();
  keptBytes = 0;
}

/** All bytes that are here, in one piece. */
export function bytesOf(part: PartialFrame): Uint8Array {
  const bytes = new Uint8Array(part.length);
  let at = 0;
  for (const chunk of part.chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  part.chunks = [bytes];
  return bytes;
}

/** SHA-256 in base64url, as the server names what it has made. */
const DIGEST = /"([\w-]{43})"$/;

/**
 * Whether all bytes of a frame are those that the server has made and compared with what is stored: their validator is their hash. Where the address offers
 * no hashing (http, another machine) they are believed.
 */
export async function isIntact(part: PartialFrame): Promise<boolean> {
  const digest = DIGEST.exec(part.etag)?.[1];
  if (digest === undefined || globalThis.crypto?.subtle === undefined) return true;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytesOf(part))));
  const base64 = btoa(String.fromCharCode(...hash));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') === digest;
}

function append(url: string, part: PartialFrame, chunk: Uint8Array): void {
  // It may have been let go, or begun anew by another.
  if (parts.get(url) !== part) return;
  part.chunks.push(chunk);
  part.length += chunk.length;
  keptBytes += chunk.length;
  for (const oldest of parts.keys()) {
    if (keptBytes <= MAX_BYTES || oldest === url) break;
    forgetPart(oldest);
  }
}

/** The part that a piece goes on with: the known one, or a new one where it begins at the beginning. */
function continued(url: string, { from, total, etag }: { from: number; total: number; etag: string }): PartialFrame {
  const known = parts.get(url);
  if (known !== undefined && known.etag === etag && known.length === from) return known;
  forgetPart(url);
  if (from > 0) throw new DicomwebError('UNREADABLE');
  const part: PartialFrame = { etag, total, length: 0, drawnLength: 0, chunks: [] };
  parts.set(url, part);
  return part;
}

export interface MoreOptions extends Pick<FrameOptions, 'signal' | 'isUrgent'> {
  /** Some more bytes are here. */
  readonly onGrown?: (part: PartialFrame) => void;
}

async function fetchNow(url: string, end: number | undefined, { onGrown, ...options }: MoreOptions): Promise<void> {
  const known = parts.get(url);
  const piece = await fetchFramePiece(url, { from: known?.length ?? 0, end, etag: known?.etag }, options);
  const part = continued(url, piece);
  const reader = piece.body.getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) {
      append(url, part, step.value);
      onGrown?.(part);
    }
  } catch (cause) {
    if (options.signal?.aborted === true) throw cause;
    throw new DicomwebError('NETWORK', undefined, cause);
  }
  if (part.length < Math.min(end ?? part.total, piece.end)) throw new DicomwebError('TRUNCATED');
}

/**
 * Fetches a frame's bytes from what is here on, up to before `end` or to the last; less where only its beginning was sent ahead. What has come when it is aborted stays. Whoever asks while some are on
 * their way waits for these and asks then for what is missing.
 */
export async function fetchMore(url: string, end: number | undefined, options: MoreOptions = {}): Promise<void> {
  for (let other = busy.get(url); other !== undefined; other = busy.get(url)) await other.catch(() => undefined);
  options.signal?.throwIfAborted();
  const length = parts.get(url)?.length ?? 0;
  if (end !== undefined && length >= Math.min(end, parts.get(url)?.total ?? end)) return;
  const work = fetchNow(url, end, options);
  busy.set(url, work);
  await work.finally(() => busy.delete(url));
}
