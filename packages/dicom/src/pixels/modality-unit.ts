import { jsonItems, jsonNumber, jsonString } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';
import { frameSources } from './functional-groups.ts';

export const isColor = (json: DicomJsonObject): boolean =>
  (jsonNumber(json, '00280002') ?? 1) > 1 || jsonString(json, '00280004') === 'PALETTE COLOR';

const PET_UNITS: Readonly<Record<string, string>> = {
  BQML: 'Bq/ml',
  CNTS: 'counts',
  GML: 'g/ml',
  CPS: 'counts/s',
  '1CM': '1/cm',
};

/** What Rescale Type or Modality LUT Type says; `US` is "unspecified". */
function rescaleType(json: DicomJsonObject, frame: number): string | undefined {
  const sources = [...jsonItems(json, '00283000').slice(0, 1), ...frameSources(json, frame, '00289145')];
  for (const source of sources) {
    const type = jsonString(source, '00283004') ?? jsonString(source, '00281054');
    if (type !== undefined) return type === 'US' ? undefined : type;
  }
  return undefined;
}

/**
 * Unit of the modality values, as it is written beside a number: `HU`, `Bq/ml`, `Gy`, or the defined term of Rescale Type (PS3.3 C.11.1.1.2), of
 * Units (0054,1001); undefined when nothing says. A rescaled CT that names no type is in Hounsfield units (C.8.2.1).
 */
export function unitOf(json: DicomJsonObject, frame: number): string | undefined {
  if (isColor(json)) return undefined;
  if (jsonNumber(json, '3004000E') !== undefined) return jsonString(json, '30040002') === 'GY' ? 'Gy' : undefined;
  const pet = jsonString(json, '00541001');
  if (pet !== undefined) return PET_UNITS[pet] ?? pet;
  const sources = frameSources(json, frame, '00289145');
  const type = rescaleType(json, frame);
  if (type !== undefined) return type;
  const isNamed = sources.some((source) => jsonString(source, '00281054') !== undefined);
  const isRescaled = sources.some((source) => jsonNumber(source, '00281052') !== undefined);
  return jsonString(json, '00080060') === 'CT' && isRescaled && !isNamed ? 'HU' : undefined;
}
