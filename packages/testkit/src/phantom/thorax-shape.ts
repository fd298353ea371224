import { ease } from './canvas.ts';

/** Landmarks of the standard chest, in millimetres below the lung apex (`s`), with y towards the back. */
export const THORAX = { hilum: 118, hilumY: 8, carina: 98, diaphragm: 196, vertebraY: 62 } as const;

const HALF_WIDTH = [
  [-10, 38],
  [0, 48],
  [30, 84],
  [60, 104],
  [110, 122],
  [180, 134],
  [240, 136],
  [320, 128],
] as const;
const HALF_DEPTH = [
  [-10, 26],
  [0, 32],
  [40, 54],
  [90, 72],
  [160, 84],
  [240, 87],
  [320, 84],
] as const;
const BODY_HALF_WIDTH = [
  [-90, 62],
  [-50, 64],
  [-32, 110],
  [-14, 168],
  [10, 184],
  [60, 178],
  [100, 164],
  [200, 160],
  [320, 158],
] as const;
const BODY_HALF_DEPTH = [
  [-90, 62],
  [-45, 66],
  [-10, 82],
  [60, 104],
  [160, 114],
  [320, 112],
] as const;

export interface Section {
  readonly halfWidth: number;
  readonly halfDepth: number;
  readonly centreY: number;
}

/** The inner wall of the rib cage at a depth. */
export function cageAt(s: number): Section {
  const halfDepth = ease(HALF_DEPTH, s);
  // The apex lies towards the back: the front wall slopes forward, the back wall hardly.
  return { halfWidth: ease(HALF_WIDTH, s), halfDepth, centreY: 80 - halfDepth };
}

/** The skin at a depth. */
export function bodyAt(s: number): Section {
  return {
    halfWidth: ease(BODY_HALF_WIDTH, s),
    halfDepth: ease(BODY_HALF_DEPTH, s),
    centreY: ease(
      [
        [-60, 24],
        [0, 20],
        [120, 4],
      ],
      s,
    ),
  };
}
