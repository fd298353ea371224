import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure, notFound } from '../../kernel/failure.ts';
import type { RawHandler, Router } from '../../kernel/router.ts';
import { type Actor, scopeOf, seesIdentity } from '../access/index.ts';
import { acceptedRanges, matchesType } from './accept.ts';
import type { QidoLevel } from './attributes.ts';
import { parseBulkReference, parseByteRange, readSwapped } from './bulkdata.ts';
import { negotiateFrames, parseFrameList, readFrames } from './frames.ts';
import type { SeriesHandle, StudyPath } from './handles.ts';
import { relatedParts, relatedType } from './multipart-related.ts';
import { qidoResult } from './qido-answer.ts';
import { parseQidoQuery } from './qido-query.ts';
import { searchRows } from './qido-repository.ts';
import { instanceStream, multipartBody, multipartStream, newBoundary } from './retrieve.ts';
import type { InstanceEntry } from './series-table.ts';
import type { Dicomweb } from './service.ts';
import { partsAsFiles, stowAnswer } from './stow.ts';

type Params = Readonly<Record<'group' | 'study' | 'series' | 'instance' | 'frames' | 'reference', string | undefined>>;

const UID = /^[0-9]+(\.[0-9]+)*$/;
/** A UID in a path; anything that can't be one is simply not here. */
function uid(value: string | undefined): string {
  if (value === undefined || value.length > 64 || !UID.test(value)) throw notFound();
  return value;
}

const paramsOf = (request: FastifyRequest): Params => request.params as Params; // Every route below names its parameters from this list.
const searchOf = (request: FastifyRequest): URLSearchParams => new URL(request.raw.url ?? '/', 'http://localhost').searchParams;
const pathOf = (params: Params): StudyPath => ({ groupId: params.group, studyInstanceUid: uid(params.study) });

const JSON_TYPE = 'application/dicom+json';

function requireJson(request: FastifyRequest): void {
  const ranges = acceptedRanges(request, searchOf(request));
  if (!ranges.some((range) => matchesType(range, JSON_TYPE) || matchesType(range, 'application/json')))
    throw new Failure('NOT_ACCEPTABLE');
}

/** Retrieval of stored files names the patient: a pseudonymised actor has the metadata and the frames instead. */
function requireIdentity(actor: Actor): void {
  if (!seesIdentity(actor)) throw new Failure('FORBIDDEN', { detail: 'Stored files carry identities; use metadata and frames.' });
}

function notModified(request: FastifyRequest, reply: FastifyReply, etag: string): boolean {
  void reply.header('etag', etag).header('cache-control', 'private, no-cache');
  const wanted = request.headers['if-none-match'];
  return wanted?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) === true;
}

export function registerRoutes(router: Router, web: Dicomweb): void {
  const base = (params: Params): string =>
    `${web.publicUrl}/dicom-web${params.group === undefined ? '' : `/groups/${params.group}`}`;

  const search =
    (level: QidoLevel): RawHandler =>
    async ({ actor, request, reply }) => {
      requireJson(request);
      const params = paramsOf(request);
      const keys = searchOf(request);
      if (params.study !== undefined) keys.set('StudyInstanceUID', uid(params.study));
      if (params.series !== undefined) keys.set('SeriesInstanceUID', uid(params.series));
      const groupId = params.group ?? keys.get('groupId') ?? undefined;
      const query = parseQidoQuery(level, keys);
      const identity = seesIdentity(actor);
      if (!identity && query.matches.some((match) => match.attribute.identifying))
        throw new Failure('FORBIDDEN', { detail: 'Your role sees pseudonyms; it can’t search by identity.' });
      const found = await web.db.withScope(scopeOf(actor), (tx) => searchRows(tx, query, scopeOf(actor), groupId));
      await web.auditSearch(actor, level, query, found.rows.length);
      if (found.more) void reply.header('warning', '299 negatoscope "There are additional results that can be requested"');
      else if (query.ignored.length > 0)
        void reply.header('warning', '299 negatoscope "Some matching keys are not supported and were ignored"');
      const body = JSON.stringify(found.rows.map((row) => qidoResult(row, query, base(params), identity)));
      return reply.header('cache-control', 'private, no-store').type(JSON_TYPE).send(body);
    };

  const metadata =
    (level: 'study' | 'series' | 'instance'): RawHandler =>
    async ({ actor, request, reply }) => {
      requireJson(request);
      const params = paramsOf(request);
      const list = await seriesOf(actor, params);
      for (const series of list) await web.use(actor, series, 'metadata');
      const built = await Promise.all(list.map((series) => web.metadata.series(actor, series, base(params))));
      const [first] = built;
      if (level === 'series' && first !== undefined) {
        if (notModified(request, reply, first.etag)) return reply.code(304).send();
        void reply.header('vary', 'accept-encoding').type(JSON_TYPE);
        const gzip = first.gzip !== undefined && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
        return gzip ? reply.header('content-encoding', 'gzip').send(first.gzip) : reply.send(first.json);
      }
      const all = built.flatMap((one) => JSON.parse(one.json.toString('utf8')) as { '00080018'?: { Value?: unknown[] } }[]);
      const chosen = level === 'study' ? all : all.filter((json) => json['00080018']?.Value?.[0] === params.instance);
      if (chosen.length === 0) throw notFound();
      return reply.header('cache-control', 'private, no-cache').type(JSON_TYPE).send(JSON.stringify(chosen));
    };

  async function seriesOf(actor: Actor, params: Params): Promise<SeriesHandle[]> {
    if (params.series !== undefined) return [await web.handles.series(actor, pathOf(params), uid(params.series))];
    return web.handles.allSeries(actor, await web.handles.study(actor, pathOf(params)));
  }

  async function instanceOf(actor: Actor, params: Params, kind: string): Promise<InstanceEntry> {
    const series = await web.handles.series(actor, pathOf(params), uid(params.series));
    const entry = await web.tables.instance(series, uid(params.instance));
    await web.use(actor, series, kind);
    return entry;
  }

  const frames: RawHandler = async ({ actor, request, reply }) => {
    const params = paramsOf(request);
    const entry = await instanceOf(actor, params, 'frames');
    const table = await web.locator.frameTable(entry);
    const list = parseFrameList(params.frames ?? '', table.count);
    const type = negotiateFrames(acceptedRanges(request, searchOf(request)), entry);
    if (notModified(request, reply, `"${entry.id}-${params.frames}-${type.mediaType}"`)) return reply.code(304).send();
    const bodies = await readFrames(web.objects, entry, table, list, () => web.locator.datasetOffset(entry));
    const [only] = bodies;
    const contentType = `${type.mediaType}; transfer-syntax=${type.transferSyntaxUid}`;
    if (!type.multipart && bodies.length === 1 && only !== undefined) return reply.header('content-type', contentType).send(only);
    const boundary = newBoundary();
    const body = multipartBody(
      bodies.map((one) => ({ headers: [`Content-Type: ${contentType}`], body: one })),
      boundary,
    );
    return reply.header('content-type', `multipart/related; type="${type.mediaType}"; boundary=${boundary}`).send(body);
  };

  const bulkdata: RawHandler = async ({ actor, request, reply }) => {
    requireIdentity(actor);
    const params = paramsOf(request);
    const entry = await instanceOf(actor, params, 'bulkdata');
    const range = parseBulkReference(params.reference ?? '', entry);
    if (notModified(request, reply, `"${entry.id}-${params.reference}"`)) return reply.code(304).send();
    void reply.header('content-type', 'application/octet-stream').header('accept-ranges', 'bytes');
    if (range.isInflated) return reply.send(Buffer.from(await web.locator.inflated(entry, range.start, range.end)));
    if (range.bigEndianWordBytes !== undefined && range.bigEndianWordBytes > 1)
      return reply.send(await readSwapped(web.objects, entry, range, range.bigEndianWordBytes));
    const length = range.end - range.start;
    const part = parseByteRange(request.headers.range, length);
    if (part === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${length}`).send();
    if (length === 0) return reply.send(Buffer.alloc(0));
    const { start, end } = part ?? { start: 0, end: length };
    if (part !== undefined) void reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${length}`);
    return reply
      .header('content-length', end - start)
      .send(web.objects.stream(entry.id, { start: range.start + start, end: range.start + end - 1 }));
  };

  const retrieve: RawHandler = async ({ actor, request, reply }) => {
    requireIdentity(actor);
    const params = paramsOf(request);
    const ranges = acceptedRanges(request, searchOf(request)).filter(
      (range) =>
        matchesType(range, 'application/dicom') &&
        (range.transferSyntax === undefined || range.transferSyntax === '*' || params.instance !== undefined),
    );
    const [range] = ranges;
    if (range === undefined) throw new Failure('NOT_ACCEPTABLE');
    if (params.instance !== undefined && !range.multipart && range.type === 'application/dicom') {
      const entry = await instanceOf(actor, params, 'retrieve');
      if (range.transferSyntax !== undefined && range.transferSyntax !== '*' && range.transferSyntax !== entry.transferSyntaxUid)
        throw new Failure('NOT_ACCEPTABLE');
      void reply
        .header('content-type', `application/dicom; transfer-syntax=${entry.transferSyntaxUid}`)
        .header('content-disposition', `attachment; filename="${entry.sopInstanceUid}.dcm"`);
      return reply
        .header('content-length', entry.sizeBytes)
        .header('cache-control', 'private, no-store')
        .send(instanceStream(web.objects, entry));
    }
    const list = await seriesOf(actor, params);
    for (const series of list) await web.use(actor, series, 'retrieve');
    const wanted = params.instance === undefined ? undefined : uid(params.instance);
    if (wanted !== undefined) await instanceOf(actor, params, 'retrieve');
    const boundary = newBoundary();
    void reply
      .header('content-type', `multipart/related; type="application/dicom"; boundary=${boundary}`)
      .header('cache-control', 'private, no-store');
    return reply.send(multipartStream(web.objects, web.entriesOf(list, wanted), boundary));
  };

  const store: RawHandler = async ({ actor, request, reply }) => {
    const params = paramsOf(request);
    const { boundary, rootType } = relatedType(request.headers['content-type']);
    if (rootType !== 'application/dicom')
      throw new Failure('UNSUPPORTED_MEDIA_TYPE', { detail: 'Instances are stored as application/dicom parts.' });
    const study = params.study === undefined ? undefined : uid(params.study);
    const target = {
      ...(params.group === undefined ? {} : { groupId: params.group }),
      ...(study === undefined ? {} : { studyInstanceUid: study }),
    };
    const files = await web.ingest(actor, target, partsAsFiles(relatedParts(request.raw, boundary)));
    const answer = stowAnswer(files, base(params));
    return reply
      .code(answer.status)
      .header('cache-control', 'private, no-store')
      .type(JSON_TYPE)
      .send(JSON.stringify(answer.json));
  };

  for (const [prefix, suffix] of [
    ['/dicom-web', ''],
    ['/dicom-web/groups/:group', 'OfGroup'],
  ] as const) {
    const get = (id: string, path: string, handler: RawHandler): void =>
      router.raw({ id: `${id}${suffix}`, method: 'GET', path: `${prefix}${path}`, permission: 'studies.read' }, handler);
    get('qidoStudies', '/studies', search('studies'));
    get('qidoSeries', '/series', search('series'));
    get('qidoInstances', '/instances', search('instances'));
    get('qidoStudySeries', '/studies/:study/series', search('series'));
    get('qidoStudyInstances', '/studies/:study/instances', search('instances'));
    get('qidoSeriesInstances', '/studies/:study/series/:series/instances', search('instances'));
    get('studyMetadata', '/studies/:study/metadata', metadata('study'));
    get('seriesMetadata', '/studies/:study/series/:series/metadata', metadata('series'));
    get('instanceMetadata', '/studies/:study/series/:series/instances/:instance/metadata', metadata('instance'));
    get('frames', '/studies/:study/series/:series/instances/:instance/frames/:frames', frames);
    get('bulkdata', '/studies/:study/series/:series/instances/:instance/bulkdata/:reference', bulkdata);
    get('retrieveStudy', '/studies/:study', retrieve);
    get('retrieveSeries', '/studies/:study/series/:series', retrieve);
    get('retrieveInstance', '/studies/:study/series/:series/instances/:instance', retrieve);
    router.raw({ id: `stow${suffix}`, method: 'POST', path: `${prefix}/studies`, permission: 'imports.create' }, store);
    router.raw(
      { id: `stowStudy${suffix}`, method: 'POST', path: `${prefix}/studies/:study`, permission: 'imports.create' },
      store,
    );
  }
}
