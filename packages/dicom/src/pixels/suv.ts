import { parseDate, parseDateTime, parseTime } from '../date-time.ts';
import { jsonItems, jsonNumber, jsonString, jsonStrings } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';

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

const positive = (json: DicomJsonObject, tag: string): number | undefined => {
  const value = jsonNumber(json, tag);
  return value !== undefined && value > 0 ? value : undefined;
};

/** Seconds of a wall clock, all of them read as if in one zone: only differences are used. */
function secondsOf(local: string | undefined): number | undefined {
  const milliseconds = local === undefined ? Number.NaN : Date.parse(`${local.replace(/(\.\d{3})\d*$/, '$1')}Z`);
  return Number.isFinite(milliseconds) ? milliseconds / 1000 : undefined;
}

function clock(json: DicomJsonObject, dateTag: string, timeTag: string): number | undefined {
  const [date, time] = [parseDate(jsonString(json, dateTag)), parseTime(jsonString(json, timeTag))];
  return date === undefined || time === undefined ? undefined : secondsOf(`${date}T${time}`);
}

const DAY = 86_400;

/**
 * When the series began, which is what Decay Correction START means: Series Date and Time unless the series was made after its acquisition, where
 * Frame Reference Time counts from that start (QIBA FDG-PET/CT profile, vendor-neutral SUV).
 */
function scanStart(json: DicomJsonObject, halfLife: number): number | undefined {
  const [series, acquisition] = [clock(json, '00080021', '00080031'), clock(json, '00080022', '00080032')];
  if (series !== undefined && (acquisition === undefined || series <= acquisition)) return series;
  const [reference, duration] = [positive(json, '00541300'), positive(json, '00181242')];
  if (acquisition === undefined || reference === undefined || duration === undefined) return undefined;
  const decay = (Math.LN2 / halfLife) * (duration / 1000);
  const average = (halfLife / Math.LN2) * Math.log(decay / (1 - Math.exp(-decay)));
  return acquisition - reference / 1000 + average;
}

/** Radiopharmaceutical Start DateTime, or Start Time on the day of the scan or, where that would be later than it, the day before. */
function injectionBefore(item: DicomJsonObject, scan: number): number | undefined {
  const whole = secondsOf(parseDateTime(jsonString(item, '00181078'))?.local);
  if (whole !== undefined) return whole;
  const time = secondsOf(`1970-01-01T${parseTime(jsonString(item, '00181072')) ?? 'none'}`);
  if (time === undefined) return undefined;
  const sameDay = Math.floor(scan / DAY) * DAY + time;
  return sameDay <= scan ? sameDay : sameDay - DAY;
}

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
