import { createHash } from 'node:crypto';
import { type FramePlan, mappingWindow, needsSeriesMapping, overlaysOf, renderPlanFor, type Window } from '@negatoscope/dicom';
import { Failure } from '../../kernel/failure.ts';
import type { GuardedObjects } from '../../platform/objects/store/index.ts';
import { bulkReader } from './bulk-reader.ts';
import { asFailure, encodedFrame, imageHeader, isImage, type PixelSource } from './decoded-frames.ts';
import { withFrameMemory } from './frame-memory.ts';
import { planOfFrame } from './frame-plan.ts';
import type { SeriesHandle } from './handles.ts';
import type { StoredSource } from './locate.ts';
import { MadeOnce } from './made-once.ts';
import { encodeImage, type PictureParams } from './picture.ts';
import { renderByState, type StateOf } from './render-by-state.ts';
import type { SeriesMappings } from './series-mappings.ts';
import type { InstanceEntry } from './series-table.ts';

const CACHE_BYTES = 64 * 1024 * 1024;

/** What draws as well. */
export interface PictureSource extends PixelSource {
  readonly objects: GuardedObjects;
  readonly mappings: SeriesMappings;
}

/** One image to make. */
export interface RenderTask {
  /** Undefined for what stands in no series: then it has only its own values to be shown by. */
  readonly series: SeriesHandle | undefined;
  readonly entry: InstanceEntry;
  /** Zero-based. */
  readonly frame: number;
  readonly params: PictureParams;
  readonly withOverlays: boolean;
  /** By which it is shown; undefined for the image as it is. */
  readonly state?: StateOf | undefined;
  /** Who waits for it: of what takes much memory each has a share. */
  readonly whose?: string | undefined;
}

/** Changes with everything that the image depends on: stored instances never change, the mapping of a series does with its version. */
export function renderKey({ series, entry, frame, params, withOverlays, state }: RenderTask): string {
  const { type, quality, window, viewport } = params;
  const mapping = window === undefined ? [series?.version, series?.mapping] : undefined;
  const choices = JSON.stringify([type, quality, window, viewport, withOverlays, mapping, state?.entry.key]);
  return `${entry.key}-${frame}-${createHash('sha256').update(choices).digest('base64url').slice(0, 16)}`;
}

/** The mapping of the series, for frames that store no window; colour has no need of one. */
async function windowOfSeries(
  { mappings }: Partial<Pick<PictureSource, 'mappings'>>,
  series: SeriesHandle | undefined,
  plan: FramePlan,
): Promise<Window | undefined> {
  const { mapping } = series !== undefined && needsSeriesMapping(plan) ? ((await mappings?.of(series)) ?? {}) : {};
  return mapping === undefined ? undefined : mappingWindow(mapping);
}

async function renderNow(source: PixelSource & Partial<Pick<PictureSource, 'mappings'>>, task: RenderTask): Promise<Buffer> {
  const { series, entry, frame, params, withOverlays, state } = task;
  const { header } = await imageHeader(source, entry);
  if (state !== undefined) return renderByState(source, { ...task, state }, (plan) => windowOfSeries(source, series, plan));
  try {
    // What other frames are decoded for comes first: work that holds memory never waits for more.
    const plan = await planOfFrame(source, entry, frame);
    const voi = params.window ?? plan.voi ?? (await windowOfSeries(source, series, plan));
    return await withFrameMemory(source, entry, { frame, isDecoded: true }, async () => {
      const encoded = await encodedFrame(source, entry, frame);
      const overlays = withOverlays ? await overlaysOf(header.json, frame, bulkReader(source, entry)) : undefined;
      const image = await source.codecs.renderFrame(encoded, renderPlanFor(plan, voi, overlays));
      return encodeImage(image, plan.pixelAspect, params);
    });
  } catch (error) {
    throw asFailure(error);
  }
}

/** A frame of a file that is in no archive, as `createRenderer` makes it; kept nowhere. Fails with FRAME_UNREADABLE, and with NOT_ACCEPTABLE for what is no image. */
export const renderLoose = (source: PixelSource, task: Pick<RenderTask, 'entry' | 'frame' | 'params'>): Promise<Buffer> =>
  renderNow(source, { ...task, series: undefined, withOverlays: false });

/** Renders frames, each once while it is in demand: what is being made is waited for, what was made is kept up to 64 MiB. */
export function createRenderer(source: PictureSource): (task: RenderTask) => Promise<Buffer> {
  const pictures = new MadeOnce<Buffer>(CACHE_BYTES, ({ length }) => length);
  return async (task) => {
    // Also of what is still in memory.
    if (await source.objects.isDamaged(task.entry.id)) throw new Failure('OBJECT_DAMAGED');
    return pictures.get(renderKey(task), () => renderNow(source, task));
  };
}

/** The instance that stands for a series: the middle one of those that have an image; undefined when none has. */
export function representative(entries: readonly InstanceEntry[]): InstanceEntry | undefined {
  const images = entries.filter(isImage);
  return images[Math.floor(images.length / 2)];
}

/** The frame that stands for an instance. Fails with NOT_ACCEPTABLE when it has none. */
export async function middleFrame(source: Pick<StoredSource, 'locator'>, entry: InstanceEntry): Promise<number> {
  await imageHeader(source, entry);
  const { count } = await source.locator.frameTable(entry);
  if (count === 0) throw new Failure('NOT_ACCEPTABLE', { detail: 'This instance has no image that can be shown.' });
  return Math.floor(count / 2);
}
