import { jsonStrings, type SlideLevel } from '@negatoscope/dicom';
import type { FastifyReply } from 'fastify';
import { type Actor, sharerOf } from '../../../access/index.ts';
import { type InstanceEntry, isSlide, planSlide, slideKey, slideWith } from '../../../archive/pixels/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { goneSignal } from '../../../platform/sending/at-close.ts';
import { notModified } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import { sendPlaceholder } from './placeholder-picture.ts';
import type { Http } from './rendered-document.ts';
import type { RenderedParams } from './rendered-params.ts';
import type { Found } from './shown.ts';

/** What is asked for of a slide: one of its instances, or where none is named the slide of a series. */
export interface SlideFound extends Found {
  readonly isNamed: boolean;
}

async function shownSlides(web: Dicomweb, actor: Actor, { series }: Found): Promise<InstanceEntry[]> {
  const shown: InstanceEntry[] = [];
  for (const entry of (await web.tables.load(series)).instances)
    if (isSlide(entry) && (await web.heldBack.isShown(actor, entry))) shown.push(entry);
  return shown;
}

/** The level in whose pixels a viewport is: the instance that is named, or the finest one. */
const ownLevel = (levels: readonly SlideLevel[], { entry, isNamed }: SlideFound): SlideLevel | undefined =>
  isNamed ? levels.find(({ sopInstanceUid }) => sopInstanceUid === entry.sopInstanceUid) : levels[0];

/**
 * A slide as one picture (PS3.18 10.4.1.1.3): an overview by the level that suits the viewport, or the region of it. Undefined for what is no level of
 * a slide, which is drawn as the image that it is. Fails with NOT_ACCEPTABLE where no level is coarse enough for what is asked.
 */
export async function sendSlide(
  web: Dicomweb,
  actor: Actor,
  found: SlideFound,
  params: RenderedParams,
  { request, reply }: Http,
) {
  const { series, entry, isNamed } = found;
  const stored = await slideWith(web, isNamed ? entry : undefined, await shownSlides(web, actor, found));
  const own =
    stored &&
    ownLevel(
      stored.slide.channels.flatMap(({ levels }) => levels),
      found,
    );
  if (stored === undefined || own === undefined) return undefined;
  const plan = planSlide(stored.slide, own, params.viewport);
  const level = stored.entryOf(plan.level);
  if (level === undefined) return undefined;
  await web.use(actor, series, 'rendered');
  const task = { series, entry: level, plan, params };
  void reply.header('vary', 'accept');
  if (notModified(request, reply, `"${slideKey(task)}"`)) return reply.code(304).send();
  const by = { whose: sharerOf(actor), gone: goneSignal(reply.raw) };
  return reply.header('content-type', params.type).send(await web.renderSlide(task, by));
}

/** The picture of the whole glass that scanners keep beside the levels; undefined where there is none. */
async function overviewOf(web: Dicomweb, actor: Actor, found: Found): Promise<InstanceEntry | undefined> {
  for (const entry of (await shownSlides(web, actor, found)).slice(0, 64)) {
    const [, , kind] = jsonStrings((await web.locator.header(entry)).json, '00080008');
    if (kind === 'THUMBNAIL' || kind === 'OVERVIEW') return entry;
  }
  return undefined;
}

/** The small picture of a slide: of its levels, or where none is coarse enough of the whole glass, or a drawn page. */
export async function sendSlideThumbnail(
  web: Dicomweb,
  actor: Actor,
  found: SlideFound,
  params: RenderedParams,
  http: Http,
): Promise<FastifyReply | undefined> {
  try {
    return await sendSlide(web, actor, found, params, http);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'NOT_ACCEPTABLE') throw error;
  }
  await web.use(actor, found.series, 'rendered');
  const entry = await overviewOf(web, actor, found);
  if (entry === undefined) return sendPlaceholder('SM', params, http);
  const task = { series: found.series, entry, frame: 0, params, withOverlays: false };
  void http.reply.header('vary', 'accept').header('cache-control', 'private, no-cache');
  return http.reply.header('content-type', params.type).send(await web.render(task));
}
