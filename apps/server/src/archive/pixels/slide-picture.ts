import { createHash } from 'node:crypto';
import { mappingWindow, needsSeriesMapping, type RenderedFrame, renderPlanFor } from '@negatoscope/dicom';
import sharp from 'sharp';
import { Failure } from '../../kernel/failure.ts';
import { ByteBudget } from '../../platform/sending/byte-budget.ts';
import { asFailure, encodedFrame } from './decoded-frames.ts';
import { withFrameMemory } from './frame-memory.ts';
import { planOfFrame } from './frame-plan.ts';
import type { SeriesHandle } from './handles.ts';
import { MadeOnce } from './made-once.ts';
import { encodeRaw, type PictureParams } from './picture.ts';
import type { PictureSource } from './renderer.ts';
import type { InstanceEntry } from './series-table.ts';
import type { SlidePlan } from './slide-plan.ts';

/** Tiles that are decoded at the same time, and how long all of them may take. */
const AT_ONCE = 3;
const MOST_MILLISECONDS = 30_000;
const CHANNELS = 3;
const CACHE_BYTES = 16 * 1024 * 1024;
/** Of pictures that are put together. A budget of its own: they wait for the memory of their tiles, which never wait for them. */
const canvases = new ByteBudget(192 * 1024 * 1024);

/** A part of a slide to draw. */
export interface SlideTask {
  readonly series: SeriesHandle;
  /** Of the plan's level. */
  readonly entry: InstanceEntry;
  readonly plan: SlidePlan;
  readonly params: PictureParams;
}

interface Canvas {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

async function tilePicture(source: PictureSource, { series, entry, params }: SlideTask, frame: number): Promise<RenderedFrame> {
  const plan = await planOfFrame(source, entry, frame);
  const mapping =
    params.window === undefined && needsSeriesMapping(plan) ? (await source.mappings.of(series)).mapping : undefined;
  const voi = params.window ?? plan.voi ?? (mapping && mappingWindow(mapping));
  return withFrameMemory(source, entry, { frame, isDecoded: true }, async () =>
    source.codecs.renderFrame(await encodedFrame(source, entry, frame), renderPlanFor(plan, voi)),
  );
}

/** Lays a tile where it belongs, on whole pixels so that no seam is between two; what of it is beyond the matrix or the part is left out. */
async function lay(canvas: Canvas, image: RenderedFrame, { level, part, width, height }: SlidePlan, x: number, y: number) {
  const [across, down] = [width / (part.right - part.left), height / (part.bottom - part.top)];
  const [columns, rows] = [Math.min(image.columns, level.columns - x), Math.min(image.rows, level.rows - y)];
  const [left, right] = [x, x + columns].map((at) => Math.round((at - part.left) * across)) as [number, number]; // Two in, two out.
  const [top, bottom] = [y, y + rows].map((at) => Math.round((at - part.top) * down)) as [number, number]; // The same.
  if (columns < 1 || rows < 1 || right <= left || bottom <= top) return;
  const raw = { width: image.columns, height: image.rows, channels: image.channels };
  const { data } = await sharp(image.pixels, { raw, limitInputPixels: false })
    .extract({ left: 0, top: 0, width: columns, height: rows })
    .resize({ width: right - left, height: bottom - top, fit: 'fill', kernel: across < 1 ? 'linear' : 'nearest' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const [from, to] = [Math.max(0, left), Math.min(canvas.width, right)];
  for (let row = Math.max(0, top); row < Math.min(canvas.height, bottom); row += 1) {
    const start = ((row - top) * (right - left) + from - left) * CHANNELS;
    canvas.data.set(data.subarray(start, start + (to - from) * CHANNELS), (row * canvas.width + from) * CHANNELS);
  }
}

async function drawTiles(source: PictureSource, task: SlideTask, canvas: Canvas): Promise<void> {
  const until = performance.now() + MOST_MILLISECONDS;
  const waiting = task.plan.tiles[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
      if (performance.now() > until) throw new Failure('FRAME_UNREADABLE', { detail: 'Drawing this slide takes too long.' });
      const { frame, x, y } = next.value;
      await lay(canvas, await tilePicture(source, task, frame - 1), task.plan, x, y);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** A part of a slide as one picture, never more of it in memory than the picture and a few tiles. A tile that can't be read is no gap but FRAME_UNREADABLE. */
async function slidePicture(source: PictureSource, task: SlideTask): Promise<Buffer> {
  const { width, height } = task.plan;
  const { viewport } = task.params;
  const size = width * height * CHANNELS;
  return canvases.use(2 * size, async () => {
    const canvas = { data: Buffer.alloc(size), width, height };
    await drawTiles(source, task, canvas);
    const drawn = sharp(canvas.data, { raw: { width, height, channels: CHANNELS }, limitInputPixels: false });
    const flopped = viewport?.isFlippedHorizontally === true ? drawn.flop() : drawn;
    return encodeRaw(viewport?.isFlippedVertically === true ? flopped.flip() : flopped, task.params);
  });
}

/** Changes with everything that the picture depends on. */
export function slideKey({ series, entry, plan, params }: SlideTask): string {
  const { type, quality, window, viewport } = params;
  const choices = JSON.stringify([type, quality, window, viewport, plan.part, plan.width, plan.height, series.mapping]);
  return `${entry.key}-slide-${createHash('sha256').update(choices).digest('base64url').slice(0, 16)}`;
}

/** Draws parts of slides, each once while it is in demand. Fails with FRAME_UNREADABLE, OBJECT_DAMAGED, or where there is no memory for it. */
export function createSlideRenderer(source: PictureSource): (task: SlideTask) => Promise<Buffer> {
  const pictures = new MadeOnce<Buffer>(CACHE_BYTES, ({ length }) => length);
  return async (task) => {
    if (await source.objects.isDamaged(task.entry.id)) throw new Failure('OBJECT_DAMAGED');
    try {
      return await pictures.get(slideKey(task), () => slidePicture(source, task));
    } catch (error) {
      throw asFailure(error);
    }
  };
}
