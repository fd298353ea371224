import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Scratch } from '../../platform/objects/scratch/index.ts';
import { atClose } from '../../platform/sending/at-close.ts';
import { type HeldBytes, holdBytes } from '../../platform/sending/held-bytes.ts';
import { newBoundary, partHead, partsEnd } from './multipart-answer.ts';

/** Parts that are made before the reader has come to them. */
const AHEAD = 2;

/** Bodies that are made one after the other while they are sent: memory has some of them, whatever their number. */
export interface MadeParts<T> {
  readonly items: readonly T[];
  readonly make: (item: T) => Promise<Buffer>;
  /** Content-Type of each. */
  readonly contentType: string;
  /** The media type of the parts in the answer's own Content-Type; undefined sends the one body without an envelope. */
  readonly relatedType: string | undefined;
}

async function* made<T>(scratch: Pick<Scratch, 'create'>, { items, make }: MadeParts<T>): AsyncGenerator<HeldBytes> {
  const rest = items[Symbol.iterator]();
  const begun: Promise<HeldBytes>[] = [];
  const begin = (): void => {
    const next = rest.next();
    if (next.done === true) return;
    const held = make(next.value).then((bytes) => holdBytes(scratch, bytes));
    // It is awaited in its turn, or when the client has gone.
    held.catch(() => undefined);
    begun.push(held);
  };
  try {
    for (let count = 0; count < AHEAD; count += 1) begin();
    for (let front = begun[0]; front !== undefined; front = begun[0]) {
      const held = await front;
      yield held;
      await held.end();
      begun.shift();
      begin();
    }
  } finally {
    for (const one of begun) await one.then((held) => held.end()).catch(() => undefined);
  }
}

/** One body without an envelope: most pictures that are asked for are such, and an iterator over one costs more than sending it. */
async function sendOne(
  scratch: Pick<Scratch, 'create'>,
  reply: FastifyReply,
  bytes: Buffer,
  contentType: string,
): Promise<FastifyReply> {
  const held = await holdBytes(scratch, bytes);
  atClose(reply.raw, () => void held.end());
  // A picture in memory in one write: a stream for it costs more than the answer.
  const body = held.whole ?? Readable.from(held.pieces(), { objectMode: false });
  return reply.header('content-type', contentType).header('content-length', held.length).send(body);
}

/**
 * Sends bodies as they are made. The first one is made before the answer begins, so that its failure has a status; a later failure breaks the
 * connection. Fails as `make` does.
 */
export async function sendMade<T>(
  scratch: Pick<Scratch, 'create'>,
  reply: FastifyReply,
  parts: MadeParts<T>,
): Promise<FastifyReply> {
  const { contentType, relatedType, items } = parts;
  const [only] = items;
  if (relatedType === undefined && only !== undefined) return sendOne(scratch, reply, await parts.make(only), contentType);
  const bodies = made(scratch, parts);
  const first = await bodies.next();
  atClose(reply.raw, () => void bodies.return(undefined));
  if (first.done === true) return reply.send('');
  const one = first.value;
  const boundary = newBoundary();
  const head = partHead(boundary, [`Content-Type: ${contentType}`]);
  async function* all(): AsyncGenerator<Buffer> {
    yield head;
    yield* one.pieces();
    for await (const held of bodies) {
      yield head;
      yield* held.pieces();
    }
    yield partsEnd(boundary);
  }
  return reply
    .header('content-type', `multipart/related; type="${relatedType}"; boundary=${boundary}`)
    .send(Readable.from(all(), { objectMode: false }));
}
