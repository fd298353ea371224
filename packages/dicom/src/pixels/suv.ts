import { jsonItems, jsonString, jsonStrings } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';
import { injectionBefore, positive, scanStart } from './injection-time.ts';

/** Why values of a PET image are no SUV. */
export const SUV_REASONS = [
  'NOT_PET',
  'UNITS',
  'SUV_TYPE',
  'ATTENUATION',
  'DECAY_CORRECTION',
  'NO_WEIGHT',
  'NO_DOSE',
  'NO_HALF_LIFE',
  'NO_INJECTION_TIME',
  'NO_SCAN_TIME',
  'TIMES',
] as const;
export type SuvReason = (typeof SUV_REASONS)[number];

/** `factor` takes a modality value to the standardized uptake value by body weight, in g/ml. */
export type Suv = { readonly kind: 'suv'; readonly factor: number } | { readonly kind: 'none'; readonly reason: SuvReason };

const none = (reason: SuvReason): Suv => ({ kind: 'none', reason });
const suv = (factor: number): Suv => ({ kind: 'suv', factor });

/** Share of the dose that is left at the time to which the image is decay corrected, or why that can't be said. */
function doseLeft(json: DicomJsonObject, item: DicomJsonObject): number | SuvReason {
  const correction = jsonString(json, '00541102');
  if (correction === 'ADMIN') return 1;
  if (correction !== 'START') return 'DECAY_CORRECTION';
  const halfLife = positive(item, '00181075');
  if (halfLife === undefined) return 'NO_HALF_LIFE';
  const scan = scanStart(json, halfLife);
  if (scan === undefined) return 'NO_SCAN_TIME';
  const injection = injectionBefore(item, scan);
  if (injection === undefined) return 'NO_INJECTION_TIME';
  const left = 2 ** ((injection - scan) / halfLife);
  return left > 1e-6 && left <= 1 ? left : 'TIMES';
}

/**
 * Standardized uptake value by body weight of a PET image (PS3.3 C.8.9.1, C.8.9.2): activity concentration × patient's weight ÷ dose at the time to which
 * the image is decay corrected. Images in g/ml that name no other type of SUV are one already. Where an attribute is missing or contradicts, the reason
 * says which: no number is better than a wrong one. Never fails.
 */
export function suvOf(json: DicomJsonObject): Suv {
  if (jsonString(json, '00080060') !== 'PT') return none('NOT_PET');
  const units = jsonString(json, '00541001');
  if (units === 'GML') return (jsonString(json, '00541006') ?? 'BW') === 'BW' ? suv(1) : none('SUV_TYPE');
  if (units !== 'BQML') return none('UNITS');
  const corrected = jsonStrings(json, '00280051');
  if (corrected.length > 0 && !corrected.includes('ATTN')) return none('ATTENUATION');
  const weight = positive(json, '00101030');
  if (weight === undefined) return none('NO_WEIGHT');
  const [item] = jsonItems(json, '00540016');
  const dose = item === undefined ? undefined : positive(item, '00181074');
  if (item === undefined || dose === undefined) return none('NO_DOSE');
  const left = doseLeft(json, item);
  return typeof left === 'string' ? none(left) : suv((weight * 1000) / (dose * left));
}
