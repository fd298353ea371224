import { type Canvas, fillEllipse } from './canvas.ts';
import { HEAD } from './head-measures.ts';
import { type Folds, paintSulci } from './head-sulci.ts';

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

export function paintBrain(canvas: Canvas, s: number, skull: { rx: number; ry: number; y: number }, folds: Folds): void {
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
