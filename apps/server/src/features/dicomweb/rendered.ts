import { createHash } from 'node:crypto';
import { swapWords } from '@negatoscope/dicom';
import { Failure, notFound } from '../../kernel/failure.ts';
import { Lru } from './lru.ts';
import { encodeImage } from './rendered-image.ts';
import type { RenderedParams } from './rendered-params.ts';
import { type ReadBulk, renderPlanOf } from './rendered-plan.ts';
import type { InstanceEntry } from './series-table.ts';
import type { Dicomweb } from './service.ts';
import { asFailure, encodedFrames, imageHeader, isDecodable } from './transcode.ts';

const CACHE_BYTES = 64 * 1024 * 1024;
/** Tables and overlays of a header; nothing that draws an image is longer. */
const MAX_BULK_BYTES = 16 * 1024 * 1024;
const BULK = /^bulk:(\d{1,15}):(\d{1,15})(?::be([248]))?(:inflated)?$/;

/** One image to make. */
export interface RenderTask {
  readonly entry: InstanceEntry;
  /** Zero-based. */
  readonly frame: number;
  readonly params: RenderedParams;
  readonly withOverlays: boolean;
}

/** Changes with everything that the image depends on: stored instances never change. */
export function renderKey({ entry, frame, params, withOverlays }: RenderTask): string {
  const { type, quality, window, viewport } = params;
  const choices = JSON.stringify([type, quality, window, viewport, withOverlays]);
  return `${entry.id}-${frame}-${createHash('sha256').update(choices).digest('base64url').slice(0, 16)}`;
}

function bulkReader(web: Dicomweb, entry: InstanceEntry): ReadBulk {
  return async (uri) => {
    const match = BULK.exec(uri);
    const [offset, length] = [Number(match?.[1]), Number(match?.[2])];
    if (match === null || length > MAX_BULK_BYTES) return undefined;
    const bytes =
      match[4] === undefined
        ? await web.objects.read(entry.id, offset, length)
        : await web.locator.inflated(entry, offset, offset + length);
    return match[3] === undefined ? bytes : swapWords(bytes, Number(match[3]));
  };
}

async function renderNow(web: Dicomweb, task: RenderTask): Promise<Buffer> {
  const { entry, frame, params, withOverlays } = task;
  const { header } = await imageHeader(web, entry);
  const [encoded] = await encodedFrames(web, entry, [frame]);
  if (encoded === undefined) throw notFound();
  try {
    const plan = await renderPlanOf(header.json, { frame, window: params.window, withOverlays }, bulkReader(web, entry));
    return await encodeImage(await web.codecs.renderFrame(encoded, plan), params);
  } catch (error) {
    throw asFailure(error);
  }
}

/** Renders frames, each once while it is in demand: what is being made is waited for, what was made is kept up to 64 MiB. */
export function createRenderer(web: Dicomweb): (task: RenderTask) => Promise<Buffer> {
  const cache = new Lru<Buffer>(CACHE_BYTES);
  const making = new Map<string, Promise<Buffer>>();
  return async (task) => {
    const key = renderKey(task);
    const known = cache.get(key);
    if (known !== undefined) return known;
    const pending = making.get(key) ?? renderNow(web, task).finally(() => making.delete(key));
    making.set(key, pending);
    const body = await pending;
    cache.set(key, body, body.length + 200);
    return body;
  };
}

const isImage = (entry: InstanceEntry): boolean =>
  entry.rows !== null && entry.columns !== null && entry.frames > 0 && isDecodable(entry.transferSyntaxUid);

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
