import { type Canvas, fillEllipse, interpolate } from './canvas.ts';
import { CROSSING_VEIN_X, DESCENDING_AORTA, HEART, MEDIASTINUM } from './thorax-curves.ts';
import { cageAt, THORAX } from './thorax-shape.ts';
import { MUSCLE } from './thorax-tissues.ts';

export function paintMediastinum(canvas: Canvas, s: number, blood: number): void {
  const cage = cageAt(s);
  const half = interpolate(MEDIASTINUM, s);
  const fade = Math.sqrt(Math.max(0, Math.min(1, (258 - s) / 50)));
  fillEllipse(canvas, { x: 0, y: cage.centreY + 6, rx: half * fade, ry: (cage.halfDepth - 6) * fade }, -70);
  fillEllipse(canvas, { x: 0, y: THORAX.vertebraY + 8, rx: 25, ry: 25 }, MUSCLE);
  fillEllipse(canvas, { x: 5, y: 37, rx: 7, ry: 5 }, 40);
  paintGreatVessels(canvas, s, blood);
  paintAirway(canvas, s);
}

function paintGreatVessels(canvas: Canvas, s: number, blood: number): void {
  const vessel = (x: number, y: number, rx: number, ry = rx, turn = 0): void =>
    fillEllipse(canvas, { x, y, rx, ry, turn }, blood);
  if (s < 70) {
    vessel(-15, 0, 6.5);
    vessel(8, 2, 4);
    vessel(21, 12, 5);
    if (s > 30) vessel(interpolate(CROSSING_VEIN_X, s), -12, 12, 5, 0.1);
  }
  if (s > 44 && s < 130) vessel(-25, -10, 9, 10);
  if (s >= 66 && s < 90) vessel(10, 4, 14.5 - Math.abs(s - 78) * 0.25, 36 - Math.abs(s - 78) * 0.6, -0.42);
  if (s >= 84 && s < 140) vessel(-6, -20, 16);
  if (s >= 82) vessel(interpolate(DESCENDING_AORTA.x, s), interpolate(DESCENDING_AORTA.y, s), 12.5);
  if (s > 96 && s < 124) vessel(20, -14, 14.5);
  if (s > 107 && s < 121) vessel(-12, 4, 30, 8, 0.12);
  if (s > 97 && s < 113) vessel(32, 4, 19, 8, 0.5);
}

export function paintAirway(canvas: Canvas, s: number): void {
  if (s < THORAX.carina) {
    fillEllipse(canvas, { x: 0, y: 18, rx: 11, ry: 10.5 }, 40);
    fillEllipse(canvas, { x: 0, y: 18, rx: 9.2, ry: 8.6 }, -990);
    return;
  }
  const below = s - THORAX.carina;
  if (below > 34) return;
  for (const [side, slope] of [
    [-1, 0.75],
    [1, 1.15],
  ] as const) {
    const x = side * (7 + below * slope);
    fillEllipse(canvas, { x, y: 17 + below * 0.12, rx: 9.5 - below * 0.08, ry: 8 }, 40);
    fillEllipse(canvas, { x, y: 17 + below * 0.12, rx: 7.8 - below * 0.08, ry: 6.2 }, -985);
  }
}

export function paintHeart(canvas: Canvas, s: number, scale: number, blood: number): void {
  if (s < 112 || s > 216) return;
  const x = interpolate(HEART.x, s);
  const y = -26 + interpolate(HEART.y, s);
  const rx = scale * interpolate(HEART.rx, s);
  const ry = scale * interpolate(HEART.ry, s);
  const turn = -0.38;
  fillEllipse(canvas, { x, y, rx: rx + 3, ry: ry + 3, turn }, -80);
  fillEllipse(canvas, { x, y, rx, ry, turn }, 95);
  const chamber = (dx: number, dy: number, w: number, h: number, angle = turn): void =>
    fillEllipse(canvas, { x: x + dx * rx, y: y + dy * ry, rx: w * rx, ry: h * ry, turn: angle }, blood);
  chamber(-0.55, 0.1, 0.34, 0.55, 0.2);
  chamber(-0.05, -0.5, 0.5, 0.32);
  if (s < 172) chamber(0, 0.55, 0.52, 0.3, 0.1);
  if (s > 134) chamber(0.48, 0.0, 0.3, 0.36, -0.7);
}
