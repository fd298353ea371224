import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { Failure, notFound } from '../../kernel/failure.ts';
import type { RawHandler } from '../../kernel/router.ts';
import { coercedFile, type IndexValues, readIndexValues } from '../../platform/coercion/index.ts';
import { type ZipEntry, zipBytes } from '../../platform/zip/zip-writer.ts';
import { type Actor, scopeOf } from '../access/index.ts';
import { acceptedRanges, type MediaRange, matchesType } from './accept.ts';
import type { SeriesHandle } from './handles.ts';
import { instanceOf, type Params, paramsOf, pathOf, requireIdentity, searchOf, seriesOf, uid } from './request.ts';
import { instanceBytes, multipartStream, newBoundary } from './retrieve.ts';
import type { InstanceEntry } from './series-table.ts';
import type { Dicomweb } from './service.ts';

type Form = 'single' | 'multipart' | 'zip';

/** Whether files leave as they are stored under this range; another transfer syntax would need them rewritten. */
const takesStored = (range: MediaRange, entry: InstanceEntry | undefined): boolean =>
  range.transferSyntax === undefined ||
  range.transferSyntax === '*' ||
  (entry !== undefined && range.transferSyntax === entry.transferSyntaxUid);

/** The first acceptable form (PS3.18 10.4.4, Sup 211 for ZIP). Fails with NOT_ACCEPTABLE. */
function formOf(ranges: readonly MediaRange[], entry: InstanceEntry | undefined): Form {
  for (const range of ranges) {
    if (!range.multipart && range.type === 'application/zip') return 'zip';
    if (!matchesType(range, 'application/dicom') || !takesStored(range, entry)) continue;
    if (range.multipart || range.type !== 'application/dicom') return 'multipart';
    if (entry !== undefined) return 'single';
  }
  throw new Failure('NOT_ACCEPTABLE');
}

/** What the index says of the study today; undefined when `original=true` asks for the stored bytes. */
export async function currentValues(
  web: Dicomweb,
  actor: Actor,
  params: Params,
  search: URLSearchParams,
): Promise<IndexValues | undefined> {
  if (search.get('original') === 'true') return undefined;
  const { studyId } = await web.handles.study(actor, pathOf(params));
  const values = await web.db.withScope(scopeOf(actor), (tx) => readIndexValues(tx, studyId));
  if (values === undefined) throw notFound();
  return values;
}

export async function sendInstance(
  web: Dicomweb,
  reply: FastifyReply,
  entry: InstanceEntry,
  values: IndexValues | undefined,
): Promise<FastifyReply> {
  const coerced = await coercedFile(web.objects, entry, values);
  return reply
    .header('content-type', `application/dicom; transfer-syntax=${entry.transferSyntaxUid}`)
    .header('content-disposition', `attachment; filename="${entry.sopInstanceUid}.dcm"`)
    .header('content-length', coerced?.sizeBytes ?? entry.sizeBytes)
    .send(Readable.from(coerced?.bytes ?? instanceBytes(web.objects, entry), { objectMode: false }));
}

interface Wanted {
  readonly params: Params;
  readonly values: IndexValues | undefined;
}

/** Files under series and instance UIDs. */
async function* zipEntries(web: Dicomweb, list: readonly SeriesHandle[], wanted: Wanted): AsyncGenerator<ZipEntry> {
  const modified = new Date();
  for (const series of list)
    for await (const entry of web.entriesOf([series], wanted.params.instance)) {
      const coerced = await coercedFile(web.objects, entry, wanted.values);
      yield {
        name: `${uid(series.seriesInstanceUid)}/${uid(entry.sopInstanceUid)}.dcm`,
        sizeBytes: coerced?.sizeBytes ?? entry.sizeBytes,
        modified,
        content: coerced?.bytes ?? instanceBytes(web.objects, entry),
      };
    }
}

function sendZip(web: Dicomweb, reply: FastifyReply, list: readonly SeriesHandle[], wanted: Wanted): FastifyReply {
  const { params } = wanted;
  const name = params.instance ?? params.series ?? params.study;
  return reply
    .header('content-type', 'application/zip')
    .header('content-disposition', `attachment; filename="${uid(name)}.zip"`)
    .send(Readable.from(zipBytes(zipEntries(web, list, wanted)), { objectMode: false }));
}

/** Files of a study, series or instance (PS3.18 10.4.1.1.1): one body, multipart/related or ZIP. */
export const retrieveHandler =
  (web: Dicomweb): RawHandler =>
  async ({ actor, request, reply }) => {
    requireIdentity(actor);
    const params = paramsOf(request);
    const entry = params.instance === undefined ? undefined : await instanceOf(web, actor, params, 'retrieve');
    const list = await seriesOf(web, actor, params);
    if (list.length === 0) throw notFound();
    const form = formOf(acceptedRanges(request, searchOf(request)), entry);
    // One event for the study, whatever the number of its series.
    for (const series of list.slice(0, 1)) await web.use(actor, series, 'retrieve');
    const values = await currentValues(web, actor, params, searchOf(request));
    void reply.header('cache-control', 'private, no-store').header('vary', 'accept');
    if (form === 'zip') return sendZip(web, reply, list, { params, values });
    if (form === 'single' && entry !== undefined) return sendInstance(web, reply, entry, values);
    const boundary = newBoundary();
    return reply
      .header('content-type', `multipart/related; type="application/dicom"; boundary=${boundary}`)
      .send(multipartStream(web.objects, web.entriesOf(list, params.instance), { boundary, values }));
  };
