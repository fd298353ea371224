import { createPrng, type Prng, type Seed } from '../prng.ts';
import { cageAt, THORAX } from './thorax-shape.ts';

/** A piece of a vessel or airway: a ball in millimetres; `s` is the depth below the lung apex. */
export interface Ball {
  readonly x: number;
  readonly y: number;
  readonly s: number;
  readonly radius: number;
}

type Vector = readonly [number, number, number];

function unit([x, y, s]: Vector): Vector {
  const length = Math.hypot(x, y, s) || 1;
  return [x / length, y / length, s / length];
}

function isInLung(x: number, y: number, s: number): boolean {
  const cage = cageAt(s);
  if (s < 6 || s > THORAX.diaphragm + 60) return false;
  const distance = Math.hypot(x / (cage.halfWidth - 7), (y - cage.centreY) / (cage.halfDepth - 7));
  return distance < 1 && Math.abs(x) > 16;
}

interface Branch {
  readonly from: Vector;
  readonly direction: Vector;
  readonly length: number;
  readonly radius: number;
}

function grow(prng: Prng, branch: Branch, balls: Ball[]): void {
  const { from, direction, length, radius } = branch;
  const step = Math.max(0.7, radius * 0.7);
  let [x, y, s] = from;
  for (let travelled = 0; travelled < length; travelled += step) {
    x += direction[0] * step;
    y += direction[1] * step;
    s += direction[2] * step;
    if (balls.length > 8 && !isInLung(x, y, s)) return;
    balls.push({ x, y, s, radius: radius * (1 - (0.2 * travelled) / length) });
  }
  if (radius < 0.55) return;
  const count = radius > 2 && prng.next() < 0.4 ? 3 : 2;
  for (let child = 0; child < count; child++) {
    const spread = child === 0 ? 0.35 : 0.8;
    const turned = unit([
      direction[0] + prng.normal() * spread * 0.6,
      direction[1] + prng.normal() * spread * 0.6,
      direction[2] + prng.normal() * spread * 0.6,
    ]);
    const scale = child === 0 ? 0.82 : 0.66;
    grow(prng, { from: [x, y, s], direction: turned, length: length * prng.between(0.68, 0.9), radius: radius * scale }, balls);
  }
}

/** The vessels of both lungs, from the hila outwards, thinning as they branch. */
export function lungVessels(seed: Seed): Ball[] {
  const balls: Ball[] = [];
  for (const side of [-1, 1]) {
    const prng = createPrng('vessels', seed, side);
    const hilum: Vector = [side * 34, THORAX.hilumY, THORAX.hilum + (side > 0 ? -8 : 4)];
    for (const [x, y, s, radius] of [
      [0.35, -0.5, -1, 4],
      [0.6, 0.35, -1, 3.6],
      [1, -0.5, -0.35, 3.4],
      [1, -0.75, 0.3, 3.6],
      [0.95, 0.3, 0.25, 3.6],
      [0.55, -0.3, 1, 4],
      [0.35, 0.6, 1, 4.4],
      [0.75, 0.4, 0.9, 4],
      [0.8, 0.8, -0.2, 3],
    ] as const) {
      const branchBalls: Ball[] = [];
      grow(prng, { from: hilum, direction: unit([side * x, y, s]), length: 30, radius }, branchBalls);
      for (const ball of branchBalls) balls.push(ball);
    }
  }
  return balls;
}

/** Sorts balls into bins of `binMm` depth so that a slice looks at its own only. */
export function binBalls(balls: readonly Ball[], binMm: number): ReadonlyMap<number, readonly Ball[]> {
  const bins = new Map<number, Ball[]>();
  for (const ball of balls) {
    const low = Math.floor((ball.s - ball.radius - 1.5) / binMm);
    const high = Math.floor((ball.s + ball.radius + 1.5) / binMm);
    for (let bin = low; bin <= high; bin++) {
      const list = bins.get(bin);
      if (list) list.push(ball);
      else bins.set(bin, [ball]);
    }
  }
  return bins;
}
