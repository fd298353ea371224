import { createHash } from 'node:crypto';
import { type FramePlan, mappingWindow, needsSeriesMapping, overlaysOf, renderPlanFor, type Window } from '@negatoscope/dicom';
import { LRUCache } from 'lru-cache';
import type { SeriesHandle } from '../../archive/pixels/handles.ts';
import type { InstanceEntry } from '../../archive/pixels/series-table.ts';
import { Failure } from '../../kernel/failure.ts';
import { bulkReader } from './bulk-reader.ts';
import { planOfFrame } from './frame-plan.ts';
import { withFrameMemory } from './frame-work.ts';
import { encodeImage } from './rendered-image.ts';
import type { RenderedParams } from './rendered-params.ts';
import type { Dicomweb } from './service.ts';
import { asFailure, encodedFrame, imageHeader, isImage } from './transcode.ts';

const CACHE_BYTES = 64 * 1024 * 1024;
/** One image to make. */
export interface RenderTask {
  /** Undefined for what stands in no series: then it has only its own values to be shown by. */
  readonly series: SeriesHandle | undefined;
  readonly entry: InstanceEntry;
  /** Zero-based. */
  readonly frame: number;
  readonly params: RenderedParams;
  readonly withOverlays: boolean;
}

/** Changes with everything that the image depends on: stored instances never change, the mapping of a series does with its version. */
export function renderKey({ series, entry, frame, params, withOverlays }: RenderTask): string {
  const { type, quality, window, viewport } = params;
  const mapping = window === undefined ? [series?.version, series?.mapping] : undefined;
  const choices = JSON.stringify([type, quality, window, viewport, withOverlays, mapping]);
  return `${entry.key}-${frame}-${createHash('sha256').update(choices).digest('base64url').slice(0, 16)}`;
}

/** The mapping of the series, for frames that store no window; colour has no need of one. */
async function windowOfSeries(web: Dicomweb, series: SeriesHandle | undefined, plan: FramePlan): Promise<Window | undefined> {
  const { mapping } = series !== undefined && needsSeriesMapping(plan) ? await web.mappings.of(series) : {};
  return mapping === undefined ? undefined : mappingWindow(mapping);
}

async function renderNow(web: Dicomweb, task: RenderTask): Promise<Buffer> {
  const { series, entry, frame, params, withOverlays } = task;
  const { header } = await imageHeader(web, entry);
  try {
    // What other frames are decoded for comes first: work that holds memory never waits for more.
    const plan = await planOfFrame(web, entry, frame);
    const voi = params.window ?? plan.voi ?? (await windowOfSeries(web, series, plan));
    return await withFrameMemory(web, entry, { frame, isDecoded: true }, async () => {
      const encoded = await encodedFrame(web, entry, frame);
      const overlays = withOverlays ? await overlaysOf(header.json, frame, bulkReader(web, entry)) : undefined;
      const image = await web.codecs.renderFrame(encoded, renderPlanFor(plan, voi, overlays));
      return encodeImage(image, plan.pixelAspect, params);
    });
  } catch (error) {
    throw asFailure(error);
  }
}

/** Renders frames, each once while it is in demand: what is being made is waited for, what was made is kept up to 64 MiB. */
export function createRenderer(web: Dicomweb): (task: RenderTask) => Promise<Buffer> {
  const cache = new LRUCache<string, Buffer>({ maxSize: CACHE_BYTES });
  const making = new Map<string, Promise<Buffer>>();
  return async (task) => {
    // Also of what is still in memory.
    if (await web.objects.isDamaged(task.entry.id)) throw new Failure('OBJECT_DAMAGED');
    const key = renderKey(task);
    const known = cache.get(key);
    if (known !== undefined) return known;
    const pending = making.get(key) ?? renderNow(web, task).finally(() => making.delete(key));
    making.set(key, pending);
    const body = await pending;
    cache.set(key, body, { size: body.length + 200 });
    return body;
  };
}

/** The instance that stands for a series: the middle one of those that have an image; undefined when none has. */
export function representative(entries: readonly InstanceEntry[]): InstanceEntry | undefined {
  const images = entries.filter(isImage);
  return images[Math.floor(images.length / 2)];
}

/** The frame that stands for an instance. Fails with NOT_ACCEPTABLE when it has none. */
export async function middleFrame(web: Dicomweb, entry: InstanceEntry): Promise<number> {
  await imageHeader(web, entry);
  const { count } = await web.locator.frameTable(entry);
  if (count === 0) throw new Failure('NOT_ACCEPTABLE', { detail: 'This instance has no image that can be shown.' });
  return Math.floor(count / 2);
}
