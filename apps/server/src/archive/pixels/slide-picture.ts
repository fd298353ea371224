import { createHash } from 'node:crypto';
import { mappingWindow, needsSeriesMapping, type RenderedFrame, renderPlanFor, type SlideTile } from '@negatoscope/dicom';
import sharp from 'sharp';
import { Failure } from '../../kernel/failure.ts';
import { workMemory } from '../../platform/sending/byte-budget.ts';
import { FairBudget } from '../../platform/sending/fair-budget.ts';
import { asFailure, encodedFrame } from './decoded-frames.ts';
import { DECODED_COPIES, withFrameMemory } from './frame-memory.ts';
import { planOfFrame } from './frame-plan.ts';
import type { SeriesHandle } from './handles.ts';
import { MadeOnce } from './made-once.ts';
import { encodeRaw, type PictureParams } from './picture.ts';
import type { PictureSource } from './renderer.ts';
import type { InstanceEntry } from './series-table.ts';
import type { SlidePlan } from './slide-plan.ts';
import { Abandoned, Wanted } from './wanted.ts';

/** Tiles that are decoded at the same time, and how long all of them may take. */
const AT_ONCE = 3;
const MOST_MILLISECONDS = 30_000;
const BUSY = 'Drawing this slide takes too long at the moment; a smaller region of it takes less.';
const CHANNELS = 3;
const CACHE_BYTES = 16 * 1024 * 1024;
/** What even the smallest counts as: its tiles are hundreds, and eight such pictures at once leave the threads to others. */
const LEAST_BYTES = 24 * 1024 * 1024;
/**
 * Of pictures that are put together. A budget of its own: they wait for the memory of their tiles, which never wait for them. Three are one person's at
 * most, whoever asks for a hundred.
 */
const canvases = new FairBudget(192 * 1024 * 1024, { bytes: 3 * LEAST_BYTES, pieces: 64 });

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

/** Draws a tile within the memory of its frame: decoded tiles of many pictures would be more than there is. */
async function drawTile(source: PictureSource, { series, entry, params, plan }: SlideTask, canvas: Canvas, tile: SlideTile) {
  const frame = tile.frame - 1;
  const shown = await planOfFrame(source, entry, frame);
  const mapping =
    params.window === undefined && needsSeriesMapping(shown) ? (await source.mappings.of(series)).mapping : undefined;
  const voi = params.window ?? shown.voi ?? (mapping && mappingWindow(mapping));
  await withFrameMemory(source, entry, { frame, isDecoded: true }, async () => {
    const image = await source.codecs.renderFrame(await encodedFrame(source, entry, frame), renderPlanFor(shown, voi));
    await lay(canvas, image, plan, tile.x, tile.y);
  });
}

/** Tiles of a picture that wait for memory at the same time: of large ones one, so that somebody else's is not behind all of them. */
function atOnce({ tileColumns, tileRows }: SlidePlan['level']): number {
  const bytes = DECODED_COPIES * CHANNELS * tileColumns * tileRows;
  return Math.max(1, Math.min(AT_ONCE, Math.floor(workMemory.maxBytes / bytes)));
}

async function drawTiles(source: PictureSource, task: SlideTask, canvas: Canvas, requireWanted: () => void): Promise<void> {
  const until = performance.now() + MOST_MILLISECONDS;
  const waiting = task.plan.tiles[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (let next = waiting.next(); next.done !== true; next = waiting.next()) {
      requireWanted();
      // How many tiles a picture has is bounded: it is others who take the time, now.
      if (performance.now() > until) throw new Failure('UNAVAILABLE', { detail: BUSY, retryAfterSeconds: 10 });
      await drawTile(source, task, canvas, next.value);
    }
  };
  await Promise.all(Array.from({ length: atOnce(task.plan.level) }, work));
}

/** A part of a slide as one picture, never more of it in memory than the picture and a few tiles. A tile that can't be read is no gap but FRAME_UNREADABLE. */
async function slidePicture(source: PictureSource, task: SlideTask, whose: string, requireWanted: () => void): Promise<Buffer> {
  const { width, height } = task.plan;
  const { viewport } = task.params;
  const size = width * height * CHANNELS;
  return canvases.use(whose, Math.max(LEAST_BYTES, 2 * size), async () => {
    requireWanted();
    const canvas = { data: Buffer.alloc(size), width, height };
    await drawTiles(source, task, canvas, requireWanted);
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

/** Who waits for a picture, until `gone`. */
interface Waiting {
  readonly whose: string;
  readonly gone: AbortSignal;
}

/** Draws a part of a slide for somebody. */
export type RenderSlide = (task: SlideTask, by: Waiting) => Promise<Buffer>;

/**
 * Draws parts of slides, each once while it is in demand, and to its end only while somebody is. Fails with FRAME_UNREADABLE, OBJECT_DAMAGED, with
 * RATE_LIMITED for who asks for too many at once, or with UNAVAILABLE where there is neither memory nor time for it now.
 */
export function createSlideRenderer(source: PictureSource): RenderSlide {
  const pictures = new MadeOnce<Buffer>(CACHE_BYTES, ({ length }) => length);
  const wanted = new Wanted();
  return async (task, { whose, gone }) => {
    if (await source.objects.isDamaged(task.entry.id)) throw new Failure('OBJECT_DAMAGED');
    const key = slideKey(task);
    const make = (): Promise<Buffer> => slidePicture(source, task, whose, () => wanted.require(key));
    const picture = (): Promise<Buffer> => wanted.by(key, gone, () => pictures.get(key, make));
    try {
      // Whoever comes while a picture is being given up has it made again.
      return await picture().catch((error: unknown) =>
        error instanceof Abandoned && !gone.aborted ? picture() : Promise.reject(error),
      );
    } catch (error) {
      throw asFailure(error);
    }
  };
}
