import { createPrng, type Seed } from '../prng.ts';
import { type Canvas, fillEllipse } from './canvas.ts';
import { HEAD } from './head-measures.ts';

export interface Folds {
  readonly phase: number;
  readonly ratio: number;
}

export function foldsOf(seed: Seed): Folds {
  const prng = createPrng('folds', seed);
  return { phase: prng.between(0, 6), ratio: prng.between(0.96, 1.04) };
}

/** Sulci: dark furrows from the surface inwards along the rim of the brain, wandering with depth. */
export function paintSulci(canvas: Canvas, s: number, outline: { rx: number; ry: number }, folds: Folds): void {
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
