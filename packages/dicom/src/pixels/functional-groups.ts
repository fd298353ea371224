import { jsonElement, jsonItems } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';

/**
 * Where attributes of a functional group macro stand for one frame, the first to be asked first: the frame's own group, the shared one (PS3.3
 * C.7.6.16.1.2), the dataset itself. `frame` counts from 0; `sequence` is the tag of the macro's sequence.
 */
export function frameSources(json: DicomJsonObject, frame: number, sequence: string): DicomJsonObject[] {
  // One item of maybe thousands: the sequence is not copied.
  const own = jsonElement(json, '52009230')?.Value?.[frame];
  const groups = [own, jsonElement(json, '52009229')?.Value?.[0]];
  // In a sequence every value is an item, or null for an empty one (PS3.18 F.2.5).
  const items = groups.map((group) => (typeof group === 'object' && group !== null ? (group as DicomJsonObject) : {}));
  return [...items.flatMap((group) => jsonItems(group, sequence).slice(0, 1)), json];
}
