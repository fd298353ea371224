import { type FrameTable, frameRanges, TRANSFER_SYNTAXES } from '@negatoscope/dicom';
import type { FastifyReply } from 'fastify';
import { type Actor, seesIdentity } from '../../../access/index.ts';
import type { ReaderHandler } from '../../../access/router.ts';
import {
  decodedFrame,
  decodedFrameBytes,
  encodedFrame,
  type InstanceEntry,
  type RequireUnnamed,
  recodeFrame,
  storedBytes,
  storedFrame,
  withFrameMemory,
} from '../../../archive/pixels/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { acceptedRanges, type MediaRange } from '../accept.ts';
import { sendMade } from '../made-parts.ts';
import { multipartBody, newBoundary, partHead, partsEnd } from '../multipart-answer.ts';
import { instanceOf, notModified, type Params, paramsOf, searchOf } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import { bareBytes, hasBareForm, isDeflatedFrame } from './bare.ts';
import { fillBody, lengthOf, type Run, sendRun } from './frame-run.ts';
import { encodableFrames, type FrameType, negotiateFrames, parseFrameList } from './frames.ts';
import { createCache, type FramesBody, type FramesCache, MAX_HOT_BODY_BYTES } from './hot-bodies.ts';

/** Which frame, from 0, and for who sees pseudonyms what looks it through for names: then what is compressed leaves bare as well, without what its writer put beside the pixels. */
export interface FrameWish {
  readonly frame: number;
  readonly requireUnnamed: RequireUnnamed | undefined;
}

/** What looks frames through that leave to this actor; undefined for who sees identities. */
export const unnamedFor = async (web: Dicomweb, actor: Actor, entry: InstanceEntry): Promise<RequireUnnamed | undefined> =>
  seesIdentity(actor) ? undefined : web.named.searchOf(entry);

/** Stored frames without a format of their own have nothing to leave out. */
const isEncapsulated = ({ transferSyntaxUid }: InstanceEntry): boolean =>
  TRANSFER_SYNTAXES.get(transferSyntaxUid)?.isEncapsulated !== false;

/** Whether stored frames leave bare. */
export const leavesBare = (actor: Actor, entry: InstanceEntry): boolean => !seesIdentity(actor) && isEncapsulated(entry);

/**
 * A frame as negotiated, made within the memory that the process has for such work. Fails with HELD_BACK where its bytes spell a name that who asks
 * does not see; what is compressed anew has nothing of the file's own bytes.
 */
export function frameAs(
  web: Dicomweb,
  entry: InstanceEntry,
  type: FrameType,
  { frame, requireUnnamed }: FrameWish,
): Promise<Buffer> {
  const leavesAsStored = !type.isDecoded && type.isEncoded !== true;
  const isBare = leavesAsStored && requireUnnamed !== undefined && isEncapsulated(entry);
  const isDecoded = !leavesAsStored || (isBare && isDeflatedFrame(entry.transferSyntaxUid));
  return withFrameMemory(web, entry, { frame, isDecoded }, async () => {
    if (type.isEncoded) return recodeFrame(web, entry, frame, type.transferSyntaxUid);
    if (isBare) {
      if (!hasBareForm(entry.transferSyntaxUid)) throw new Failure('NOT_ACCEPTABLE');
      return bareBytes(await encodedFrame(web, entry, frame), requireUnnamed);
    }
    const bytes = type.isDecoded ? await decodedFrame(web, entry, frame) : await storedFrame(web, entry, frame);
    await requireUnnamed?.(bytes, 'native');
    return bytes;
  });
}

/** About how many bytes an answer has. */
async function answerBytes(web: Dicomweb, entry: InstanceEntry, type: FrameType, frames: readonly number[]): Promise<number> {
  if (type.isDecoded || type.isEncoded) return frames.length * (await decodedFrameBytes(web, entry));
  const table = await web.locator.frameTable(entry);
  return frames.reduce((sum, frame) => sum + storedBytes(table, frame), 0);
}

export const frameContentType = (type: FrameType): string => `${type.mediaType}; transfer-syntax=${type.transferSyntaxUid}`;

const multipartType = (type: FrameType, boundary: string): string =>
  `multipart/related; type="${type.mediaType}"; boundary=${boundary}`;

const NOTHING = Buffer.alloc(0);
function runOf(table: FrameTable, type: FrameType, frames: readonly number[]): Run | undefined {
  const [frame] = frames;
  if (frames.length !== 1 || frame === undefined) return undefined;
  if (type.isDecoded || type.isEncoded || table.space !== 'file' || table.kind === 'packed-bits') return undefined;
  if (table.kind === 'native' && table.bigEndian) return undefined;
  const ranges = frameRanges(table, frame);
  const [range] = ranges ?? [];
  if (range === undefined || ranges?.length !== 1) return undefined;
  if (!type.multipart) return { ...range, contentType: frameContentType(type), head: NOTHING, end: NOTHING };
  const boundary = newBoundary();
  const head = partHead(boundary, [`Content-Type: ${frameContentType(type)}`]);
  return { ...range, contentType: multipartType(type, boundary), head, end: partsEnd(boundary) };
}

async function makeBody(web: Dicomweb, entry: InstanceEntry, type: FrameType, wishes: readonly FrameWish[]): Promise<FramesBody> {
  const bodies = await Promise.all(wishes.map((wish) => frameAs(web, entry, type, wish)));
  const [only] = bodies;
  if (!type.multipart && bodies.length === 1 && only !== undefined) return { body: only, contentType: frameContentType(type) };
  const boundary = newBoundary();
  const parts = bodies.map((body) => ({ headers: [`Content-Type: ${frameContentType(type)}`], body }));
  return { body: multipartBody(parts, boundary), contentType: multipartType(type, boundary) };
}

/** Frames of one instance as a request wants them. */
interface Wanted {
  readonly entry: InstanceEntry;
  readonly table: FrameTable;
  /** From 0. */
  readonly list: readonly number[];
  readonly type: FrameType;
  readonly requireUnnamed: RequireUnnamed | undefined;
  /** What is sent: the same for every request of the same. */
  readonly key: string;
}

/** Frames of one instance (PS3.18 10.4.1.1.6). */
export const framesHandler = (web: Dicomweb): ReaderHandler => {
  const cache = createCache();
  return async ({ actor, request, reply }) => {
    const wanted = await wantedOf(web, actor, paramsOf(request), acceptedRanges(request, searchOf(request)));
    void reply.header('vary', 'accept');
    if (notModified(request, reply, `"${wanted.key}"`)) return reply.code(304).send();
    const known = cache.get(wanted.key);
    return known === undefined ? sendNew(web, cache, wanted, reply) : sendBody(reply, known);
  };
};

async function wantedOf(web: Dicomweb, actor: Actor, params: Params, ranges: readonly MediaRange[]): Promise<Wanted> {
  const entry = await instanceOf(web, actor, params, 'frames');
  await web.heldBack.require(actor, entry);
  const requireUnnamed = await unnamedFor(web, actor, entry);
  const table = await web.locator.frameTable(entry);
  const list = parseFrameList(params.frames ?? '', table.count);
  const type = negotiateFrames(ranges, entry, await encodableFrames(web, entry, ranges));
  const work = type.isEncoded ? `-${type.transferSyntaxUid}` : type.isDecoded ? '-decoded' : '';
  const form = `${type.mediaType}${work}${type.multipart ? '-parts' : ''}${requireUnnamed === undefined ? '' : '-unnamed'}`;
  return { entry, table, list, type, requireUnnamed, key: `${entry.key}-${params.frames}-${form}` };
}

const AS_STORED: MediaRange = { type: 'application/octet-stream', multipart: false, transferSyntax: '*', q: 1 };

/** A frame of the path as it is stored, its use on record, without an envelope; undefined for one that is too long to be held. Fails as its route does. */
export async function wholeFrame(web: Dicomweb, actor: Actor, params: Params): Promise<FramesBody | undefined> {
  const { entry, list, type, requireUnnamed } = await wantedOf(web, actor, params, [AS_STORED]);
  const [frame = 0] = list;
  if ((await answerBytes(web, entry, type, [frame])) > MAX_HOT_BODY_BYTES) return undefined;
  return { body: await frameAs(web, entry, type, { frame, requireUnnamed }), contentType: frameContentType(type) };
}

/** What is not kept: bytes of the file as they are where they can be sent so, else what is made of them; kept when it is asked for again. */
async function sendNew(web: Dicomweb, cache: FramesCache, wanted: Wanted, reply: FastifyReply): Promise<FastifyReply> {
  const { entry, table, list, type, requireUnnamed, key } = wanted;
  const run = requireUnnamed === undefined ? runOf(table, type, list) : undefined;
  const wishes = list.map((frame): FrameWish => ({ frame, requireUnnamed }));
  if (run === undefined && (await answerBytes(web, entry, type, list)) > MAX_HOT_BODY_BYTES)
    return sendMade(web.scratch, reply, {
      items: wishes,
      make: (wish) => frameAs(web, entry, type, wish),
      contentType: frameContentType(type),
      relatedType: type.multipart || list.length > 1 ? type.mediaType : undefined,
    });
  const isWanted = cache.isWanted(key);
  if (run !== undefined && !(isWanted && lengthOf(run) <= MAX_HOT_BODY_BYTES))
    return sendRun(web.objects, cache.pool, reply, { id: entry.id, run });
  const answer = run === undefined ? await makeBody(web, entry, type, wishes) : await readBody(web, entry, run);
  cache.keep(key, answer);
  return sendBody(reply, answer);
}

const readBody = async (web: Dicomweb, entry: InstanceEntry, run: Run): Promise<FramesBody> => ({
  body: await fillBody(web.objects, entry.id, run, Buffer.allocUnsafeSlow(lengthOf(run))),
  contentType: run.contentType,
});

const sendBody = (reply: FastifyReply, { contentType, body }: FramesBody): FastifyReply =>
  reply.header('content-type', contentType).send(body);
