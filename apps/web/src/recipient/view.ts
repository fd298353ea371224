import { within } from './tones.ts';

const MOST_ZOOM = 12;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where a picture lies: `zoom` 1 fits it into its room; `x` and `y` move its middle from the room's, CSS pixels. */
export interface View {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}
export const FITTED: View = { zoom: 1, x: 0, y: 0 };

/** CSS pixels that a pixel of the picture takes when it fits. */
export const fitOf = (picture: Size, room: Size): number =>
  picture.width === 0 || picture.height === 0 ? 1 : Math.min(room.width / picture.width, room.height / picture.height);

/** Moved no further than its edge to the room's middle, so that it is never lost. */
function held({ zoom, x, y }: View, picture: Size, room: Size): View {
  const scale = fitOf(picture, room) * zoom;
  const [mostX, mostY] = [(picture.width * scale) / 2, (picture.height * scale) / 2];
  return zoom <= 1 ? FITTED : { zoom, x: within(x, -mostX, mostX), y: within(y, -mostY, mostY) };
}

/** Made larger by a factor about a point, given from the room's middle: what is there stays there. */
export function zoomed(
  view: View,
  factor: number,
  at: { readonly x: number; readonly y: number },
  sizes: readonly [Size, Size],
): View {
  const zoom = within(view.zoom * factor, 1, MOST_ZOOM);
  const by = zoom / view.zoom;
  return held({ zoom, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by }, ...sizes);
}

export const moved = (view: View, x: number, y: number, sizes: readonly [Size, Size]): View =>
  held({ ...view, x: view.x + x, y: view.y + y }, ...sizes);

/** Longest sides that a large picture is asked for in, pixels: few of them, so that a browser asks for the same again. */
const SIDES = [1024, 1600, 2400, 4096];
const MOST_SIDE = 16_000;

/** The longest side to ask for, so that each pixel of the screen has one of the picture; a smaller picture comes as it is. */
export function sideFor(room: Size, zoom: number, density: number): number {
  const needed = Math.max(room.width, room.height) * zoom * density;
  return SIDES.find((one) => one >= needed) ?? MOST_SIDE;
}
