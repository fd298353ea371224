import type { DecodedFrame } from './frame-format.ts';
import { type LookupTable, lookUp } from './lookup.ts';
import { cellsOf, storedBits, storedValue } from './samples.ts';
import { ybrFullToRgb, ybrPartialToRgb } from './ybr.ts';

/** The three tables of a palette (PS3.3 C.7.9). */
export interface Palette {
  readonly red: LookupTable;
  readonly green: LookupTable;
  readonly blue: LookupTable;
}

/** Entries as bytes; tables of 16 bits whose entries all stay below 256 are 8-bit ones in disguise. */
function toBytes(table: LookupTable): LookupTable {
  const largest = Array.from(table.values).reduce((max, value) => Math.max(max, value), 0);
  const shift = largest < 256 ? 0 : Math.max(0, table.bits - 8);
  return { ...table, bits: 8, values: Uint8Array.from(Array.from(table.values), (value) => value >> shift) };
}

/** PALETTE COLOR (PS3.3 C.7.6.3.1.2) → RGB of 8 bits, three bytes a pixel. */
export function renderPalette(frame: DecodedFrame, palette: Palette): Uint8Array {
  const cells = cellsOf(frame);
  const bits = storedBits(frame);
  const [red, green, blue] = [toBytes(palette.red), toBytes(palette.green), toBytes(palette.blue)];
  const rgb = new Uint8Array(cells.length * 3);
  for (let i = 0; i < cells.length; i += 1) {
    const index = storedValue(cells[i] ?? 0, bits);
    rgb[3 * i] = lookUp(red, index);
    rgb[3 * i + 1] = lookUp(green, index);
    rgb[3 * i + 2] = lookUp(blue, index);
  }
  return rgb;
}

/** A frame of three samples (RGB or YBR) → RGB of 8 bits; deeper samples lose their lowest bits. A fourth sample is left out. */
export function renderColor(frame: DecodedFrame): Uint8Array {
  const cells = cellsOf(frame);
  const { shift, bits } = storedBits(frame);
  const down = shift + Math.max(0, bits - 8);
  const samples = frame.samplesPerPixel;
  const rgb = new Uint8Array((cells.length / samples) * 3);
  for (let from = 0, to = 0; to < rgb.length; from += samples, to += 3) {
    rgb[to] = (cells[from] ?? 0) >>> down;
    rgb[to + 1] = (cells[from + 1] ?? 0) >>> down;
    rgb[to + 2] = (cells[from + 2] ?? 0) >>> down;
  }
  const color = frame.photometricInterpretation;
  if (color.startsWith('YBR_PARTIAL')) return ybrPartialToRgb(rgb);
  return color.startsWith('YBR') ? ybrFullToRgb(rgb) : rgb;
}
