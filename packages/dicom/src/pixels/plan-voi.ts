import { jsonItems, jsonString, jsonValues } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';
import type { ReadBulk } from './bulk.ts';
import { frameSources } from './functional-groups.ts';
import { tableOfItem } from './plan-modality.ts';
import { storedWindow, type Voi } from './voi.ts';

/** A window or table that is stored with the image, for people to choose from. */
export interface VoiChoice {
  /** `window-1`, `window-2`, `table-1` …: by their place in the dataset, which a frame's neighbours share. */
  readonly id: string;
  /** Window Center & Width Explanation (0028,1055) or LUT Explanation (0028,3003), as stored; empty when there is none. */
  readonly explanation: string;
  readonly voi: Voi;
}

const numberAt = (json: DicomJsonObject, tag: string, index: number): number | undefined => {
  const value = jsonValues(json, tag)[index];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};

const textAt = (json: DicomJsonObject, tag: string, index: number): string => {
  const value = jsonValues(json, tag)[index];
  return typeof value === 'string' ? value.trim() : '';
};

/** The windows of one dataset or macro that make sense (PS3.3 C.11.2.1.2): centre and width of the same place among the values. */
function windowsOf(source: DicomJsonObject): VoiChoice[] {
  const shape = jsonString(source, '00281056');
  const count = Math.min(jsonValues(source, '00281050').length, jsonValues(source, '00281051').length);
  return Array.from({ length: count }, (_, index): VoiChoice[] => {
    const voi = storedWindow(numberAt(source, '00281050', index), numberAt(source, '00281051', index), shape);
    return voi === undefined ? [] : [{ id: `window-${index + 1}`, explanation: textAt(source, '00281055', index), voi }];
  }).flat();
}

async function tablesOf(source: DicomJsonObject, isSigned: boolean, readBulk: ReadBulk): Promise<VoiChoice[]> {
  const choices: VoiChoice[] = [];
  for (const [index, item] of jsonItems(source, '00283010').entries()) {
    const table = await tableOfItem(item, isSigned, readBulk);
    if (table === undefined) continue;
    choices.push({ id: `table-${index + 1}`, explanation: textAt(item, '00283003', 0), voi: { kind: 'table', table } });
  }
  return choices;
}

const firstOfAny = <T>(lists: readonly (readonly T[])[]): readonly T[] => lists.find((list) => list.length > 0) ?? [];

/**
 * Every window and then every VOI LUT of a frame that makes sense (PS3.3 C.11.2), those of its own functional group instead of the shared ones
 * and these instead of the dataset's. The first is the one that shows the frame. `isSigned`: modality values may be below zero.
 */
export async function voiChoicesOf(
  json: DicomJsonObject,
  frame: number,
  isSigned: boolean,
  readBulk: ReadBulk,
): Promise<readonly VoiChoice[]> {
  const sources = frameSources(json, frame, '00289132');
  const tables: VoiChoice[][] = [];
  for (const source of sources) tables.push(await tablesOf(source, isSigned, readBulk));
  return [...firstOfAny(sources.map(windowsOf)), ...firstOfAny(tables)];
}
