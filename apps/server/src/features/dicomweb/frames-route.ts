import { frameRanges } from '@negatoscope/dicom';
import type { RawHandler } from '../../kernel/router.ts';
import { acceptedRanges } from './accept.ts';
import { type FrameType, negotiateFrames, parseFrameList, readFrames } from './frames.ts';
import { Lru } from './lru.ts';
import { instanceOf, notModified, paramsOf, searchOf } from './request.ts';
import { multipartBody, newBoundary, partHead, partsEnd } from './retrieve.ts';
import type { InstanceEntry } from './series-table.ts';
import type { Dicomweb } from './service.ts';
import { transcodeFrames } from './transcode.ts';

/** Frames as negotiated; `frames` count from 0. */
export async function framesAs(
  web: Dicomweb,
  entry: InstanceEntry,
  type: FrameType,
  frames: readonly number[],
): Promise<Buffer[]> {
  if (type.isDecoded) return transcodeFrames(web, entry, frames);
  return readFrames(web.objects, entry, await web.locator.frameTable(entry), frames, () => web.locator.datasetOffset(entry));
}

export const frameContentType = (type: FrameType): string => `${type.mediaType}; transfer-syntax=${type.transferSyntaxUid}`;

/** An answer that is ready to be sent again: objects never change, so neither does it. */
interface FramesBody {
  readonly contentType: string;
  readonly body: Buffer;
}

/** Bytes of answers that are kept for the next reader of the same frames. */
const HOT_BYTES = 128 * 1024 * 1024;
const MAX_HOT_BODY_BYTES = 8 * 1024 * 1024;
const ABOUT_A_KEY = 500;

/** A frame that is one run of stored bytes goes from the disk straight into its answer, between the two ends of the envelope. */
async function directBody(web: Dicomweb, entry: InstanceEntry, type: FrameType, frame: number): Promise<FramesBody | undefined> {
  const table = await web.locator.frameTable(entry);
  if (type.isDecoded || table.space !== 'file' || table.kind === 'packed-bits') return undefined;
  if (table.kind === 'native' && table.bigEndian) return undefined;
  const ranges = frameRanges(table, frame);
  const [range] = ranges ?? [];
  if (range === undefined || ranges?.length !== 1) return undefined;
  const boundary = newBoundary();
  const head = type.multipart ? partHead(boundary, [`Content-Type: ${frameContentType(type)}`]) : Buffer.alloc(0);
  const end = type.multipart ? partsEnd(boundary) : Buffer.alloc(0);
  const body = Buffer.allocUnsafeSlow(head.length + range.length + end.length);
  head.copy(body);
  end.copy(body, head.length + range.length);
  await web.objects.readInto(entry.id, range.offset, body.subarray(head.length, head.length + range.length));
  return { body, contentType: type.multipart ? multipartType(type, boundary) : frameContentType(type) };
}

const multipartType = (type: FrameType, boundary: string): string =>
  `multipart/related; type="${type.mediaType}"; boundary=${boundary}`;

async function makeBody(web: Dicomweb, entry: InstanceEntry, type: FrameType, frames: readonly number[]): Promise<FramesBody> {
  const [first] = frames;
  const direct = frames.length === 1 && first !== undefined ? await directBody(web, entry, type, first) : undefined;
  if (direct !== undefined) return direct;
  const bodies = await framesAs(web, entry, type, frames);
  const [only] = bodies;
  if (!type.multipart && bodies.length === 1 && only !== undefined) return { body: only, contentType: frameContentType(type) };
  const boundary = newBoundary();
  const parts = bodies.map((body) => ({ headers: [`Content-Type: ${frameContentType(type)}`], body }));
  return { body: multipartBody(parts, boundary), contentType: multipartType(type, boundary) };
}

/** Frames of one instance (PS3.18 10.4.1.1.6). */
export const framesHandler = (web: Dicomweb): RawHandler => {
  const hot = new Lru<FramesBody>(HOT_BYTES);
  return async ({ actor, request, reply }) => {
    const params = paramsOf(request);
    const entry = await instanceOf(web, actor, params, 'frames');
    const table = await web.locator.frameTable(entry);
    const list = parseFrameList(params.frames ?? '', table.count);
    const type = negotiateFrames(acceptedRanges(request, searchOf(request)), entry);
    const form = `${type.mediaType}${type.isDecoded ? '-decoded' : ''}${type.multipart ? '-parts' : ''}`;
    const key = `${entry.id}-${params.frames}-${form}`;
    void reply.header('vary', 'accept');
    if (notModified(request, reply, `"${key}"`)) return reply.code(304).send();
    let answer = hot.get(key);
    if (answer === undefined) {
      answer = await makeBody(web, entry, type, list);
      if (answer.body.length <= MAX_HOT_BODY_BYTES) hot.set(key, answer, answer.body.length + key.length + ABOUT_A_KEY);
    }
    return reply.header('content-type', answer.contentType).send(answer.body);
  };
};
