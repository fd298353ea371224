import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, seesIdentity } from '../../../access/index.ts';
import type { RawHandler, Router } from '../../../access/router.ts';
import {
  type InstanceEntry,
  imageHeader,
  isImage,
  middleFrame,
  openInstance,
  type RenderTask,
  renderKey,
  representative,
  type SeriesHandle,
} from '../../../archive/pixels/index.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { acceptedRanges } from '../accept.ts';
import { parseFrameList } from '../frames/frames.ts';
import { sendMade } from '../made-parts.ts';
import { instancePathOf, notModified, type Params, paramsOf, pathOf, requireIdentity, searchOf, seriesWith } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import { registerConflictImages } from './conflict-image-route.ts';
import { documentTypeOf, type Http, sendDocument } from './rendered-document.ts';
import { parseRenderedParams, type RenderedParams } from './rendered-params.ts';

const THUMBNAIL_PIXELS = 128;
const MAX_IMAGES_A_REQUEST = 200;
/** Headers that are read to find one instance of a series that may be shown. */
const MAX_TRIED = 32;

const THUMBNAIL_VIEWPORT = {
  width: THUMBNAIL_PIXELS,
  height: THUMBNAIL_PIXELS,
  region: undefined,
  isFlippedHorizontally: false,
  isFlippedVertically: false,
};

interface Target {
  readonly series: SeriesHandle;
  readonly entry: InstanceEntry;
  readonly frames: readonly number[];
}

type Found = Omit<Target, 'frames'>;

/** The document or video that stands for a series without images, where one will do; undefined when this actor may see none. */
async function documentOf(web: Dicomweb, actor: Actor, series: SeriesHandle, isThumbnail: boolean): Promise<Found | undefined> {
  const documents = isThumbnail ? [] : (await web.tables.load(series)).instances.filter(documentTypeOf);
  for (const entry of documents.slice(0, MAX_TRIED)) if (await web.heldBack.isShown(actor, entry)) return { series, entry };
  return undefined;
}

/** The first series of a study that has an image, and the instance that stands for it; else its first document. */
async function ofStudy(web: Dicomweb, actor: Actor, params: Params, isThumbnail: boolean): Promise<Found> {
  let isHeldBack = false;
  const list = await web.handles.allSeries(await web.handles.study(actor, pathOf(params)));
  for (const series of list) {
    const entry = representative((await web.tables.load(series)).instances);
    const shown = entry === undefined ? undefined : await shownOf(web, actor, series, entry);
    if (shown !== undefined) return { series, entry: shown };
    isHeldBack ||= entry !== undefined;
  }
  if (isHeldBack) throw new Failure('HELD_BACK');
  for (const series of list) {
    const found = await documentOf(web, actor, series, isThumbnail);
    if (found !== undefined) return found;
  }
  throw notFound();
}

/** The instance itself where this actor may see it, or another of the series; undefined when none of some may be. */
async function shownOf(
  web: Dicomweb,
  actor: Actor,
  series: SeriesHandle,
  entry: InstanceEntry,
): Promise<InstanceEntry | undefined> {
  const { instances } = await web.tables.load(series);
  for (const one of [entry, ...instances.filter(isImage)].slice(0, MAX_TRIED))
    if (await web.heldBack.isShown(actor, one)) return one;
  return undefined;
}

async function ofSeries(web: Dicomweb, actor: Actor, params: Params, isThumbnail: boolean): Promise<Found> {
  if (params.instance !== undefined) return openInstance(web, actor, instancePathOf(params));
  const series = await seriesWith(web, actor, params);
  const entry = representative((await web.tables.load(series)).instances);
  if (entry === undefined) {
    const document = await documentOf(web, actor, series, isThumbnail);
    if (document === undefined) throw notFound();
    return document;
  }
  const shown = await shownOf(web, actor, series, entry);
  if (shown === undefined) throw new Failure('HELD_BACK');
  return { series, entry: shown };
}

async function targetOf(web: Dicomweb, found: Found, params: Params): Promise<Target> {
  if (params.frames === undefined) return { ...found, frames: [await middleFrame(web, found.entry)] };
  await imageHeader(web, found.entry);
  const frames = parseFrameList(params.frames, (await web.locator.frameTable(found.entry)).count);
  if (frames.length > MAX_IMAGES_A_REQUEST) throw new Failure('BAD_REQUEST', { detail: 'Too many frames in one request.' });
  return { ...found, frames };
}

function warn(reply: FastifyReply, { ignored }: RenderedParams): void {
  if (ignored.length > 0) void reply.header('warning', `299 negatoscope "Not supported and ignored: ${ignored.join(', ')}"`);
}

function renderedParams(request: FastifyRequest, isThumbnail: boolean): RenderedParams {
  const search = searchOf(request);
  const params = parseRenderedParams(search, acceptedRanges(request, search));
  return isThumbnail && params.viewport === undefined ? { ...params, viewport: THUMBNAIL_VIEWPORT } : params;
}

async function answerDocument(
  web: Dicomweb,
  actor: Actor,
  { series, entry, type }: Found & { readonly type: string },
  http: Http,
): Promise<FastifyReply> {
  // A document says whose it is; a video is pixels, as frames are.
  if (type === 'application/pdf') requireIdentity(actor);
  await web.use(actor, series, 'rendered');
  return sendDocument(web, entry, type, acceptedRanges(http.request, searchOf(http.request)), http);
}

async function answerPictures(
  web: Dicomweb,
  actor: Actor,
  found: Found,
  { request, reply, isThumbnail }: Http & { readonly isThumbnail: boolean },
): Promise<FastifyReply> {
  const params = renderedParams(request, isThumbnail);
  const { series, entry, frames } = await targetOf(web, found, paramsOf(request));
  await web.use(actor, series, 'rendered');
  const shown = isThumbnail ? frames.slice(0, 1) : frames;
  const tasks = shown.map((frame): RenderTask => ({ series, entry, frame, params, withOverlays: seesIdentity(actor) }));
  const [first] = tasks;
  warn(reply, params);
  void reply.header('vary', 'accept');
  if (first !== undefined && tasks.length === 1 && notModified(request, reply, `"${renderKey(first)}"`))
    return reply.code(304).send();
  void reply.header('cache-control', 'private, no-cache');
  return sendMade(web.scratch, reply, {
    items: tasks,
    make: web.render,
    contentType: params.type,
    relatedType: tasks.length > 1 ? params.type : undefined,
  });
}

const renderedHandler =
  (web: Dicomweb, isThumbnail: boolean): RawHandler =>
  async ({ actor, request, reply }) => {
    const path = paramsOf(request);
    const found = await (path.series === undefined ? ofStudy : ofSeries)(web, actor, path, isThumbnail);
    const type = isThumbnail || path.frames !== undefined ? undefined : documentTypeOf(found.entry);
    return type === undefined
      ? answerPictures(web, actor, found, { request, reply, isThumbnail })
      : answerDocument(web, actor, { ...found, type }, { request, reply });
  };

/** Rendered resources (PS3.18 10.4.1.1.3) and thumbnails (10.4.1.1.4) of studies, series, instances and frames. */
export function registerRendered(router: Router, web: Dicomweb): void {
  registerConflictImages(router, web);
  for (const [prefix, suffix] of [
    ['/dicom-web', ''],
    ['/dicom-web/groups/:group', 'OfGroup'],
  ] as const) {
    const levels = [
      ['Study', '/studies/:study'],
      ['Series', '/studies/:study/series/:series'],
      ['Instance', '/studies/:study/series/:series/instances/:instance'],
      ['Frames', '/studies/:study/series/:series/instances/:instance/frames/:frames'],
    ] as const;
    for (const [level, path] of levels) {
      const get = (id: string, resource: string, handler: RawHandler): void =>
        router.raw(
          { id: `${id}${level}${suffix}`, method: 'GET', path: `${prefix}${path}/${resource}`, permission: 'studies.read' },
          handler,
        );
      get('rendered', 'rendered', renderedHandler(web, false));
      get('thumbnail', 'thumbnail', renderedHandler(web, true));
    }
  }
}
