import {
  areaOf,
  edgesOf,
  type PresentationState,
  type RenderedFrame,
  type StateFrame,
  type StatePlace,
  stateDrawing,
  waysOf,
} from '@negatoscope/dicom';
import sharp, { type Sharp } from 'sharp';
import { Failure } from '../../kernel/failure.ts';
import { FairBudget } from '../../platform/sending/fair-budget.ts';
import { encodeRaw, type PictureParams } from './picture.ts';

/** What a state draws is laid out for a screen whose longer side has this many pixels, whatever the size of the picture. */
const SCREEN = 1024;
/** Drawings are legible from here on: a small image with drawings grows by whole steps. */
const LEGIBLE = 512;
const MAX_PIXELS = 32 * 1024 * 1024;
/** Of one that is drawn over: it is in colour, several times. */
const MAX_DRAWN_PIXELS = 16 * 1024 * 1024;
/**
 * Of all such pictures together, and a person's. A displayed area may be a thousand times as large as its image, whose memory is counted apart and waited
 * for by who has room here, never the other way round.
 */
const canvases = new FairBudget(224 * 1024 * 1024, { bytes: 128 * 1024 * 1024, pieces: 64 });
/** Copies of a picture while it is cut out and turned, and bytes a pixel while it is drawn over. */
const COPIES = 2;
const MOST_CHANNELS = 3;
const DRAWN_BYTES = 6;

/** An upright picture of 8 bits. */
interface Raw {
  readonly data: Buffer | Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
}

interface Layout {
  /** The displayed area in pixels of the image, from its corner; it may reach beyond. */
  readonly area: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  /** Its size in the picture, before it is turned. */
  readonly width: number;
  readonly height: number;
}

const whole = (value: number): number => Math.max(1, Math.round(value));

/** How large the displayed area (PS3.3 C.10.4) becomes: pixel for pixel with square pixels, no larger than the viewport, and large enough for what is drawn. */
function layoutOf(state: PresentationState, frame: StateFrame, aspect: number, viewport: PictureParams['viewport']): Layout {
  const { left, right, top, bottom } = edgesOf(areaOf(state, frame), frame);
  const area = { left: Math.floor(left), top: Math.floor(top), width: whole(right - left), height: whole(bottom - top) };
  const [across, down] = aspect >= 1 ? [area.width, area.height * aspect] : [area.width / aspect, area.height];
  const [shownAcross, shownDown] = state.rotation % 180 === 0 ? [across, down] : [down, across];
  const longest = Math.max(across, down);
  const grown = state.annotations.length > 0 && longest < LEGIBLE ? Math.ceil(LEGIBLE / longest) : 1;
  const fits = viewport === undefined ? grown : Math.min(viewport.width / shownAcross, viewport.height / shownDown);
  const most = state.annotations.length > 0 ? MAX_DRAWN_PIXELS : MAX_PIXELS;
  const scale = Math.min(grown, fits, Math.sqrt(most / (across * down)));
  // An area beyond all numbers, or a line of millions of pixels, is no picture.
  if (!(scale > 0) || longest * scale > MAX_SIDE) throw new Failure('NOT_ACCEPTABLE', { detail: NO_AREA });
  return { area, width: whole(across * scale), height: whole(down * scale) };
}

const MAX_SIDE = 16_384;
const NO_AREA = 'The displayed area of this presentation state is too large to be drawn.';

const sharpOf = ({ data, width, height, channels }: Raw): Sharp =>
  sharp(data, { raw: { width, height, channels }, limitInputPixels: false });

async function rawOf(source: Sharp, channels: 1 | 3): Promise<Raw> {
  const { data, info } = await (channels === 1 ? source.toColourspace('b-w') : source)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

/** The displayed area on black: what of it lies outside of the image is empty. */
async function cutOut(image: RenderedFrame, { area, width, height }: Layout): Promise<Raw> {
  const { channels, columns, rows } = image;
  const [left, top] = [Math.max(0, area.left), Math.max(0, area.top)];
  const [right, bottom] = [Math.min(columns, area.left + area.width), Math.min(rows, area.top + area.height)];
  const black = { width, height, channels, data: Buffer.alloc(width * height * channels) };
  if (right <= left || bottom <= top) return black;
  const [across, down] = [width / area.width, height / area.height];
  const part = { left, top, width: right - left, height: bottom - top };
  const at = { left: Math.round((left - area.left) * across), top: Math.round((top - area.top) * down) };
  const size = {
    width: Math.min(width - at.left, whole(part.width * across)),
    height: Math.min(height - at.top, whole(part.height * down)),
  };
  if (size.width < 1 || size.height < 1) return black;
  const source = sharpOf({ data: image.pixels, width: columns, height: rows, channels }).extract(part);
  const isSame = size.width === part.width && size.height === part.height;
  const shown = await rawOf(isSame ? source : source.resize({ ...size, fit: 'fill', kernel: 'cubic' }), channels);
  if (size.width === width && size.height === height) return shown;
  for (let row = 0; row < size.height; row += 1)
    black.data.set(
      shown.data.subarray(row * size.width * channels, (row + 1) * size.width * channels),
      ((row + at.top) * width + at.left) * channels,
    );
  return black;
}

/** Turned clockwise, then flipped (C.10.6). */
async function turned(raw: Raw, { rotation, isFlipped }: PresentationState, channels: 1 | 3): Promise<Raw> {
  const upright = rotation === 0 ? raw : await rawOf(sharpOf(raw).rotate(rotation), channels);
  return isFlipped ? rawOf(sharpOf(upright).flop(), channels) : upright;
}

/** Where the image's corner lies in the picture, and how far a column and a row go, in pixels of it times `unit`. */
function placeOf(state: PresentationState, { area, width, height }: Layout, unit: number): StatePlace {
  const ways = waysOf(state);
  const [across, down] = [(unit * width) / area.width, (unit * height) / area.height];
  const i = [ways.i[0] * across, ways.i[1] * across] as const;
  const j = [ways.j[0] * down, ways.j[1] * down] as const;
  const corner = (axis: 0 | 1): number =>
    -Math.min(0, i[axis] * area.width) - Math.min(0, j[axis] * area.height) - area.left * i[axis] - area.top * j[axis];
  return { origin: [corner(0), corner(1)], i, j };
}

/** What is drawn, and for whom. */
interface StateDrawing {
  readonly state: PresentationState;
  readonly frame: StateFrame;
  readonly aspect: number;
  readonly whose: string;
}

/**
 * The picture of a frame by a presentation state: `decode` gives the frame with the state's grays, overlays and shutters to what draws on, within its own
 * memory. Fails with NOT_ACCEPTABLE for an area that is none, with RATE_LIMITED or UNAVAILABLE where it is not its turn.
 */
export async function encodeStatePicture(
  { state, frame, aspect, whose }: StateDrawing,
  params: PictureParams,
  decode: (draw: (image: RenderedFrame) => Promise<Buffer>) => Promise<Buffer>,
): Promise<Buffer> {
  const layout = layoutOf(state, frame, aspect, params.viewport);
  const bytes = layout.width * layout.height * (COPIES * MOST_CHANNELS + (state.annotations.length > 0 ? DRAWN_BYTES : 0));
  return canvases.use(whose, bytes, () => decode((image) => pictureOf(image, { state, frame, layout }, params)));
}

interface LaidOut {
  readonly state: PresentationState;
  readonly frame: StateFrame;
  readonly layout: Layout;
}

async function pictureOf(image: RenderedFrame, { state, frame, layout }: LaidOut, params: PictureParams): Promise<Buffer> {
  const raw = await turned(await cutOut(image, layout), state, image.channels);
  const scale = Math.max(raw.width, raw.height) / SCREEN;
  const svg = stateDrawing(state, frame, placeOf(state, layout, 1 / scale), { width: raw.width, height: raw.height, scale });
  if (svg === undefined) return encodeRaw(image.channels === 1 ? sharpOf(raw).toColourspace('b-w') : sharpOf(raw), params);
  return encodeRaw(
    sharpOf(raw)
      .toColourspace('srgb')
      .composite([{ input: Buffer.from(svg) }])
      .removeAlpha(),
    params,
  );
}
