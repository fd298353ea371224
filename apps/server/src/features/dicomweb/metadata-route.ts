import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../../kernel/failure.ts';
import type { RawHandler } from '../../kernel/router.ts';
import { datasetForm, JSON_TYPE, sendXml } from './dataset-answer.ts';
import type { SeriesHandle } from './handles.ts';
import type { SeriesMetadata } from './metadata.ts';
import type { DicomJson } from './qido-repository.ts';
import { baseOf, notModified, paramsOf, pathOf, seriesOf, uid } from './request.ts';
import type { Dicomweb } from './service.ts';

const takesGzip = (request: FastifyRequest): boolean =>
  /(^|[\s,])gzip(?!\s*;\s*q=0(\.0*)?\s*(,|$))/i.test(request.headers['accept-encoding'] ?? '');

function* datasetsOf({ json, places }: SeriesMetadata): Generator<DicomJson> {
  for (const { start, end } of places.values()) yield JSON.parse(json.toString('utf8', start, end)) as DicomJson; // Written by this server.
}

/** The arrays of several series as one, without being parsed: each is built while the one before is sent. */
async function* joined(
  list: readonly SeriesHandle[],
  build: (series: SeriesHandle) => Promise<SeriesMetadata>,
): AsyncGenerator<Buffer> {
  let separator = '[';
  for (const series of list) {
    const { json } = await build(series);
    if (json.length <= 2) continue;
    yield Buffer.from(separator);
    yield json.subarray(1, -1);
    separator = ',';
  }
  yield Buffer.from(separator === '[' ? '[]' : ']');
}

/** Metadata of a study, series or instance (PS3.18 10.4.1.1.2) as DICOM JSON or Native DICOM Model. */
export const metadataHandler =
  (web: Dicomweb, level: 'study' | 'series' | 'instance'): RawHandler =>
  async ({ actor, request, reply }) => {
    const form = datasetForm(request);
    const params = paramsOf(request);
    const list = await seriesOf(web, actor, params);
    const [first] = list;
    if (first === undefined) throw notFound();
    const wanted = level === 'instance' ? uid(params.instance) : undefined;
    if (wanted !== undefined) await web.tables.instance(first, wanted);
    await web.use(actor, first, 'metadata');
    const view = await web.metadata.view(actor, await web.handles.study(actor, pathOf(params)));
    const base = baseOf(web, request, params);
    const build = (series: SeriesHandle): Promise<SeriesMetadata> => web.metadata.series(series, view, base);
    const tags = `${list.map((series) => web.metadata.etag(series, view)).join()}${wanted ?? ''} ${form}`;
    const etag = `"${createHash('sha256').update(tags).digest('base64url').slice(0, 22)}"`;
    void reply.header('vary', 'accept, accept-encoding');
    if (notModified(request, reply, etag)) return reply.code(304).send();
    // The first series is built before the answer begins, so that what can't be read is told by a status.
    const built = await build(first);
    const place = wanted === undefined ? undefined : built.places.get(wanted);
    if (wanted !== undefined && place === undefined) throw notFound();
    if (form === 'xml') {
      async function* all(): AsyncGenerator<DicomJson> {
        if (place !== undefined)
          yield JSON.parse(built.json.toString('utf8', place.start, place.end)) as DicomJson; // Written by this server.
        else for (const series of list) yield* datasetsOf(await build(series));
      }
      return sendXml(reply, all());
    }
    void reply.type(JSON_TYPE);
    if (place !== undefined)
      return reply.send(Buffer.concat([Buffer.from('['), built.json.subarray(place.start, place.end), Buffer.from(']')]));
    if (list.length === 1) return sendSeries(request, reply, built);
    const body = Readable.from(joined(list, build), { objectMode: false });
    if (!takesGzip(request)) return reply.send(body);
    const packed = createGzip({ level: 1 });
    body.on('error', (error) => packed.destroy(error));
    return reply.header('content-encoding', 'gzip').send(body.pipe(packed));
  };

async function sendSeries(request: FastifyRequest, reply: FastifyReply, { json, gzip }: SeriesMetadata): Promise<FastifyReply> {
  const packed = takesGzip(request) ? await gzip() : undefined;
  if (packed === undefined) return reply.send(json);
  return reply.header('content-encoding', 'gzip').send(packed);
}
