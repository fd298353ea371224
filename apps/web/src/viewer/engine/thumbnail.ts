import type { Types } from '@cornerstonejs/core';
import { autoRange, windowToRange } from '../model/presets.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { loadFrame, registerSeries } from './frame-loader.ts';

const first = (value: number | readonly number[] | undefined): number | undefined =>
  typeof value === 'number' ? value : value?.[0];

/** Grey levels of an image, 0 to 255: its own window, or one from its values. */
function greyScale(image: Types.IImage, values: ArrayLike<number>): (value: number) => number {
  const center = first(image.windowCenter);
  const width = first(image.windowWidth);
  const range = center !== undefined && width !== undefined && width > 1 ? windowToRange(center, width) : autoRange(values);
  const lower = range?.lower ?? 0;
  const span = Math.max(1e-6, (range?.upper ?? 255) - lower);
  const isInverted = image.invert || image.photometricInterpretation === 'MONOCHROME1';
  return (value) => {
    const level = Math.min(255, Math.max(0, ((value - lower) / span) * 255));
    return isInverted ? 255 - level : level;
  };
}

function draw(image: Types.IImage, size: number): HTMLCanvasElement | undefined {
  const canvas = document.createElement('canvas');
  const scale = size / Math.max(image.columns, image.rows);
  canvas.width = Math.max(1, Math.round(image.columns * scale));
  canvas.height = Math.max(1, Math.round(image.rows * scale));
  const context = canvas.getContext('2d');
  if (context === null) return undefined;
  const values: ArrayLike<number> = image.voxelManager?.getScalarData() ?? image.getPixelData();
  const samples = Math.max(1, Math.round(values.length / (image.columns * image.rows)));
  const level = samples === 1 ? greyScale(image, values) : (value: number) => value;
  const pixels = context.createImageData(canvas.width, canvas.height);
  for (let y = 0; y < canvas.height; y += 1) {
    const row = Math.min(image.rows - 1, Math.floor((y + 0.5) / scale));
    for (let x = 0; x < canvas.width; x += 1) {
      const column = Math.min(image.columns - 1, Math.floor((x + 0.5) / scale));
      const source = (row * image.columns + column) * samples;
      const target = (y * canvas.width + x) * 4;
      for (let channel = 0; channel < 3; channel += 1) {
        pixels.data[target + channel] = level(values[source + (samples >= 3 ? channel : 0)] ?? 0);
      }
      pixels.data[target + 3] = 255;
    }
  }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

let queue: Promise<unknown> = Promise.resolve();

/** Draws the first shown frame of a series, `size` CSS px on its longer side, as a data URL; one series at a time. */
export function renderThumbnail(series: SeriesModel, size: number): Promise<string | undefined> {
  const run = async (): Promise<string | undefined> => {
    const frame = series.frames[series.firstIndex];
    if (frame === undefined) return undefined;
    registerSeries(series);
    return draw(await loadFrame(frame.imageId), size)?.toDataURL('image/png');
  };
  const result = queue.then(run);
  queue = result.catch(() => undefined);
  return result;
}
