import { displayedSize, type RenderedFrame, type Window } from '@negatoscope/dicom';
import sharp, { type Sharp } from 'sharp';
import { Failure } from '../../kernel/failure.ts';

// Rendered images come from this process's own memory: a cache of files has nothing to keep.
sharp.cache(false);

/** Region of the image and the size to show it in (PS3.18 8.3.5.1.4). */
export interface Viewport {
  /** Most pixels of the result, which keeps the image's proportions and is never larger than what it shows of the image. */
  readonly width: number;
  readonly height: number;
  readonly region: { left: number; top: number; width: number; height: number } | undefined;
  readonly isFlippedHorizontally: boolean;
  readonly isFlippedVertically: boolean;
}

export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;
export type PictureType = (typeof PICTURE_TYPES)[number];

/** How a frame is made a picture. */
export interface PictureParams {
  readonly type: PictureType;
  /** Of JPEG and WebP, 1 to 100. */
  readonly quality: number;
  /** Undefined for the frame's own window, or else that of its series. */
  readonly window: Window | undefined;
  /** Undefined for the whole image in its own size. */
  readonly viewport: Viewport | undefined;
}

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

function resized(source: Sharp, size: { rows: number; columns: number }): Sharp {
  return source.resize({ width: size.columns, height: size.rows, fit: 'fill', kernel: 'cubic' });
}

/** `source` in its proportions: pixels that are not square are made so (PS3.3 C.7.6.3.1.7), at the size of the viewport where there is one. */
function show(source: Sharp, image: RenderedFrame, pixelAspect: number, viewport: Viewport | undefined): Sharp {
  const region = viewport === undefined ? undefined : cut(image, viewport);
  const part = region === undefined ? source : source.extract(region);
  const displayed = displayedSize(region?.height ?? image.rows, region?.width ?? image.columns, pixelAspect);
  if (viewport === undefined) return pixelAspect === 1 ? part : resized(part, displayed);
  // What scaling up adds are no details, and a client does it for less: 16,384 pixels a side took seconds of the processor.
  const scale = Math.min(1, viewport.width / displayed.columns, viewport.height / displayed.rows);
  const side = (pixels: number): number => Math.max(1, Math.round(pixels * scale));
  let shown = resized(part, { rows: side(displayed.rows), columns: side(displayed.columns) });
  if (viewport.isFlippedHorizontally) shown = shown.flop();
  return viewport.isFlippedVertically ? shown.flip() : shown;
}

/** What is larger than a format can hold on a side: WebP has 16,383 pixels, JPEG 65,500. */
const BEYOND_FORMAT = /too large for the \w+ format|Maximum supported image dimension/;
const NO_ROOM = 'This picture has more pixels on a side than this format can hold: ask for image/png, or for a smaller viewport.';

function bytesOf(shown: Sharp, type: PictureType, quality: number): Promise<Buffer> {
  switch (type) {
    case 'image/png':
      return shown.png({ compressionLevel: PNG_LEVEL }).toBuffer();
    case 'image/webp':
      return shown.webp({ quality, effort: WEBP_EFFORT }).toBuffer();
    default:
      return shown.jpeg({ quality, optimiseCoding: false }).toBuffer();
  }
}

/** Fails with NOT_ACCEPTABLE for what is too long or too high for its format. */
async function encoded(shown: Sharp, type: PictureType, quality: number): Promise<Buffer> {
  try {
    return await bytesOf(shown, type, quality);
  } catch (error) {
    if (error instanceof Error && BEYOND_FORMAT.test(error.message)) throw new Failure('NOT_ACCEPTABLE', { detail: NO_ROOM });
    throw error;
  }
}

export const encodeRaw = (source: Sharp, { type, quality }: PictureParams): Promise<Buffer> => encoded(source, type, quality);

/** A rendered frame as JPEG, PNG or WebP in the asked viewport and its own proportions; libvips works in threads of its own. */
export async function encodeImage(image: RenderedFrame, pixelAspect: number, params: PictureParams): Promise<Buffer> {
  const raw = { width: image.columns, height: image.rows, channels: image.channels };
  const source = sharp(image.pixels, { raw, limitInputPixels: false });
  // One channel stays one: otherwise JPEG and PNG of gray images get three.
  const shown = show(image.channels === 1 ? source.toColourspace('b-w') : source, image, pixelAspect, params.viewport);
  return encoded(shown, params.type, params.quality);
}

/** What was drawn as SVG by this server, of paths alone, as a picture: no larger than the viewport, in its proportions. `density` in dots an inch. */
export function encodeDrawing(svg: string, density: number, { type, quality, viewport }: PictureParams): Promise<Buffer> {
  const drawn = sharp(Buffer.from(svg), { density });
  const shown =
    viewport === undefined
      ? drawn
      : drawn.resize({ width: viewport.width, height: viewport.height, fit: 'inside', withoutEnlargement: true });
  return encoded(shown.flatten({ background: '#ffffff' }), type, quality);
}
