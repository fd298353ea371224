import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../../access/index.ts';
import type { ReaderHandler } from '../../../access/router.ts';
import type { DicomJson } from '../../../archive/search/qido-repository.ts';
import { notFound } from '../../../kernel/failure.ts';
import { holdBytes } from '../../../platform/sending/held-bytes.ts';
import { takesGzip } from '../../../platform/sending/takes-gzip.ts';
import { QUICK_TEXT_BYTES } from '../../../platform/workers/quick-work.ts';
import { datasetForm, JSON_TYPE, sendXml } from '../dataset-answer.ts';
import { nativeModel } from '../native-model.ts';
import { baseOf, notModified, type Params, paramsOf, pathOf, seriesOf, uid } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import type { InstanceText, SeriesMetadata } from './held-metadata.ts';
import type { Wanted } from './series-metadata.ts';

const [OPENING, CLOSING] = [Buffer.from('['), Buffer.from(']')];

/** A long text is one piece already: copying it to itself would hold up the loop. */
const inOnePiece = (pieces: readonly Buffer[]): Buffer =>
  pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);

/** An instance's text as it is sent: some at a time, so that a long one waits on the disk for a slow reader. */
async function* heldText(web: Dicomweb, { pieces, length }: InstanceText): AsyncGenerator<Buffer> {
  if (length <= QUICK_TEXT_BYTES) {
    yield* pieces;
    return;
  }
  const held = await holdBytes(web.scratch, inOnePiece(pieces));
  try {
    yield* held.pieces();
  } finally {
    await held.end();
  }
}

/** Every instance that is wanted, series after series. */
async function* textsOf(list: readonly AsyncIterable<InstanceText>[], only: string | undefined): AsyncGenerator<InstanceText> {
  for (const texts of list) for await (const text of texts) if (only === undefined || text.sopInstanceUid === only) yield text;
}

/** The instances as one array, each put together while the one before is sent. */
async function* joined(web: Dicomweb, first: InstanceText, rest: AsyncIterable<InstanceText>): AsyncGenerator<Buffer> {
  yield Buffer.from('[');
  yield* heldText(web, first);
  for await (const text of rest) {
    yield Buffer.from(',');
    yield* heldText(web, text);
  }
  yield Buffer.from(']');
}

async function* models(web: Dicomweb, first: InstanceText, rest: AsyncIterable<InstanceText>): AsyncGenerator<string | Buffer> {
  const modelOf = async ({ pieces, length }: InstanceText): Promise<string | Buffer> => {
    const text = inOnePiece(pieces);
    return length > QUICK_TEXT_BYTES ? web.heavy.model(text) : nativeModel(JSON.parse(text.toString('utf8')) as DicomJson); // Written by this server.
  };
  yield modelOf(first);
  for await (const text of rest) yield modelOf(text);
}

/** The series of a path, and what of their study this actor may see; their use is on record. Fails with NOT_FOUND, also for an instance of the path. */
export async function seriesInView(web: Dicomweb, actor: Actor, params: Params) {
  const list = await seriesOf(web, actor, params);
  const [first] = list;
  if (first === undefined) throw notFound();
  if (params.instance !== undefined) await web.tables.instance(first, uid(params.instance));
  await web.use(actor, first, 'metadata');
  return { list, first, view: await web.metadata.view(actor, await web.handles.study(actor, pathOf(params))) };
}

/** Metadata of a study, series or instance (PS3.18 10.4.1.1.2) as DICOM JSON or Native DICOM Model. */
export const metadataHandler =
  (web: Dicomweb, level: 'study' | 'series' | 'instance'): ReaderHandler =>
  async ({ actor, request, reply }) => {
    const form = datasetForm(request);
    const params = paramsOf(request);
    const wanted = level === 'instance' ? uid(params.instance) : undefined;
    const { list, view } = await seriesInView(web, actor, params);
    const base = baseOf(web, request, params);
    const all = list.map((series): Wanted => ({ series, view, base }));
    const tags = `${list.map((series) => web.metadata.etag(series, view)).join()}${wanted ?? ''} ${form}`;
    const etag = `"${createHash('sha256').update(tags).digest('base64url').slice(0, 22)}"`;
    void reply.header('vary', 'accept, accept-encoding');
    if (notModified(request, reply, etag)) return reply.code(304).send();
    const whole = list.length === 1 && form === 'json' && all[0] !== undefined ? await web.metadata.series(all[0]) : undefined;
    if (whole !== undefined && 'held' in whole) {
      const { held } = whole;
      const place = wanted === undefined ? undefined : held.places.get(wanted);
      if (wanted !== undefined && place === undefined) throw notFound();
      void reply.header('content-type', JSON_TYPE);
      if (place === undefined) return sendSeries(request, reply, held);
      return reply.send(Buffer.concat([OPENING, held.json.subarray(place.start, place.end), CLOSING]));
    }
    // The first instance is put together before the answer begins, so that what can't be read is told by a status.
    const texts = textsOf(whole === undefined ? all.map((one) => web.metadata.instances(one)) : [whole.texts], wanted);
    const begun = await texts.next();
    if (begun.done === true && wanted !== undefined) throw notFound();
    if (form === 'xml') return sendXml(reply, begun.done === true ? [] : models(web, begun.value, texts));
    void reply.header('content-type', JSON_TYPE);
    if (begun.done === true) return reply.send(Buffer.from('[]'));
    const body = Readable.from(joined(web, begun.value, texts), { objectMode: false });
    if (!takesGzip(request.headers)) return reply.send(body);
    const packed = createGzip({ level: 1 });
    body.on('error', (error) => packed.destroy(error));
    packed.once('close', () => body.destroy());
    return reply.header('content-encoding', 'gzip').send(body.pipe(packed));
  };

async function sendSeries(request: FastifyRequest, reply: FastifyReply, { json, gzip }: SeriesMetadata): Promise<FastifyReply> {
  const packed = takesGzip(request.headers) ? await gzip() : undefined;
  if (packed === undefined) return reply.send(json);
  return reply.header('content-encoding', 'gzip').send(packed);
}
