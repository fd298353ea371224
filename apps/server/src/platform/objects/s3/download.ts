import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { Failure } from '../../../kernel/failure.ts';
import { type ByteRange, ObjectUnreadable } from '../store/port.ts';
import type { Bucket } from './bucket.ts';
import { isPassing, objectFailureOf } from './failures.ts';

/** Fails with an ObjectUnreadable where it is missing. */
export async function sizeOf(bucket: Bucket, id: string): Promise<number> {
  const head = new HeadObjectCommand({ Bucket: bucket.name, Key: bucket.keyOf(id) });
  const answer = await bucket.retries
    .run(0, (abortSignal) => bucket.client.send(head, { abortSignal }))
    .catch((error: unknown) => {
      throw objectFailureOf(error);
    });
  return answer.ContentLength ?? 0;
}

/** Fills `target` with the bytes from `offset` on, all of them or it fails. An answer that breaks off is asked for again. */
export async function readInto(bucket: Bucket, id: string, offset: number, target: Buffer): Promise<void> {
  // A range has at least one byte.
  if (target.length === 0) {
    if (offset > (await sizeOf(bucket, id))) throw new ObjectUnreadable('SIZE');
    return;
  }
  const filled = await bucket.retries
    .run(target.length, (signal) => fillFrom(bucket, { id, start: offset, end: offset + target.length - 1 }, target, signal))
    .catch((error: unknown) => {
      throw objectFailureOf(error);
    });
  if (filled < target.length) throw new ObjectUnreadable('SIZE');
}

async function fillFrom(bucket: Bucket, of: ByteRange & { id: string }, target: Buffer, signal: AbortSignal): Promise<number> {
  const { body, length } = await open(bucket, of, signal);
  let filled = 0;
  for await (const chunk of body) {
    const taken = (chunk as Buffer).copy(target, filled);
    filled += taken;
    // More than was asked for is not ours to take, or to wait for.
    if (taken < (chunk as Buffer).length) break;
  }
  requireAll(filled, Math.min(length, target.length));
  return filled;
}

/** What broke off may pass; it has no status. */
function requireAll(got: number, announced: number): void {
  if (got < announced) throw Object.assign(new Error('The answer broke off.'), { name: 'BrokenOff' });
}

async function open(
  bucket: Bucket,
  { id, start, end }: ByteRange & { id: string },
  abortSignal: AbortSignal,
): Promise<{ body: Readable; length: number }> {
  const command = new GetObjectCommand({
    ...{ Bucket: bucket.name, Key: bucket.keyOf(id) },
    Range: end === Number.POSITIVE_INFINITY ? `bytes=${start}-` : `bytes=${start}-${end}`,
  });
  const { Body, ContentLength = 0, ContentRange } = await bucket.client.send(command, { abortSignal });
  const body = Body as Readable; // Of Node.js.
  // Bytes from elsewhere would be shown as those that were asked for: frames are read by ranges, and compared with nothing.
  if (ContentRange === undefined ? start > 0 : !ContentRange.startsWith(`bytes ${start}-`)) {
    body.destroy();
    throw new Failure('UNAVAILABLE', { detail: 'The object store gives other bytes than it is asked for.' });
  }
  return { body, length: ContentLength };
}

const IDLE_TRIES = 4;

/**
 * The bytes of a range as they come, no faster than they are taken; what breaks off goes on where it was. Ends early where who reads does. Fails with an
 * ObjectUnreadable when there are fewer than the range says.
 */
export async function* streamOf(bucket: Bucket, id: string, range: ByteRange | undefined): AsyncGenerator<Buffer> {
  const end = range?.end ?? Number.POSITIVE_INFINITY;
  let at = range?.start ?? 0;
  if (range === undefined && (await sizeOf(bucket, id)) === 0) return;
  const stop = new AbortController();
  try {
    for (let tries = 0; at <= end; tries += 1) {
      const from = at;
      try {
        const { body, length } = await bucket.retries.run(0, (signal) =>
          openUnderWay(bucket, { id, start: from, end }, signal, stop.signal),
        );
        for await (const chunk of body) {
          const piece = (chunk as Buffer).subarray(0, end - at + 1);
          at += piece.length;
          yield piece;
          if (at > end) break;
        }
        requireAll(at - from, Math.min(length, end - from + 1));
        break;
      } catch (error) {
        if (at > from) tries = 0;
        if (!isPassing(error) || tries >= IDLE_TRIES) throw objectFailureOf(error);
      }
    }
  } finally {
    stop.abort();
  }
  if (range !== undefined && at <= range.end) throw new ObjectUnreadable('SIZE');
}

/** The time of one try is for its headers: how long the bytes take is for who reads them. */
function openUnderWay(
  bucket: Bucket,
  of: ByteRange & { id: string },
  late: AbortSignal,
  stop: AbortSignal,
): Promise<{ body: Readable; length: number }> {
  const both = new AbortController();
  const end = (): void => both.abort();
  late.addEventListener('abort', end, { once: true });
  stop.addEventListener('abort', end, { once: true });
  return open(bucket, of, both.signal).finally(() => late.removeEventListener('abort', end));
}
