import { type Canvas, clear, fillEllipse, interpolate } from './canvas.ts';
import { HEAD } from './head-measures.ts';
import { FEMUR, FIBULA, LEG, PATELLA_Y, PATELLAR_LIGAMENT_Y, QUADRICEPS_TENDON_Y, TIBIA } from './knee-curves.ts';

/** Tissues the knee adds to those of the head; labels for MR only. */
export const KNEE = { cartilage: 101, meniscus: 102, ligament: 103, fluid: 104 } as const;

function bone(canvas: Canvas, x: number, y: number, rx: number, ry: number): void {
  fillEllipse(canvas, { x, y, rx, ry }, HEAD.cortex);
  fillEllipse(canvas, { x, y, rx: rx - 1.8, ry: ry - 1.8 }, HEAD.marrow);
}

function paintFemur(canvas: Canvas, s: number): void {
  if (s > 4) return;
  if (s < -26) bone(canvas, 0, interpolate(FEMUR.y, s), interpolate(FEMUR.rx, s), interpolate(FEMUR.ry, s));
  if (s < -34) return;
  // Two condyles, round towards the joint.
  const size = Math.sqrt(Math.max(0, 1 - ((s + 16) / 20) ** 2));
  for (const side of [-1, 1]) {
    const condyle = { x: side * 20, y: 8, rx: 17 * size, ry: 29 * size };
    fillEllipse(canvas, { ...condyle, rx: condyle.rx + 2.4, ry: condyle.ry + 2.4 }, KNEE.cartilage);
    bone(canvas, condyle.x, condyle.y, condyle.rx, condyle.ry);
  }
  if (s < -18) bone(canvas, 0, -6, 20 * size, 18 * size);
}

function paintTibia(canvas: Canvas, s: number): void {
  if (s < 6) return;
  if (s < 9) fillEllipse(canvas, { x: 0, y: 6, rx: 37, ry: 25 }, KNEE.cartilage);
  else bone(canvas, 0, interpolate(TIBIA.y, s), interpolate(TIBIA.rx, s), interpolate(TIBIA.ry, s));
  if (s > 24) bone(canvas, -34, 20, interpolate(FIBULA, s), interpolate(FIBULA, s));
}

function paintJoint(canvas: Canvas, s: number): void {
  if (s > 0 && s < 8) {
    for (const side of [-1, 1]) {
      fillEllipse(canvas, { x: side * 20, y: 8, rx: 18, ry: 24 }, KNEE.meniscus);
      const hole = (8 - s) / 8;
      fillEllipse(canvas, { x: side * 17, y: 7, rx: 8 + 8 * hole, ry: 12 + 9 * hole }, s < 4 ? KNEE.cartilage : KNEE.fluid);
    }
  }
  // The cruciate ligaments cross between the condyles.
  if (s > -20 && s < 10) {
    const t = (s + 20) / 30;
    fillEllipse(canvas, { x: -6 + 8 * t, y: 24 - 30 * t, rx: 3.4, ry: 5 }, KNEE.ligament);
    fillEllipse(canvas, { x: 5 - 5 * t, y: 6 + 22 * t, rx: 4.4, ry: 5.5 }, KNEE.ligament);
  }
}

function paintFront(canvas: Canvas, s: number): void {
  const size = Math.sqrt(Math.max(0, 1 - ((s + 22) / 22) ** 2));
  const y = PATELLA_Y;
  if (s < -44) fillEllipse(canvas, { x: 0, y: interpolate(QUADRICEPS_TENDON_Y, s), rx: 19, ry: 4 }, KNEE.ligament);
  if (s > -2 && s < 46) fillEllipse(canvas, { x: 0, y: interpolate(PATELLAR_LIGAMENT_Y, s), rx: 13, ry: 3 }, KNEE.ligament);
  const pouch = Math.sqrt(Math.max(0, 1 - ((s + 34) / 20) ** 2));
  fillEllipse(canvas, { x: 0, y: -29, rx: 20 * pouch, ry: 3.2 * pouch }, KNEE.fluid);
  fillEllipse(canvas, { x: 0, y: y + 3, rx: 21 * size, ry: 12 * size }, KNEE.cartilage);
  if (size > 0.2) bone(canvas, 0, y, 21 * size, 11 * size);
}

/** Paints tissue labels of a right knee at depth `s` millimetres below the joint line (feet positive); y runs to the back. */
export function paintKnee(canvas: Canvas, s: number): void {
  clear(canvas, HEAD.air);
  const rx = interpolate(LEG.rx, s);
  const ry = interpolate(LEG.ry, s);
  const y = 6;
  fillEllipse(canvas, { x: 0, y, rx, ry }, HEAD.skin);
  fillEllipse(canvas, { x: 0, y, rx: rx - 1.6, ry: ry - 1.6 }, HEAD.fat);
  const bulk = interpolate(LEG.muscle, s);
  for (const side of [-1, 1]) {
    fillEllipse(canvas, { x: side * 26, y: 38, rx: 24 * bulk, ry: 20 * bulk, turn: side * 0.3 }, HEAD.muscle);
    const above = Math.sqrt(Math.max(0, Math.min(1, (-26 - s) / 34)));
    const below = Math.sqrt(Math.max(0, Math.min(1, (s - 24) / 30)));
    fillEllipse(canvas, { x: side * 30, y: -22, rx: 28 * above, ry: 26 * above }, HEAD.muscle);
    fillEllipse(canvas, { x: side * 24, y: 22, rx: 24 * below, ry: 34 * below }, HEAD.muscle);
    if (s > -30 && s < 40) fillEllipse(canvas, { x: side * 40, y: 8, rx: 2, ry: 9 }, KNEE.ligament);
  }
  fillEllipse(canvas, { x: 2, y: 46, rx: 4.2, ry: 4.2 }, HEAD.blood);
  fillEllipse(canvas, { x: -6, y: 50, rx: 4.8, ry: 4 }, HEAD.blood);
  paintJoint(canvas, s);
  paintFemur(canvas, s);
  if (s > -18 && s < 10) paintJoint(canvas, s);
  paintTibia(canvas, s);
  paintFront(canvas, s);
}
