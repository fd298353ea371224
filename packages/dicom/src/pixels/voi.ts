import type { LookupTable } from './lookup.ts';

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

/** The window that shows every value from `min` to `max`, for images without one of their own. */
export const fullWindow = (min: number, max: number): Window => ({
  kind: 'window',
  center: (min + max) / 2,
  width: max > min ? max - min : 1,
  shape: 'linear-exact',
});
