import { readNumber } from '../json-readers.ts';
import { colorOfLab, type Rgb } from '../overlaid/color.ts';
import type { DicomJsonObject } from '../types.ts';

/** Tags of a P-Value and of a colour in L* a* b*. */
export interface ValueTags {
  readonly gray: string;
  readonly lab: string;
}

/** A P-Value of 16 bits as a gray from 0 to 255; what is outside of it, or no number, is none. */
function grayOf(item: DicomJsonObject, tag: string): number | undefined {
  const value = readNumber(item, tag);
  return value === undefined || value < 0 || value > 65_535 ? undefined : Math.round((value / 65_535) * 255);
}

const lightness = ([red, green, blue]: Rgb): number => Math.round(0.299 * red + 0.587 * green + 0.114 * blue);

/** What is drawn into the picture itself: its gray, or how light its colour is. */
export function grayOfLayer(item: DicomJsonObject, { gray, lab }: ValueTags): number | undefined {
  const color = colorOfLab(item, lab);
  return grayOf(item, gray) ?? (color === undefined ? undefined : lightness(color));
}

/** What is drawn over the picture: its colour before its gray. */
export function colorOfLayer(item: DicomJsonObject, { gray, lab }: ValueTags): Rgb | undefined {
  const value = grayOf(item, gray);
  return colorOfLab(item, lab) ?? (value === undefined ? undefined : [value, value, value]);
}
