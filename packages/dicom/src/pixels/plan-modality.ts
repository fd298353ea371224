import { jsonElement, jsonItems, jsonNumber, jsonNumbers } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';
import { elementBytes, type ReadBulk } from './bulk.ts';
import { frameSources } from './functional-groups.ts';
import { type LookupTable, lookupTable } from './lookup.ts';
import { IDENTITY, type ModalityTransform } from './modality.ts';
import { isColor } from './modality-unit.ts';

/** A table of a Modality LUT or VOI LUT Sequence item (PS3.3 C.11.1.1); undefined when its data are missing or make no sense. */
export async function tableOfItem(
  item: DicomJsonObject,
  isSigned: boolean,
  readBulk: ReadBulk,
): Promise<LookupTable | undefined> {
  const data = await elementBytes(jsonElement(item, '00283006'), readBulk);
  return data === undefined ? undefined : lookupTable(jsonNumbers(item, '00283002'), data, isSigned);
}

/** Slope and intercept, either of them alone too; a slope of 0, which would make all pixels the same, counts as absent. */
function rescaleOf(json: DicomJsonObject, frame: number): ModalityTransform {
  for (const source of frameSources(json, frame, '00289145')) {
    const [slope, intercept] = [jsonNumber(source, '00281053') || undefined, jsonNumber(source, '00281052')];
    if (slope === undefined && intercept === undefined) continue;
    return { kind: 'rescale', slope: slope ?? 1, intercept: intercept ?? 0 };
  }
  return IDENTITY;
}

/**
 * Stored → modality values of one frame (PS3.3 C.11.1): Modality LUT Sequence, Dose Grid Scaling (C.8.8.3), or Rescale Slope and Intercept
 * of the frame's groups or the dataset. Colour has none, whatever its attributes say. `frame` counts from 0.
 */
export async function modalityOf(json: DicomJsonObject, frame: number, readBulk: ReadBulk): Promise<ModalityTransform> {
  if (isColor(json)) return IDENTITY;
  const [item] = jsonItems(json, '00283000');
  const table = item === undefined ? undefined : await tableOfItem(item, jsonNumber(json, '00280103') === 1, readBulk);
  if (table !== undefined) return { kind: 'table', table };
  const dose = jsonNumber(json, '3004000E');
  if (dose !== undefined && dose > 0) return { kind: 'rescale', slope: dose, intercept: 0 };
  return rescaleOf(json, frame);
}
