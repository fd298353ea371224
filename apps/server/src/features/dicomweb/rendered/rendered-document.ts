import { Readable } from 'node:stream';
import { jsonElement, jsonNumber, planFrameRead } from '@negatoscope/dicom';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InstanceEntry } from '../../../archive/pixels/index.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { type MediaRange, matchesType } from '../accept.ts';
import { type Place, sendStored } from '../frames/bulkdata.ts';
import { notModified } from '../request.ts';
import type { Dicomweb } from '../service.ts';

/**
 * A PDF may stand in a frame of our own pages, and does nothing else: no script, no request, no form, whatever its bytes are. `sandbox` is left out, for
 * browsers show no PDF in one; that its type is fixed (nosniff) and that it has no source for anything keeps it from being a page of ours.
 */
const IN_OUR_FRAME = {
  'content-security-policy': ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'"].join('; '),
  'x-frame-options': 'SAMEORIGIN',
};

const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['application/pdf', 'pdf'],
  ['video/mp4', 'mp4'],
  ['video/mpeg', 'mpg'],
]);

/** The bytes of Encapsulated Document (0042,0011), without the padding that Encapsulated Document Length (0042,0015) tells of. */
async function documentOf(web: Dicomweb, entry: InstanceEntry): Promise<Place | Buffer | Readable> {
  const { json, bulkData } = await web.locator.header(entry);
  const element = jsonElement(json, '00420011');
  if (element?.InlineBinary !== undefined) {
    const bytes = Buffer.from(element.InlineBinary, 'base64');
    return bytes.subarray(0, jsonNumber(json, '00420015') ?? bytes.length);
  }
  const ref = bulkData.find(({ path }) => path === '00420011');
  if (ref?.length === undefined) throw notFound();
  const length = Math.min(ref.length, jsonNumber(json, '00420015') ?? ref.length);
  if (ref.space === 'file') return { offset: ref.offset, length };
  return Readable.from(web.locator.inflated(entry, ref.offset, ref.offset + length), { objectMode: false });
}

/** Fragments of a video's one stream (PS3.5 A.4.5 to A.4.11), in order. */
async function videoOf(web: Dicomweb, entry: InstanceEntry): Promise<readonly Place[]> {
  const read = planFrameRead(await web.locator.frameTable(entry), 0);
  if (read === undefined || read.ranges.length === 0) throw notFound();
  return read.ranges;
}

export interface Http {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** Answers with the document or video of an instance. Fails with NOT_ACCEPTABLE for a client that takes no such type. */
export async function sendDocument(
  web: Dicomweb,
  entry: InstanceEntry,
  type: string,
  ranges: readonly MediaRange[],
  { request, reply }: Http,
): Promise<FastifyReply> {
  if (!ranges.some((range) => matchesType(range, type))) throw new Failure('NOT_ACCEPTABLE');
  const name = `${entry.sopInstanceUid}.${EXTENSIONS.get(type) ?? 'bin'}`;
  void reply.header('vary', 'accept').header('content-disposition', `inline; filename="${name}"`);
  if (type === 'application/pdf') void reply.headers(IN_OUR_FRAME);
  if (notModified(request, reply, `"${entry.id}-document"`)) return reply.code(304).send();
  void reply.header('content-type', type);
  if (type === 'application/pdf') {
    const stored = await documentOf(web, entry);
    if (Buffer.isBuffer(stored) || stored instanceof Readable) return reply.send(stored);
    return sendStored(request, reply, web.objects, entry.id, [stored]);
  }
  return sendStored(request, reply, web.objects, entry.id, await videoOf(web, entry));
}
