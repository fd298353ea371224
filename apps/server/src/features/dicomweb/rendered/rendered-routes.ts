import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Actor, seesIdentity } from '../../../access/index.ts';
import type { ReaderHandler, Router } from '../../../access/router.ts';
import { isSlide, type RenderTask, renderKey } from '../../../archive/pixels/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { acceptedRanges } from '../accept.ts';
import { sendMade } from '../made-parts.ts';
import { notModified, paramsOf, requireIdentity, searchOf } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import { imageByState } from './asked-state.ts';
import { registerConflictImages } from './conflict-image-route.ts';
import { labelOf, sendPlaceholder } from './placeholder-picture.ts';
import { type Http, sendDocument } from './rendered-document.ts';
import { renderedFormOf } from './rendered-form.ts';
import { parseRenderedParams, type RenderedParams } from './rendered-params.ts';
import { sendReport } from './rendered-report.ts';
import { sendSlide, sendSlideThumbnail } from './rendered-slide.ts';
import { sendByState, sendState } from './rendered-state.ts';
import { sendWaveform } from './rendered-waveform.ts';
import { type Found, ofSeries, ofStudy, targetOf } from './shown.ts';

const THUMBNAIL_PIXELS = 128;

const THUMBNAIL_VIEWPORT = {
  width: THUMBNAIL_PIXELS,
  height: THUMBNAIL_PIXELS,
  region: undefined,
  isFlippedHorizontally: false,
  isFlippedVertically: false,
};

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
  // A document says whose it is, and leaves as the file that it is; a video is pixels, as frames are.
  const isDocument = type === 'application/pdf';
  if (isDocument) requireIdentity(actor);
  await web.use(actor, series, isDocument ? 'document' : 'rendered');
  return sendDocument(web, entry, type, acceptedRanges(http.request, searchOf(http.request)), http);
}

async function answerPictures(
  web: Dicomweb,
  actor: Actor,
  found: Found,
  { request, reply, isThumbnail }: Http & { readonly isThumbnail: boolean },
): Promise<FastifyReply> {
  const params = renderedParams(request, isThumbnail);
  const label = isThumbnail && paramsOf(request).frames === undefined ? await labelOf(web, found) : undefined;
  if (label !== undefined) {
    await web.use(actor, found.series, 'rendered');
    return sendPlaceholder(label, params, { request, reply });
  }
  if (isSlide(found.entry) && paramsOf(request).frames === undefined) {
    const send = isThumbnail ? sendSlideThumbnail : sendSlide;
    const isNamed = paramsOf(request).instance !== undefined;
    const sent = await send(web, actor, { ...found, isNamed }, params, { request, reply });
    if (sent !== undefined) return sent;
  }
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

/** A small picture of what a presentation state shows, or a drawn page where it shows nothing here. */
async function answerStateThumbnail(web: Dicomweb, actor: Actor, found: Found, http: Http): Promise<FastifyReply> {
  const params = renderedParams(http.request, true);
  try {
    return await sendState(web, actor, found, params, http);
  } catch (error) {
    if (!(error instanceof Failure) || !['NOT_ACCEPTABLE', 'FRAME_UNREADABLE', 'HELD_BACK'].includes(error.code)) throw error;
    return answerPictures(web, actor, found, { ...http, isThumbnail: true });
  }
}

const renderedHandler =
  (web: Dicomweb, isThumbnail: boolean): ReaderHandler =>
  async ({ actor, request, reply }) => {
    const path = paramsOf(request);
    const byState = await imageByState(web, actor, request);
    if (byState !== undefined)
      return sendByState(web, actor, { ...byState, params: renderedParams(request, isThumbnail) }, { request, reply });
    const found = await (path.series === undefined ? ofStudy : ofSeries)(web, actor, path, isThumbnail);
    const form = isThumbnail || path.frames !== undefined ? undefined : renderedFormOf(found.entry);
    const http = { request, reply };
    if (isThumbnail && renderedFormOf(found.entry)?.kind === 'state' && path.frames === undefined)
      return answerStateThumbnail(web, actor, found, http);
    if (form === undefined) return answerPictures(web, actor, found, { ...http, isThumbnail });
    // Also of what is still in memory.
    if (await web.objects.isDamaged(found.entry.id)) throw new Failure('OBJECT_DAMAGED');
    if (form.kind === 'state') return sendState(web, actor, found, renderedParams(request, false), http);
    if (form.kind === 'stored') return answerDocument(web, actor, { ...found, type: form.type }, http);
    return (form.kind === 'report' ? sendReport : sendWaveform)(web, actor, found, http);
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
      const get = (id: string, resource: string, handler: ReaderHandler): void => {
        const address = { method: 'GET', path: `${prefix}${path}/${resource}`, permission: 'studies.read' } as const;
        const route = { id: `${id}${level}${suffix}`, ...address };
        // What is shared names each study once: nobody who has a link knows a group.
        if (suffix === '') router.shown(route, handler);
        else router.raw(route, handler);
      };
      get('rendered', 'rendered', renderedHandler(web, false));
      get('thumbnail', 'thumbnail', renderedHandler(web, true));
    }
  }
}
