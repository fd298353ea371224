import { type ColorScaleName, scaleTable } from './color-scale.ts';
import { type DecodedFrame, PixelError } from './frame-format.ts';
import { type GrayPlan, presentGray } from './gray.ts';
import { modalityFunction } from './modality.ts';
import { cellsOf } from './samples.ts';
import { isPadding, storedFunction } from './values.ts';

/** A frame of values in the colours of a scale, three bytes a pixel; padding and what is no number is black, whatever the scale begins with. Fails with PixelError without a window. */
export function renderScaled(frame: DecodedFrame, plan: GrayPlan, name: ColorScaleName): Uint8Array {
  if (plan.voi === undefined) throw new PixelError('no window');
  const [cells, table] = [cellsOf(frame), scaleTable(name)];
  const [toStored, toValue] = [storedFunction(frame), modalityFunction(plan.modality)];
  const present = presentGray(plan.voi, plan.isInverted);
  const pixels = new Uint8Array(cells.length * 3);
  for (let at = 0; at < cells.length; at += 1) {
    const stored = toStored(cells[at] ?? 0);
    const value = toValue(stored);
    if (Number.isNaN(value) || isPadding(stored, plan.padding)) continue;
    const from = present(value) * 3;
    pixels[at * 3] = table[from] ?? 0;
    pixels[at * 3 + 1] = table[from + 1] ?? 0;
    pixels[at * 3 + 2] = table[from + 2] ?? 0;
  }
  return pixels;
}
