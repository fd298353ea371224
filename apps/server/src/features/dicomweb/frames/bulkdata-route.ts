import { Readable } from 'node:stream';
import { swapWords } from '@negatoscope/dicom';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RawHandler } from '../../../access/router.ts';
import type { InstanceEntry } from '../../../archive/pixels/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { acceptedRanges, matchesType } from '../accept.ts';
import { newBoundary } from '../multipart-answer.ts';
import { baseOf, instanceOf, notModified, type Params, paramsOf, requireIdentity, searchOf, seriesOf, uid } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import { type BulkRange, beginRange, bulkRange, bulkReference, findBulk, sendStored } from './bulkdata.ts';

export const OCTETS = 'application/octet-stream';
/** What each slow reader holds: some of them are in memory at a time. */
const CHUNK_BYTES = 128 * 1024;

/** Bulk data leave as octets, in one part or as one body (PS3.18 8.7.3.3.2); one body for a client that says nothing. */
function octetsForm(request: FastifyRequest): 'single' | 'multipart' {
  const range = acceptedRanges(request, searchOf(request)).find((one) => matchesType(one, OCTETS));
  if (range === undefined) throw new Failure('NOT_ACCEPTABLE');
  return range.multipart ? 'multipart' : 'single';
}

async function* bulkBytes(web: Dicomweb, entry: InstanceEntry, range: BulkRange): AsyncGenerator<Uint8Array> {
  if (range.isInflated) {
    yield* web.locator.inflated(entry, range.start, range.end);
    return;
  }
  const wordBytes = range.bigEndianWordBytes ?? 1;
  for (let at = range.start; at < range.end; at += CHUNK_BYTES) {
    const chunk = await web.objects.read(entry.id, at, Math.min(CHUNK_BYTES, range.end - at));
    // Chunks are whole words; bulk data are little endian (PS3.18 8.7.1).
    yield wordBytes > 1 ? swapWords(chunk, wordBytes) : chunk;
  }
}

export interface OctetPart {
  readonly contentType: string;
  readonly location: string;
  readonly bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

export function sendParts(reply: FastifyReply, type: string, parts: AsyncIterable<OctetPart>): FastifyReply {
  const boundary = newBoundary();
  async function* body(): AsyncGenerator<Uint8Array> {
    for await (const part of parts) {
      yield Buffer.from(
        `\r\n--${boundary}\r\nContent-Type: ${part.contentType}\r\nContent-Location: ${part.location}\r\n\r\n`,
        'latin1',
      );
      yield* part.bytes;
    }
    yield Buffer.from(`\r\n--${boundary}--\r\n`, 'latin1');
  }
  return reply
    .header('content-type', `multipart/related; type="${type}"; boundary=${boundary}`)
    .send(Readable.from(body(), { objectMode: false }));
}

function sendSingle(
  request: FastifyRequest,
  reply: FastifyReply,
  bytes: AsyncGenerator<Uint8Array>,
  length: number,
): FastifyReply {
  const part = beginRange(request, reply, length);
  if (part === undefined) return reply.send();
  const { start, end } = part;
  if (start === end) return reply.send(Buffer.alloc(0));
  return reply.header('content-length', end - start).send(Readable.from(slice(bytes, start, end), { objectMode: false }));
}

/** Bytes from `start` to before `end` of a sequence of chunks. */
async function* slice(chunks: AsyncIterable<Uint8Array>, start: number, end: number): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const chunk of chunks) {
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, chunk.byteLength)];
    if (from < to) yield chunk.subarray(from, to);
    at += chunk.byteLength;
    if (at >= end) return;
  }
}

/** Encapsulated Document (0042,0011): the very file that was put into the instance. */
const isDocument = (reference: string | undefined): boolean => reference === '00420011';

/** One bulk value (PS3.18 10.4.1.1.5), with byte ranges when it is one body. */
export const bulkdataHandler =
  (web: Dicomweb): RawHandler =>
  async ({ actor, request, reply }) => {
    requireIdentity(actor);
    const params = paramsOf(request);
    const entry = await instanceOf(web, actor, params, isDocument(params.reference) ? 'document' : 'bulkdata');
    const range = findBulk((await web.locator.whole(entry)).bulkData, params.reference ?? '');
    const form = octetsForm(request);
    void reply.header('vary', 'accept');
    if (notModified(request, reply, `"${entry.key}-${params.reference}-${form}"`)) return reply.code(304).send();
    if (form === 'multipart') {
      const location = `${instanceUrl(baseOf(web, request, params), params, entry)}/bulkdata/${params.reference}`;
      async function* only(): AsyncGenerator<OctetPart> {
        yield { contentType: OCTETS, location, bytes: bulkBytes(web, entry, range) };
      }
      return sendParts(reply, OCTETS, only());
    }
    void reply.header('content-type', OCTETS).header('accept-ranges', 'bytes');
    const length = range.end - range.start;
    const isPlain = !range.isInflated && (range.bigEndianWordBytes ?? 1) === 1;
    if (isPlain) return sendStored(request, reply, web.objects, entry.id, [{ offset: range.start, length }]);
    return sendSingle(request, reply, bulkBytes(web, entry, range), length);
  };

const instanceUrl = (base: string, params: Params, entry: InstanceEntry): string =>
  `${base}/studies/${params.study}/series/${params.series}/instances/${entry.sopInstanceUid}`;

/** Instances of the study, series or instance in the path, with the address of each. */
export async function* targets(
  web: Dicomweb,
  list: Awaited<ReturnType<typeof seriesOf>>,
  { params, base }: { params: Params; base: string },
): AsyncGenerator<{ entry: InstanceEntry; url: string }> {
  for (const series of list)
    for await (const entry of web.entriesOf([series], params.instance))
      yield { entry, url: instanceUrl(base, { ...params, series: series.seriesInstanceUid }, entry) };
}

/** Every bulk value of a study, series or instance but the pixels, which are at `pixeldata`; each part says where it is from. */
export const allBulkdataHandler =
  (web: Dicomweb): RawHandler =>
  async ({ actor, request, reply }) => {
    requireIdentity(actor);
    const params = paramsOf(request);
    const list = await wantedSeries(web, actor, params);
    octetsForm(request);
    const base = baseOf(web, request, params);
    for (const series of list.slice(0, 1)) await web.use(actor, series, 'bulkdata');
    async function* parts(): AsyncGenerator<OctetPart> {
      for await (const { entry, url } of targets(web, list, { params, base })) {
        const { bulkData, pixelData } = await web.locator.whole(entry);
        for (const ref of bulkData) {
          if (ref.length === undefined || ref.path === pixelData?.tag) continue;
          const location = `${url}/bulkdata/${bulkReference(ref)}`;
          yield { contentType: OCTETS, location, bytes: bulkBytes(web, entry, bulkRange(ref)) };
        }
      }
    }
    return sendParts(reply.header('cache-control', 'private, no-cache'), OCTETS, parts());
  };

/** Series of the path. Fails with NOT_FOUND, also for its instance. */
export async function wantedSeries(
  web: Dicomweb,
  actor: Parameters<RawHandler>[0]['actor'],
  params: Params,
): ReturnType<typeof seriesOf> {
  const list = await seriesOf(web, actor, params);
  const [series] = list;
  if (params.instance !== undefined && series !== undefined) await web.tables.instance(series, uid(params.instance));
  return list;
}
