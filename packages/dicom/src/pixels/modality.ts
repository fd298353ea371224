import { type LookupTable, lookUp } from './lookup.ts';

/** Stored values → modality values (PS3.3 C.11.1): a line, or a table. */
export type ModalityTransform =
  | { readonly kind: 'rescale'; readonly slope: number; readonly intercept: number }
  | { readonly kind: 'table'; readonly table: LookupTable };

export const IDENTITY: ModalityTransform = { kind: 'rescale', slope: 1, intercept: 0 };

/** The function that takes a stored value to the modality value. */
export function modalityFunction(transform: ModalityTransform): (stored: number) => number {
  if (transform.kind === 'table') return (stored) => lookUp(transform.table, stored);
  const { slope, intercept } = transform;
  return (stored) => stored * slope + intercept;
}
