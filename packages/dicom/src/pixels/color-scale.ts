/** Colours for values of a map, from the least to the greatest. */
export const COLOR_SCALES = ['hot', 'spectrum', 'viridis', 'gray'] as const;
export type ColorScaleName = (typeof COLOR_SCALES)[number];
export const USUAL_COLORS: ColorScaleName = 'hot';

type Stop = readonly [red: number, green: number, blue: number];

/** Evenly apart. `hot` is the Hot Iron of PS3.6 B.1.1; `viridis` grows lighter evenly, also for who sees no red or green. */
const STOPS: Readonly<Record<ColorScaleName, readonly Stop[]>> = {
  hot: [
    [0, 0, 0],
    [128, 0, 0],
    [255, 0, 0],
    [255, 128, 0],
    [255, 255, 255],
  ],
  spectrum: [
    [0, 0, 255],
    [0, 255, 255],
    [0, 255, 0],
    [255, 255, 0],
    [255, 0, 0],
  ],
  viridis: [
    [68, 1, 84],
    [59, 82, 139],
    [33, 145, 140],
    [94, 201, 98],
    [253, 231, 37],
  ],
  gray: [
    [0, 0, 0],
    [255, 255, 255],
  ],
};

/** The colour at a share from 0 to 1. */
export function scaleColor(name: ColorScaleName, share: number): Stop {
  const stops = STOPS[name];
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const from = Math.min(Math.floor(at), stops.length - 2);
  const [a = [0, 0, 0], b = [0, 0, 0]] = [stops[from], stops[from + 1]];
  const mixed = (channel: 0 | 1 | 2): number => Math.round(a[channel] + (b[channel] - a[channel]) * (at - from));
  return [mixed(0), mixed(1), mixed(2)];
}

const tables = new Map<ColorScaleName, Uint8Array>();

/** 256 colours, three bytes each. */
export function scaleTable(name: ColorScaleName): Uint8Array {
  const known = tables.get(name) ?? Uint8Array.from(Array.from({ length: 256 }, (_, at) => scaleColor(name, at / 255)).flat());
  tables.set(name, known);
  return known;
}
