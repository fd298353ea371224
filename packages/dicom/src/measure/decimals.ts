import { jsonValues } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';

/** All values as finite numbers, or undefined as soon as one is not. DS and IS may arrive as strings (PS3.18 F.2.3). */
export function decimals(json: DicomJsonObject | undefined, tag: string): number[] | undefined {
  const values = json === undefined ? [] : jsonValues(json, tag);
  if (values.length === 0) return undefined;
  const numbers = values.map((value) =>
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN,
  );
  return numbers.every(Number.isFinite) ? numbers : undefined;
}

/** The first of them. */
export const decimal = (json: DicomJsonObject | undefined, tag: string): number | undefined => decimals(json, tag)?.[0];

/** The items of a sequence, by what they are: whoever wrote the JSON may have lost the VR. */
export const itemsOf = (json: DicomJsonObject, tag: string): readonly DicomJsonObject[] =>
  jsonValues(json, tag).filter((value) => typeof value === 'object' && value !== null) as DicomJsonObject[]; // As PS3.18 F.2.5 has them.
