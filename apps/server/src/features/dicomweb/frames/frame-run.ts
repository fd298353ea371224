import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { ObjectStore } from '../../../platform/objects/store/index.ts';
import { atClose } from '../../../platform/sending/at-close.ts';
import type { BodyPool } from './body-pool.ts';

const PIECE_BYTES = 128 * 1024;

/** A frame that is one run of stored bytes: these and what stands before and after them in the answer. */
export interface Run {
  readonly contentType: string;
  readonly offset: number;
  readonly length: number;
  readonly head: Buffer;
  readonly end: Buffer;
}

export const lengthOf = ({ head, length, end }: Run): number => head.length + length + end.length;

/** From the disk straight into the answer, between the two ends of the envelope. */
export async function fillBody(
  objects: ObjectStore,
  id: string,
  { head, end, offset, length }: Run,
  body: Buffer,
): Promise<Buffer> {
  head.copy(body);
  end.copy(body, head.length + length);
  await objects.readInto(id, offset, body.subarray(head.length, head.length + length));
  return body;
}

async function* pieces(objects: ObjectStore, id: string, { head, end, offset, length }: Run): AsyncGenerator<Buffer> {
  yield head;
  for (let at = 0; at < length; at += PIECE_BYTES) yield await objects.read(id, offset + at, Math.min(PIECE_BYTES, length - at));
  yield end;
}

/** Sends a run that is not kept: from memory that is used again, or piece by piece when too much of it waits for slow readers. */
export async function sendRun(
  objects: ObjectStore,
  pool: BodyPool,
  reply: FastifyReply,
  { id, run }: { id: string; run: Run },
): Promise<FastifyReply> {
  void reply.header('content-type', run.contentType);
  const lease = pool.take(lengthOf(run));
  if (lease === undefined)
    return reply
      .header('content-length', lengthOf(run))
      .send(Readable.from(pieces(objects, id, run), { objectMode: false, highWaterMark: PIECE_BYTES }));
  try {
    await fillBody(objects, id, run, lease.bytes);
  } catch (error) {
    lease.end(true);
    throw error;
  }
  // "finish" comes when the system has taken every byte; a connection that breaks has only "close", and its memory is left to be collected.
  reply.raw.once('finish', () => lease.end(true));
  atClose(reply.raw, () => lease.end(false));
  return reply.send(lease.bytes);
}
