import type { FastifyReply } from 'fastify';
import type { RawHandler } from '../../kernel/router.ts';
import { acceptedRanges } from './accept.ts';
import { type FrameType, negotiateFrames, parseFrameList, readFrames } from './frames.ts';
import { instanceOf, notModified, paramsOf, searchOf } from './request.ts';
import { multipartBody, newBoundary } from './retrieve.ts';
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

function sendFrames(reply: FastifyReply, type: FrameType, bodies: readonly Buffer[]): FastifyReply {
  const [only] = bodies;
  const contentType = frameContentType(type);
  if (!type.multipart && bodies.length === 1 && only !== undefined) return reply.header('content-type', contentType).send(only);
  const boundary = newBoundary();
  const parts = bodies.map((body) => ({ headers: [`Content-Type: ${contentType}`], body }));
  return reply
    .header('content-type', `multipart/related; type="${type.mediaType}"; boundary=${boundary}`)
    .send(multipartBody(parts, boundary));
}

/** Frames of one instance (PS3.18 10.4.1.1.6). */
export const framesHandler =
  (web: Dicomweb): RawHandler =>
  async ({ actor, request, reply }) => {
    const params = paramsOf(request);
    const entry = await instanceOf(web, actor, params, 'frames');
    const table = await web.locator.frameTable(entry);
    const list = parseFrameList(params.frames ?? '', table.count);
    const type = negotiateFrames(acceptedRanges(request, searchOf(request)), entry);
    const form = `${type.mediaType}${type.isDecoded ? '-decoded' : ''}${type.multipart ? '-parts' : ''}`;
    void reply.header('vary', 'accept');
    if (notModified(request, reply, `"${entry.id}-${params.frames}-${form}"`)) return reply.code(304).send();
    return sendFrames(reply, type, await framesAs(web, entry, type, list));
  };
