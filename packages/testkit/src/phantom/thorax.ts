import { createPrng, type Seed } from '../prng.ts';
import { type Canvas, clear, fillEllipse } from './canvas.ts';
import { armX, cutRadius, paintBones } from './thorax-bones.ts';
import { paintAirway, paintHeart, paintMediastinum } from './thorax-mediastinum.ts';
import { bodyAt, cageAt, THORAX } from './thorax-shape.ts';
import { FAT, LUNG, MUSCLE } from './thorax-tissues.ts';
import { type Ball, binBalls, lungVessels } from './thorax-tree.ts';

/** What differs between patients. */
export interface ThoraxBody {
  readonly seed: Seed;
  readonly fatMm: number;
  readonly heart: number;
  readonly armsDown: boolean;
  readonly isFemale: boolean;
  readonly isContrast: boolean;
  readonly lesions: readonly (Ball & { readonly value: number })[];
}

export interface Thorax {
  readonly body: ThoraxBody;
  readonly vessels: ReadonlyMap<number, readonly Ball[]>;
}

const BIN_MM = 4;

/** Of the last bodies, the newest last: films of one patient, and tests that make one film again and again, grow their vessels once. */
const grown = new Map<Seed, ReturnType<typeof binBalls>>();
const KEPT_BODIES = 4;

function vesselsOf(seed: Seed): ReturnType<typeof binBalls> {
  const vessels = grown.get(seed) ?? binBalls(lungVessels(seed), BIN_MM);
  grown.delete(seed);
  grown.set(seed, vessels);
  for (const oldest of grown.keys()) if (grown.size > KEPT_BODIES) grown.delete(oldest);
  return vessels;
}

export function createThorax(seed: Seed, choice: Partial<Omit<ThoraxBody, 'seed'>> = {}): Thorax {
  const prng = createPrng('thorax', seed);
  const body: ThoraxBody = {
    seed,
    fatMm: prng.between(7, 16),
    heart: prng.between(0.92, 1.08),
    armsDown: false,
    isFemale: prng.next() < 0.5,
    isContrast: true,
    lesions: [],
    ...choice,
  };
  return { body, vessels: vesselsOf(seed) };
}

function paintWall(canvas: Canvas, s: number, body: ThoraxBody): void {
  const { halfWidth, halfDepth, centreY } = bodyAt(s);
  const exponent = s < -30 ? 2 : 2.35;
  const extra = body.fatMm - 8;
  const width = halfWidth + (body.armsDown ? extra : extra - (s < 70 ? 14 : 0));
  if (body.isFemale && s > 76 && s < 200) {
    const size = Math.sqrt(1 - ((s - 138) / 62) ** 2);
    for (const side of [-1, 1]) {
      fillEllipse(canvas, { x: side * 72, y: centreY - halfDepth + 10, rx: 56 * size, ry: 34 * size }, 10);
      fillEllipse(canvas, { x: side * 72, y: centreY - halfDepth + 10, rx: 56 * size - 2, ry: 34 * size - 2 }, FAT);
      fillEllipse(canvas, { x: side * 74, y: centreY - halfDepth + 4, rx: 30 * size, ry: 20 * size }, 12);
    }
  }
  if (body.armsDown && s > -22) {
    const size = Math.min(1, Math.sqrt((s + 22) / 44));
    for (const side of [-1, 1]) fillEllipse(canvas, { x: side * armX(s), y: 14, rx: 40 * size, ry: 46 * size }, 45);
  }
  const outline = { x: 0, y: centreY, exponent };
  fillEllipse(canvas, { ...outline, rx: width, ry: halfDepth + extra * 0.5 }, 10);
  fillEllipse(canvas, { ...outline, rx: width - 2, ry: halfDepth + extra * 0.5 - 2 }, FAT);
  fillEllipse(
    canvas,
    { ...outline, y: centreY + 2, rx: width - 2 - body.fatMm, ry: halfDepth + extra * 0.5 - 2 - body.fatMm * 0.8 },
    MUSCLE,
  );
}

/** Fat between the muscles of the shoulder girdle and back, without which the upper slices look like a block. */
function paintMusclePlanes(canvas: Canvas, s: number): void {
  const cage = cageAt(s);
  const { centreY, halfDepth } = bodyAt(s);
  const gap = Math.max(0, 1 - Math.max(0, s) / 190);
  for (const side of [-1, 1]) {
    const x = side * (cage.halfWidth + 18 + 16 * gap);
    fillEllipse(canvas, { x, y: cage.centreY - 6, rx: 5 + 17 * gap, ry: 16 + 22 * gap, turn: side * 0.25 }, FAT + 8);
    fillEllipse(canvas, { x: side * 62, y: centreY - halfDepth + 24 + 12 * gap, rx: 46, ry: 2.2, turn: side * 0.12 }, FAT + 20);
    fillEllipse(canvas, { x: side * 58, y: centreY + halfDepth - 22, rx: 48, ry: 1.8, turn: side * -0.16 }, FAT + 20);
    fillEllipse(canvas, { x: side * 112, y: 58, rx: 3, ry: 30, turn: side * 0.7 }, FAT + 20);
  }
}

function paintLungs(canvas: Canvas, s: number, vessels: Thorax['vessels']): void {
  const cage = cageAt(s);
  // Fat planes between the muscles of the wall, then the muscles between the ribs.
  fillEllipse(canvas, { x: 0, y: cage.centreY, rx: cage.halfWidth + 11, ry: cage.halfDepth + 9 }, -60);
  fillEllipse(canvas, { x: 0, y: cage.centreY, rx: cage.halfWidth + 8, ry: cage.halfDepth + 7 }, MUSCLE);
  const top = s < 6 ? (s + 12) / 18 : 1;
  fillEllipse(canvas, { x: 0, y: cage.centreY, rx: (cage.halfWidth - 4) * top, ry: (cage.halfDepth - 4) * top }, LUNG);
  // Blood settles towards the back of a patient who lies: two steps are enough to be seen.
  fillEllipse(canvas, { x: 0, y: cage.centreY - 10, rx: cage.halfWidth - 14, ry: cage.halfDepth - 16 }, LUNG - 18);
  for (const ball of vessels.get(Math.floor(s / BIN_MM)) ?? []) {
    const radius = cutRadius(ball, s, 0.7);
    if (radius > 0.3) fillEllipse(canvas, { x: ball.x, y: ball.y, rx: radius, ry: radius }, ball.radius < 0.9 ? -420 : 40);
  }
}

function paintAbdomen(canvas: Canvas, s: number, blood: number): void {
  const cage = cageAt(s);
  const grow = (top: number): number => (s <= top ? 0 : Math.min(1, Math.sqrt((s - top) / 78)));
  const right = grow(THORAX.diaphragm - 6);
  const left = grow(THORAX.diaphragm + 6);
  const inner = { rx: cage.halfWidth - 3, ry: cage.halfDepth - 3 };
  const middle = grow(THORAX.diaphragm + 8);
  fillEllipse(canvas, { x: 0, y: cage.centreY, rx: inner.rx * (middle < 1 ? 0.6 * middle : 1), ry: inner.ry * middle }, FAT);
  const leftX = cage.halfWidth * 0.5;
  fillEllipse(canvas, { x: leftX, y: cage.centreY, rx: inner.rx * 0.52 * left, ry: inner.ry * 0.94 * left }, FAT);
  if (left > 0.3) {
    fillEllipse(canvas, { x: leftX - 6, y: cage.centreY - 20, rx: 44 * left, ry: 42 * left }, 35);
    if (s > 218) fillEllipse(canvas, { x: leftX - 6, y: cage.centreY - 34, rx: 34 * left, ry: 20 * left }, -960);
    fillEllipse(canvas, { x: leftX + 34, y: cage.centreY + 40, rx: 17 * left, ry: 36 * left, turn: 0.5 }, blood > 60 ? 125 : 50);
  }
  const liver = blood > 60 ? 112 : 58;
  const liverX = -cage.halfWidth * 0.47;
  fillEllipse(canvas, { x: liverX, y: cage.centreY, rx: inner.rx * 0.53 * right, ry: inner.ry * 0.96 * right }, liver);
  if (right > 0.45) {
    fillEllipse(canvas, { x: 4, y: cage.centreY - 38, rx: 62 * right, ry: 30 * right, turn: -0.1 }, liver);
    fillEllipse(canvas, { x: -22, y: 20, rx: 13, ry: 10 }, blood * 0.85);
    for (const [dx, dy, r] of [
      [-20, -12, 4],
      [6, 14, 3.4],
      [-36, 12, 3],
      [22, -20, 3],
    ] as const) {
      fillEllipse(canvas, { x: liverX + dx + (s - 240) * 0.2, y: cage.centreY + dy, rx: r, ry: r * 1.5 }, blood);
    }
  }
  if (s > 252) {
    const size = Math.sqrt(Math.min(1, (s - 252) / 34));
    for (const side of [-1, 1]) fillEllipse(canvas, { x: side * 56, y: 42, rx: 25 * size, ry: 29 * size }, blood > 60 ? 170 : 35);
  }
}

/** Paints Hounsfield units of the chest at depth `s` millimetres below the lung apex; x runs to the patient's left, y to the back. */
export function paintThorax(canvas: Canvas, thorax: Thorax, s: number): void {
  const { body, vessels } = thorax;
  const blood = body.isContrast ? 185 : 45;
  clear(canvas, -1000);
  paintWall(canvas, s, body);
  if (s > -40) paintMusclePlanes(canvas, s);
  if (s > -6) {
    paintLungs(canvas, s, vessels);
    for (const lesion of body.lesions) {
      const radius = cutRadius(lesion, s, 0);
      if (radius > 0) fillEllipse(canvas, { x: lesion.x, y: lesion.y, rx: radius, ry: radius }, lesion.value);
    }
    paintAbdomen(canvas, s, blood);
    paintMediastinum(canvas, s, blood);
    paintHeart(canvas, s, body.heart, blood);
  } else paintAirway(canvas, s);
  paintBones(canvas, s, body.armsDown);
}
