import type { Seed } from '../prng.ts';
import { type Canvas, clear, ease, fillEllipse, interpolate } from './canvas.ts';
import { paintBase, paintBelowSkull } from './head-base.ts';
import { paintBrain } from './head-brain.ts';
import { HEAD } from './head-measures.ts';
import { foldsOf } from './head-sulci.ts';

const SKULL_HALF_WIDTH = [
  [56, 69],
  [84, 70],
  [112, 66],
  [135, 60],
  [170, 56],
] as const;
const SKULL_HALF_LENGTH = [
  [56, 87],
  [84, 88],
  [112, 82],
  [135, 72],
  [170, 66],
] as const;

/** Skin and fat; over the vault they close a few millimetres above the bone. */
function paintScalp(canvas: Canvas, s: number, y: number, skull: { rx: number; ry: number }): void {
  for (const [thickness, tissue] of [
    [6.5, HEAD.skin],
    [4.2, HEAD.fat],
  ] as const) {
    const above = s < 56 ? Math.sqrt(Math.max(0, 1 - ((56 - s) / (57 + thickness)) ** 2)) : 1;
    const rx = s < 56 ? (ease(SKULL_HALF_WIDTH, 56) + thickness) * above : skull.rx + thickness;
    const ry = s < 56 ? (ease(SKULL_HALF_LENGTH, 56) + thickness) * above : skull.ry + thickness;
    fillEllipse(canvas, { x: 0, y, rx, ry, exponent: 2.15 }, tissue);
  }
}

/** Paints Hounsfield units of the head at depth `s` millimetres below the vertex; x runs to the patient's left, y to the back. */
export function paintHead(canvas: Canvas, s: number, seed: Seed): void {
  const folds = foldsOf(seed);
  clear(canvas, HEAD.air);
  // The vault is round: an eased line through the knots would end in a point.
  const vault = s < 56 ? Math.sqrt(Math.max(0.002, 1 - ((56 - s) / 57) ** 2)) : 0;
  const rx = (s < 56 ? ease(SKULL_HALF_WIDTH, 56) * vault : ease(SKULL_HALF_WIDTH, s)) * folds.ratio;
  const ry = s < 56 ? ease(SKULL_HALF_LENGTH, 56) * vault : ease(SKULL_HALF_LENGTH, s);
  const y = interpolate(
    [
      [0, 6],
      [60, 0],
      [170, -2],
    ],
    s,
  );
  if (s > 122) {
    const nose = Math.min(1, (s - 122) / 20);
    fillEllipse(canvas, { x: 0, y: y - ry - 8, rx: 13 * nose, ry: 16 * nose }, HEAD.skin);
  }
  if (s > 104 && s < 160)
    for (const side of [-1, 1]) fillEllipse(canvas, { x: side * (rx + 9), y: 14, rx: 4, ry: 16, turn: side * -0.4 }, HEAD.skin);
  paintScalp(canvas, s, y, { rx, ry });
  if (s < 0.5) return;
  if (s > 60)
    for (const side of [-1, 1])
      fillEllipse(canvas, { x: side * (rx - 3), y: -16, rx: Math.min(6.5, (s - 60) * 0.15), ry: 26 }, HEAD.muscle);
  const bone = { x: 0, y, exponent: 2.15 };
  fillEllipse(canvas, { ...bone, rx, ry }, HEAD.cortex);
  fillEllipse(canvas, { ...bone, rx: rx - 1.8, ry: ry - 1.8 }, HEAD.marrow);
  fillEllipse(canvas, { ...bone, rx: rx - 4, ry: ry - 4.2 }, HEAD.cortex);
  if (s > 84 && s < 112) for (const side of [-1, 1]) fillEllipse(canvas, { x: side * 14, y: y - ry + 6, rx: 12, ry: 4 }, -990);
  paintBrain(canvas, s, { rx, ry, y }, folds);
  paintBase(canvas, s, { rx, ry });
  if (s > 146) paintBelowSkull(canvas, s);
}
