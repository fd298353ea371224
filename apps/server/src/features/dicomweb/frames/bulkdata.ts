import { Readable } from 'node:stream';
import type { BulkDataRef } from '@negatoscope/dicom';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../../../kernel/failure.ts';
import type { ObjectStore } from '../../../platform/objects/store/index.ts';

export interface BulkRange {
  readonly start: number;
  /** One past the last byte. */
  readonly end: number;
  readonly bigEndianWordBytes: number | undefined;
  /** The range is one of the inflated dataset. */
  readonly isInflated: boolean;
}

/** A value's place in the object as the metadata names it: `<offset>-<length>[-be<word bytes>][-inflated]`. */
export function bulkReference({ offset, length, bigEndian, wordBytes, space }: BulkDataRef): string {
  return `${offset}-${length}${bigEndian && wordBytes > 1 ? `-be${wordBytes}` : ''}${space === 'inflated' ? '-inflated' : ''}`;
}

export const bulkRange = ({ offset, length = 0, bigEndian, wordBytes, space }: BulkDataRef): BulkRange => ({
  start: offset,
  end: offset + length,
  bigEndianWordBytes: bigEndian && wordBytes > 1 ? wordBytes : undefined,
  isInflated: space === 'inflated',
});

/** The value that a reference names. Fails with NOT_FOUND for any other run of the object: only values of the dataset are bulk data. */
export function findBulk(bulkData: readonly BulkDataRef[], reference: string): BulkRange {
  const found = bulkData.find((ref) => ref.length !== undefined && bulkReference(ref) === reference);
  if (found === undefined) throw notFound();
  return bulkRange(found);
}

/** The last bytes: none of them can't be given, and of nothing all is given (RFC 9110 14.1.2). */
function lastBytes(count: number, length: number): { start: number; end: number } | undefined | 'unsatisfiable' {
  if (count === 0) return 'unsatisfiable';
  return length === 0 ? undefined : { start: Math.max(0, length - count), end: length };
}

/** `bytes=a-b`, `bytes=a-`, `bytes=-n` of RFC 9110 14.2, one range only; undefined when the header is absent or of another unit. */
export function parseByteRange(
  header: string | undefined,
  length: number,
): { start: number; end: number } | undefined | 'unsatisfiable' {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null || (match[1] === '' && match[2] === '')) return undefined;
  if (match[1] === '') return lastBytes(Number(match[2]), length);
  const start = Number(match[1]);
  const end = match[2] === '' ? length : Math.min(length, Number(match[2]) + 1);
  return start >= end ? 'unsatisfiable' : { start, end };
}

/**
 * The range that counts: none when it is asked of another representation than the one that is sent (RFC 9110 13.1.5), of which the answer's entity tag tells.
 * A weak tag is no proof, nor is a date: nothing here has one. Without a tag of its own an answer is always another one.
 */
function wantedRange({ headers }: FastifyRequest, reply: FastifyReply): string | undefined {
  const condition = headers['if-range'];
  if (condition === undefined) return headers.range;
  const own = String(reply.getHeader('etag') ?? '');
  return own.startsWith('"') && condition === own ? headers.range : undefined;
}

/**
 * Begins the answer, whose entity tag is set, with the bytes of `length` that a Range header asks for, all of them without one: the status and Content-Range
 * (RFC 9110 14.4, 15.3.7). Gives which they are; undefined when none of them is there, and the answer is 416 (15.5.17), to be sent without a body.
 */
export function beginRange(
  request: FastifyRequest,
  reply: FastifyReply,
  length: number,
): { start: number; end: number } | undefined {
  const wanted = parseByteRange(wantedRange(request, reply), length);
  if (wanted === 'unsatisfiable') {
    void reply.code(416).header('content-range', `bytes */${length}`);
    return undefined;
  }
  if (wanted !== undefined) void reply.code(206).header('content-range', `bytes ${wanted.start}-${wanted.end - 1}/${length}`);
  return wanted ?? { start: 0, end: length };
}

/** A run of bytes in an object. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** Of runs that are read one after the other, what stands from `start` to before `end`. */
export function within(places: readonly Place[], start: number, end: number): Place[] {
  let at = 0;
  return places.flatMap(({ offset, length }) => {
    const [from, to] = [Math.max(start, at), Math.min(end, at + length)];
    const found = from < to ? [{ offset: offset + from - at, length: to - from }] : [];
    at += length;
    return found;
  });
}

async function* bytesOf(objects: ObjectStore, id: string, places: readonly Place[]): AsyncGenerator<Uint8Array> {
  for (const { offset, length } of places) yield* objects.stream(id, { start: offset, end: offset + length - 1 });
}

/** Stored bytes as the body of an answer, or the one range of them that is asked for (RFC 9110 14.2), read from where it begins. */
export function sendStored(
  request: FastifyRequest,
  reply: FastifyReply,
  objects: ObjectStore,
  id: string,
  places: readonly Place[],
): FastifyReply {
  const length = places.reduce((sum, place) => sum + place.length, 0);
  void reply.header('accept-ranges', 'bytes');
  const wanted = beginRange(request, reply, length);
  if (wanted === undefined) return reply.send();
  const { start, end } = wanted;
  if (start === end) return reply.send(Buffer.alloc(0));
  void reply.header('content-length', end - start);
  const wantedPlaces = within(places, start, end);
  const [first, ...others] = wantedPlaces;
  if (first === undefined || others.length > 0)
    return reply.send(Readable.from(bytesOf(objects, id, wantedPlaces), { objectMode: false }));
  return reply.send(objects.stream(id, { start: first.offset, end: first.offset + first.length - 1 }));
}
