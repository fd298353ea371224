import { type Canvas, fillEllipse } from './canvas.ts';
import { HEAD } from './head-measures.ts';

export function paintBase(canvas: Canvas, s: number, skull: { rx: number; ry: number }): void {
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

/** Neck and lower face, for the sagittal and coronal planes of MR. */
export function paintBelowSkull(canvas: Canvas, s: number): void {
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
