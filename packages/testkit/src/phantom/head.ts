import { createPrng, type Seed } from '../prng.ts';
import { type Canvas, clear, ease, fillEllipse, interpolate } from './canvas.ts';

/** Tissues of the head as Hounsfield units for CT; MR maps them to signal. Values are distinct so that they serve as labels too. */
export const HEAD = {
  air: -1000,
  fat: -95,
  skin: 25,
  muscle: 58,
  cortex: 1250,
  marrow: 520,
  csf: 7,
  white: 29,
  grey: 37,
  deepGrey: 36,
  blood: 48,
  eye: 12,
  lens: 70,
  brainstem: 32,
  cerebellum: 35,
} as const;

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

interface Folds {
  readonly phase: number;
  readonly ratio: number;
}

function foldsOf(seed: Seed): Folds {
  const prng = createPrng('folds', seed);
  return { phase: prng.between(0, 6), ratio: prng.between(0.96, 1.04) };
}

/** Sulci: dark furrows from the surface inwards along the rim of the brain, wandering with depth. */
function paintSulci(canvas: Canvas, s: number, outline: { rx: number; ry: number }, folds: Folds): void {
  const count = 34;
  for (let index = 0; index < count; index++) {
    const angle = (index / count) * 2 * Math.PI + 0.09 * Math.sin(s * 0.11 + index * 1.7 + folds.phase);
    const depth = 5.5 + 4.5 * Math.sin(s * 0.09 + index * 2.3 + folds.phase);
    if (depth < 2) continue;
    const reach = 1 - depth / 2 / outline.ry;
    const x = outline.rx * reach * Math.cos(angle);
    const y = outline.ry * reach * Math.sin(angle);
    const bend = 0.45 * Math.sin(s * 0.07 + index + folds.phase);
    fillEllipse(canvas, { x, y, rx: depth / 2 + 4.2, ry: 4.4, turn: angle + bend }, HEAD.grey);
  }
  for (let index = 0; index < count; index++) {
    const angle = (index / count) * 2 * Math.PI + 0.09 * Math.sin(s * 0.11 + index * 1.7 + folds.phase);
    const depth = 5.5 + 4.5 * Math.sin(s * 0.09 + index * 2.3 + folds.phase);
    if (depth < 2) continue;
    const reach = 1 - depth / 2 / outline.ry;
    const bend = 0.45 * Math.sin(s * 0.07 + index + folds.phase);
    const shape = {
      x: outline.rx * reach * Math.cos(angle),
      y: outline.ry * reach * Math.sin(angle),
      rx: depth / 2 + 0.6,
      ry: 0.95,
    };
    fillEllipse(canvas, { ...shape, turn: angle + bend }, HEAD.csf);
  }
}

function paintVentricles(canvas: Canvas, s: number): void {
  for (const side of [-1, 1]) {
    if (s > 50 && s < 84) {
      const size = Math.sqrt(Math.max(0, 1 - ((s - 64) / 17) ** 2));
      fillEllipse(
        canvas,
        { x: side * (6 + 3 * size), y: -20 - size * 8, rx: 3.6 * size, ry: 15 * size, turn: side * 0.32 },
        HEAD.csf,
      );
      fillEllipse(
        canvas,
        { x: side * (13 + 7 * size), y: 22 + 6 * size, rx: 4.4 * size, ry: 15 * size, turn: side * -0.5 },
        HEAD.csf,
      );
      if (s < 66) fillEllipse(canvas, { x: side * 9, y: 0, rx: 4.4 * size, ry: 22 * size }, HEAD.csf);
    }
    if (s > 62 && s < 92) {
      const size = Math.sqrt(Math.max(0, 1 - ((s - 76) / 15) ** 2));
      fillEllipse(canvas, { x: side * 12, y: 4, rx: 8.5 * size, ry: 13 * size, turn: side * -0.5 }, HEAD.deepGrey + 3);
      fillEllipse(canvas, { x: side * 25, y: -9, rx: 5.5 * size, ry: 15 * size, turn: side * 0.3 }, HEAD.deepGrey + 2);
      fillEllipse(canvas, { x: side * 12, y: -20, rx: 4 * size, ry: 9 * size, turn: side * -0.2 }, HEAD.deepGrey + 2);
    }
    if (s > 66 && s < 104) fillEllipse(canvas, { x: side * 48, y: -8, rx: 10, ry: 1.8, turn: side * 0.35 }, HEAD.csf);
  }
  if (s > 70 && s < 92) fillEllipse(canvas, { x: 0, y: 3, rx: 2, ry: 12 }, HEAD.csf);
}

function paintBrain(canvas: Canvas, s: number, skull: { rx: number; ry: number; y: number }, folds: Folds): void {
  const rim = { rx: skull.rx - 6.3, ry: skull.ry - 6.8 };
  if (rim.rx <= 4) return;
  fillEllipse(canvas, { x: 0, y: skull.y, ...rim, exponent: 2.15 }, HEAD.csf);
  const outline = { rx: rim.rx - 1.6, ry: rim.ry - 1.8 };
  fillEllipse(canvas, { x: 0, y: skull.y, ...outline, exponent: 2.15 }, HEAD.grey);
  fillEllipse(canvas, { x: 0, y: skull.y, rx: outline.rx - 4.5, ry: outline.ry - 4.5, exponent: 2.15 }, HEAD.white);
  paintSulci(canvas, s, outline, folds);
  if (s < 100) {
    fillEllipse(canvas, { x: 0, y: -skull.ry * 0.45, rx: 4.6, ry: skull.ry * 0.42 }, HEAD.grey);
    fillEllipse(canvas, { x: 0, y: skull.ry * 0.5, rx: 4.6, ry: skull.ry * 0.36 }, HEAD.grey);
  }
  // The falx between the hemispheres, with the liquor on its sides.
  const open = s < 52 ? 1 : 0.42;
  for (const end of [-1, 1]) {
    const length = outline.ry * open;
    const y = end * (outline.ry - length / 2);
    fillEllipse(canvas, { x: 0, y, rx: 1.3, ry: length / 2 + 2 }, HEAD.csf);
    if (s < 96) fillEllipse(canvas, { x: 0, y, rx: 0.55, ry: length / 2 + 2 }, HEAD.blood + 4);
  }
  paintVentricles(canvas, s);
}

function paintBase(canvas: Canvas, s: number, skull: { rx: number; ry: number }): void {
  if (s < 96) return;
  const deep = Math.sqrt(Math.min(1, (s - 95) / 24));
  const y = Math.min(44, skull.ry - 40);
  fillEllipse(canvas, { x: 0, y, rx: Math.min(46, skull.rx - 8) * deep, ry: 33 * deep }, HEAD.cerebellum);
  if (s > 104) {
    for (let fold = -3; fold <= 3; fold++)
      fillEllipse(canvas, { x: 0, y: y + 2 + fold * 8, rx: 43 - Math.abs(fold) * 4, ry: 0.5, turn: 0.02 }, HEAD.csf + 14);
    fillEllipse(canvas, { x: 0, y: y + 2, rx: 7, ry: 26 }, HEAD.cerebellum + 3);
  }
  fillEllipse(canvas, { x: 0, y: 9, rx: 21 * deep, ry: 18 * deep }, HEAD.csf);
  fillEllipse(canvas, { x: 0, y: 12, rx: 16, ry: 14 - 3 * deep }, HEAD.brainstem);
  fillEllipse(canvas, { x: 0, y: 27, rx: 5 * deep, ry: 4 }, HEAD.csf);
  if (s < 108) return;
  for (const side of [-1, 1]) {
    fillEllipse(canvas, { x: side * 38, y: 16, rx: 26, ry: 8.5, turn: side * -0.55 }, HEAD.cortex);
    if (s > 112)
      for (let cell = 0; cell < 6; cell++)
        fillEllipse(canvas, { x: side * (46 + (cell % 3) * 5), y: 20 + cell * 2.6, rx: 2.2, ry: 2 }, -700);
    fillEllipse(canvas, { x: side * 40, y: -24, rx: 27, ry: 3.2, turn: side * 0.85 }, HEAD.cortex);
  }
  fillEllipse(canvas, { x: 0, y: -20, rx: 14, ry: 9 }, HEAD.cortex - 300);
  if (s > 112) fillEllipse(canvas, { x: 0, y: -24, rx: 9, ry: 8 }, -990);
  paintFace(canvas, s, skull.ry);
}

function paintFace(canvas: Canvas, s: number, front: number): void {
  const y = -front + 26;
  const orbit = Math.sqrt(Math.max(0, 1 - ((s - 126) / 18.5) ** 2));
  for (const side of [-1, 1]) {
    if (s < 142) {
      fillEllipse(canvas, { x: side * 31, y: y + 5, rx: 19 * orbit, ry: 28 * orbit, turn: side * -0.35 }, HEAD.cortex - 400);
      fillEllipse(canvas, { x: side * 31, y: y + 3, rx: 19 * orbit - 1.5, ry: 28 * orbit - 1.2, turn: side * -0.35 }, HEAD.fat);
      const size = Math.sqrt(Math.max(0, 1 - ((s - 126) / 12.5) ** 2));
      fillEllipse(canvas, { x: side * 32, y: y - 11, rx: 12.4 * size, ry: 12.4 * size }, HEAD.skin);
      fillEllipse(canvas, { x: side * 32, y: y - 11, rx: 11.4 * size, ry: 11.4 * size }, HEAD.eye);
      if (size > 0.9) fillEllipse(canvas, { x: side * 32, y: y - 18, rx: 4.6, ry: 2.2 }, HEAD.lens);
      if (size > 0.85) fillEllipse(canvas, { x: side * 24, y: y + 14, rx: 2, ry: 16, turn: side * -0.4 }, 34);
    } else fillEllipse(canvas, { x: side * 28, y: y + 8, rx: 15, ry: 17 }, -985);
    for (let cell = 0; cell < 4; cell++) fillEllipse(canvas, { x: side * 6, y: y - 8 + cell * 9, rx: 4.6, ry: 3.9 }, -960);
  }
  fillEllipse(canvas, { x: 0, y: y + 6, rx: 0.8, ry: 24 }, HEAD.marrow);
}

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

/** Neck and lower face, for the sagittal and coronal planes of MR. */
function paintBelowSkull(canvas: Canvas, s: number): void {
  const y = 18;
  const grown = Math.sqrt(Math.min(1, (s - 146) / 16));
  fillEllipse(canvas, { x: 0, y: y + 22, rx: 48 * grown, ry: 38 * grown }, HEAD.muscle);
  fillEllipse(canvas, { x: 0, y: -32, rx: 38 * grown, ry: 34 * grown }, HEAD.muscle);
  fillEllipse(canvas, { x: 0, y: y + 6, rx: 9.5, ry: 8 }, HEAD.csf);
  fillEllipse(canvas, { x: 0, y: y + 6, rx: 6.5, ry: 5 }, HEAD.brainstem);
  const isDisc = (s - 146) % 17 < 4;
  fillEllipse(canvas, { x: 0, y: y - 10, rx: 11, ry: 7.5 }, isDisc ? HEAD.lens : HEAD.cortex);
  if (!isDisc) fillEllipse(canvas, { x: 0, y: y - 10, rx: 9.6, ry: 6.3 }, HEAD.marrow);
  fillEllipse(canvas, { x: 0, y: y - 23, rx: 9, ry: 4 }, HEAD.air);
  for (const side of [-1, 1]) {
    if (s < 170) fillEllipse(canvas, { x: side * 26, y: -50, rx: 13, ry: 14 }, HEAD.air);
    fillEllipse(canvas, { x: side * 40, y: -22, rx: 4, ry: 22, turn: side * 0.25 }, HEAD.cortex);
    fillEllipse(canvas, { x: side * 30, y: y + 10, rx: 5, ry: 4 }, HEAD.blood);
  }
}
