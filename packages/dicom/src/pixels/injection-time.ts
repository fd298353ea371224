import { parseDate, parseDateTime, parseTime } from '../date-time.ts';
import { jsonNumber, jsonString } from '../json-access.ts';
import type { DicomJsonObject } from '../types.ts';

export const positive = (json: DicomJsonObject, tag: string): number | undefined => {
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
export function scanStart(json: DicomJsonObject, halfLife: number): number | undefined {
  const [series, acquisition] = [clock(json, '00080021', '00080031'), clock(json, '00080022', '00080032')];
  if (series !== undefined && (acquisition === undefined || series <= acquisition)) return series;
  const [reference, duration] = [positive(json, '00541300'), positive(json, '00181242')];
  if (acquisition === undefined || reference === undefined || duration === undefined) return undefined;
  const decay = (Math.LN2 / halfLife) * (duration / 1000);
  const average = (halfLife / Math.LN2) * Math.log(decay / (1 - Math.exp(-decay)));
  return acquisition - reference / 1000 + average;
}

/** Radiopharmaceutical Start DateTime, or Start Time on the day of the scan or, where that would be later than it, the day before. */
export function injectionBefore(item: DicomJsonObject, scan: number): number | undefined {
  const whole = secondsOf(parseDateTime(jsonString(item, '00181078')));
  if (whole !== undefined) return whole;
  const time = secondsOf(`1970-01-01T${parseTime(jsonString(item, '00181072')) ?? 'none'}`);
  if (time === undefined) return undefined;
  const sameDay = Math.floor(scan / DAY) * DAY + time;
  return sameDay <= scan ? sameDay : sameDay - DAY;
}
