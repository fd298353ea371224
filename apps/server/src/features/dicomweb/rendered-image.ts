import type { RenderedFrame } from '@negatoscope/dicom';
import sharp, { type Sharp } from 'sharp';
import { Failure } from '../../kernel/failure.ts';
import type { RenderedParams, Viewport } from './rendered-params.ts';

// Rendered images come from this process's own memory: a cache of files has nothing to keep.
sharp.cache(false);

const PNG_LEVEL = 2;
const WEBP_EFFORT = 0;

/** The part of the region that lies in the image. Fails with BAD_REQUEST when there is none. */
function cut(
  image: RenderedFrame,
  { region }: Viewport,
): { left: number; top: number; width: number; height: number } | undefined {
  if (region === undefined) return undefined;
  const width = Math.min(region.width, image.columns - region.left);
  const height = Math.min(region.height, image.rows - region.top);
  if (width < 1 || height < 1)
    throw new Failure('BAD_REQUEST', { detail: 'The region of the viewport is outside of the image.' });
  return { left: region.left, top: region.top, width, height };
}

function show(source: Sharp, image: RenderedFrame, viewport: Viewport | undefined): Sharp {
  if (viewport === undefined) return source;
  const region = cut(image, viewport);
  let shown = region === undefined ? source : source.extract(region);
  const { width, height } = viewport;
  // What scaling up adds are no details, and a client does it for less: 16,384 pixels a side took seconds of the processor.
  shown = shown.resize({ width, height, fit: 'inside', kernel: 'cubic', withoutEnlargement: true });
  if (viewport.isFlippedHorizontally) shown = shown.flop();
  return viewport.isFlippedVertically ? shown.flip() : shown;
}

/** A rendered frame as JPEG, PNG or WebP in the asked viewport; libvips works in threads of its own. */
export async function encodeImage(image: RenderedFrame, params: RenderedParams): Promise<Buffer> {
  const raw = { width: image.columns, height: image.rows, channels: image.channels };
  const source = sharp(image.pixels, { raw, limitInputPixels: false });
  // One channel stays one: otherwise JPEG and PNG of gray images get three.
  const shown = show(image.channels === 1 ? source.toColourspace('b-w') : source, image, params.viewport);
  switch (params.type) {
    case 'image/png':
      return shown.png({ compressionLevel: PNG_LEVEL }).toBuffer();
    case 'image/webp':
      return shown.webp({ quality: params.quality, effort: WEBP_EFFORT }).toBuffer();
    default:
      return shown.jpeg({ quality: params.quality, optimiseCoding: false }).toBuffer();
  }
}
