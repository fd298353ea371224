import type { Actor } from '../../../access/index.ts';
import {
  type InstanceEntry,
  imageHeader,
  isImage,
  middleFrame,
  openInstance,
  representative,
  type SeriesHandle,
} from '../../../archive/pixels/index.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { parseFrameList } from '../frames/frames.ts';
import { instancePathOf, type Params, pathOf, seriesWith } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import { isNoImage, renderedFormOf } from './rendered-form.ts';

const MAX_IMAGES_A_REQUEST = 200;
/** Headers that are read to find one instance of a series that may be shown. */
const MAX_TRIED = 32;

interface Target {
  readonly series: SeriesHandle;
  readonly entry: InstanceEntry;
  readonly frames: readonly number[];
}

export type Found = Omit<Target, 'frames'>;

/** The first of what can stand for a series without images; undefined when this actor may see none. */
async function documentOf(
  web: Dicomweb,
  actor: Actor,
  series: SeriesHandle,
  stands: (entry: InstanceEntry) => unknown,
): Promise<Found | undefined> {
  const documents = (await web.tables.load(series)).instances.filter(stands);
  for (const entry of documents.slice(0, MAX_TRIED)) if (await web.heldBack.isShown(actor, entry)) return { series, entry };
  return undefined;
}

/** The first series of a study that has an image, and the instance that stands for it; else its first document. */
export async function ofStudy(web: Dicomweb, actor: Actor, params: Params, isThumbnail: boolean): Promise<Found> {
  let isHeldBack = false;
  const list = await web.handles.allSeries(await web.handles.study(actor, pathOf(params)));
  for (const series of list) {
    const entry = representative((await web.tables.load(series)).instances);
    const shown = entry === undefined ? undefined : await shownOf(web, actor, series, entry);
    if (shown !== undefined) return { series, entry: shown };
    isHeldBack ||= entry !== undefined;
  }
  if (isHeldBack) throw new Failure('HELD_BACK');
  // A presentation state without its images shows nothing of a study that other documents tell.
  const isDocument = (entry: InstanceEntry): boolean => (renderedFormOf(entry)?.kind ?? 'state') !== 'state';
  for (const series of list) {
    const found = await documentOf(web, actor, series, isThumbnail ? isNoImage : isDocument);
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

export async function ofSeries(web: Dicomweb, actor: Actor, params: Params, isThumbnail: boolean): Promise<Found> {
  if (params.instance !== undefined) return openInstance(web, actor, instancePathOf(params));
  const series = await seriesWith(web, actor, params);
  const entry = representative((await web.tables.load(series)).instances);
  if (entry === undefined) {
    const document = await documentOf(web, actor, series, isThumbnail ? isNoImage : renderedFormOf);
    if (document === undefined) throw notFound();
    return document;
  }
  const shown = await shownOf(web, actor, series, entry);
  if (shown === undefined) throw new Failure('HELD_BACK');
  return { series, entry: shown };
}

export async function targetOf(web: Dicomweb, found: Found, params: Params): Promise<Target> {
  if (params.frames === undefined) return { ...found, frames: [await middleFrame(web, found.entry)] };
  await imageHeader(web, found.entry);
  const frames = parseFrameList(params.frames, (await web.locator.frameTable(found.entry)).count);
  if (frames.length > MAX_IMAGES_A_REQUEST) throw new Failure('BAD_REQUEST', { detail: 'Too many frames in one request.' });
  return { ...found, frames };
}
