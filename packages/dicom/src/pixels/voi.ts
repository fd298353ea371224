import { type LookupTable, lookUp } from './lookup.ts';

export type WindowFunction = 'linear' | 'linear-exact' | 'sigmoid';

/** A window (PS3.3 C.11.2.1.2); centre and width in the unit of the modality values. */
export interface Window {
  readonly kind: 'window';
  readonly center: number;
  readonly width: number;
  readonly shape: WindowFunction;
}

/** A VOI LUT (PS3.3 C.11.2.1.1). */
export interface VoiTable {
  readonly kind: 'table';
  readonly table: LookupTable;
}

export type Voi = Window | VoiTable;

/** VOI LUT Function (0028,1056) as this module names it; LINEAR when absent or unknown. */
export function windowFunction(text: string | undefined): WindowFunction {
  if (text === 'SIGMOID') return 'sigmoid';
  return text === 'LINEAR_EXACT' ? 'linear-exact' : 'linear';
}

/** The smallest width is 1 for LINEAR and anything above 0 else (PS3.3 C.11.2.1.2.1, C.11.2.1.3). */
export const isWindow = ({ center, width, shape }: Omit<Window, 'kind'>): boolean =>
  Number.isFinite(center) && Number.isFinite(width) && (shape === 'linear' ? width >= 1 : width > 0);

/**
 * A window as stored; undefined when it makes no sense: a number is missing, or the width is not above 0. LINEAR is not defined for a width below
 * 1 (PS3.3 C.11.2.1.2.1), where images in small units mean LINEAR_EXACT.
 */
export function storedWindow(
  center: number | undefined,
  width: number | undefined,
  functionName: string | undefined,
): Window | undefined {
  if (center === undefined || width === undefined || width <= 0) return undefined;
  const named = windowFunction(functionName);
  return { kind: 'window', center, width, shape: named === 'linear' && width < 1 ? 'linear-exact' : named };
}

/** LINEAR (PS3.3 C.11.2.1.2.1): 0 to 1. */
function linear(value: number, center: number, width: number): number {
  if (value <= center - 0.5 - (width - 1) / 2) return 0;
  if (value > center - 0.5 + (width - 1) / 2) return 1;
  return (value - (center - 0.5)) / (width - 1) + 0.5;
}

/** LINEAR_EXACT (PS3.3 C.11.2.1.3.2): 0 to 1. */
function linearExact(value: number, center: number, width: number): number {
  if (value <= center - width / 2) return 0;
  return value > center + width / 2 ? 1 : (value - center) / width + 0.5;
}

/** SIGMOID (PS3.3 C.11.2.1.3.1): 0 to 1. */
const sigmoid = (value: number, center: number, width: number): number => 1 / (1 + Math.exp((-4 * (value - center)) / width));

/** The function that takes a modality value to a presentation value between 0 and 1. */
export function voiFunction(voi: Voi): (value: number) => number {
  if (voi.kind === 'table') {
    const scale = 1 / (2 ** voi.table.bits - 1);
    return (value) => lookUp(voi.table, value) * scale;
  }
  const { center, width, shape } = voi;
  if (shape === 'sigmoid') return (value) => sigmoid(value, center, width);
  return shape === 'linear' ? (value) => linear(value, center, width) : (value) => linearExact(value, center, width);
}

/** The window that shows every value from `min` to `max`, for images without one of their own. */
export const fullWindow = (min: number, max: number): Window => ({
  kind: 'window',
  center: (min + max) / 2,
  width: max > min ? max - min : 1,
  shape: 'linear-exact',
});
