import { jsonItems } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';

/**
 * Where attributes of a functional group macro stand for one frame, the first to be asked first: the frame's own group, the shared one (PS3.3
 * C.7.6.16.1.2), the dataset itself. `frame` counts from 0; `sequence` is the tag of the macro's sequence.
 */
export function frameSources(json: DicomJsonObject, frame: number, sequence: string): DicomJsonObject[] {
  const groups = [jsonItems(json, '52009230')[frame], jsonItems(json, '52009229')[0]];
  return [...groups.flatMap((group) => (group === undefined ? [] : jsonItems(group, sequence).slice(0, 1))), json];
}
