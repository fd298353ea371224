import { jsonElement, jsonNumber, jsonNumbers, jsonString } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';
import { elementBytes, type ReadBulk } from './bulk.ts';
import type { Palette } from './color.ts';
import { type LookupTable, lookupTable } from './lookup.ts';
import { expandSegmentedPalette } from './segmented-palette.ts';

async function colorTable(json: DicomJsonObject, index: number, readBulk: ReadBulk): Promise<LookupTable | undefined> {
  const descriptor = jsonNumbers(json, `0028110${index}`);
  const isSigned = jsonNumber(json, '00280103') === 1;
  const data = await elementBytes(jsonElement(json, `0028120${index}`), readBulk);
  if (data !== undefined) return lookupTable(descriptor, data, isSigned);
  const segmented = await elementBytes(jsonElement(json, `0028122${index}`), readBulk);
  if (segmented === undefined) return undefined;
  const entries = expandSegmentedPalette(segmented, descriptor[2] === 8 ? 1 : 2);
  return lookupTable(descriptor, new Uint8Array(Uint16Array.from(entries).buffer), isSigned);
}

/**
 * The palette of a PALETTE COLOR image (PS3.3 C.7.9), inline, by address or in segments; undefined for other images and when a table is missing.
 * Fails with PixelError for segments that lead nowhere.
 */
export async function paletteOf(json: DicomJsonObject, readBulk: ReadBulk): Promise<Palette | undefined> {
  if (jsonString(json, '00280004') !== 'PALETTE COLOR') return undefined;
  const [red, green, blue] = [
    await colorTable(json, 1, readBulk),
    await colorTable(json, 2, readBulk),
    await colorTable(json, 3, readBulk),
  ];
  return red === undefined || green === undefined || blue === undefined ? undefined : { red, green, blue };
}
