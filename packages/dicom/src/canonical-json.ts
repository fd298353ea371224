import type { DicomJsonObject } from './types.ts';

/**
 * One text for one dataset: attributes in tag order, empty values left out of their elements, so that two encodings of the same values compare
 * equal. Specific Character Set (0008,0005) is left out because the text is Unicode here, and so are padding attributes (FFFC,FFFC).
 * Bulk values compare by their BulkDataURI: give the parser a `bulkDataUri` that names content when they must count.
 * Source: PS3.18 F.2. Not handled: VR UN against the VR it stands for.
 */
export function canonicalJson(json: DicomJsonObject): string {
  return JSON.stringify(canonical(json));
}

const LEFT_OUT = new Set(['00080005', 'FFFCFFFC']);

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  // A Map-like list of pairs keeps the order of keys that look like integers, which objects would change.
  return Object.entries(value)
    .filter(([key, child]) => !LEFT_OUT.has(key) && child !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
    .map(([key, child]) => [key, canonical(child)]);
}
