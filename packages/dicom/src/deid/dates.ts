import { parseDate, parseDateTime, parseTime } from '../date-time.ts';
import type { DicomJsonElement, DicomJsonValue } from '../types.ts';

const DAY_MS = 86_400_000;
const FIRST_YEAR = 1;
const LAST_YEAR = 9999;

/** `YYYYMMDD` moved by whole days; undefined where it is no day, before it or behind what a DA can say. */
function movedDay(text: string, days: number): string | undefined {
  const iso = parseDate(text);
  if (iso === undefined) return undefined;
  const moved = new Date(Date.parse(`${iso}T00:00:00Z`) + days * DAY_MS);
  const year = moved.getUTCFullYear();
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR)) return undefined;
  return moved.toISOString().slice(0, 10).replaceAll('-', '');
}

/** A DA, or a range of two of them (PS3.4 C.2.2.2.5). */
function movedDate(text: string, days: number): string | undefined {
  const whole = movedDay(text, days);
  if (whole !== undefined) return whole;
  const parts = /^(\d{8})?-(\d{8})?$/.exec(text);
  if (parts === null || text === '-') return undefined;
  const ends = [parts[1], parts[2]].map((end) => (end === undefined ? '' : movedDay(end, days)));
  return ends.includes(undefined) ? undefined : ends.join('-');
}

/** A DT whose day is known; its time of day and offset from UTC stay. A year or month alone can't be moved by days. */
function movedDateTime(text: string, days: number): string | undefined {
  if (parseDateTime(text) === undefined) return undefined;
  const parts = /^(\d{8})(.*)$/.exec(text);
  const day = parts === null ? undefined : movedDay(parts[1] ?? '', days);
  return day === undefined ? undefined : day + (parts?.[2] ?? '');
}

function moved(vr: string, value: DicomJsonValue, days: number): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (vr === 'DA') return movedDate(text, days);
  if (vr === 'DT') return movedDateTime(text, days);
  // Whole days leave the time of day as it is.
  return vr === 'TM' && parseTime(text) !== undefined ? text : undefined;
}

/** An element of dates or times moved by whole days; undefined where one of its values is none: it says something else. */
export function movedDates({ vr, Value = [] }: DicomJsonElement, days: number): DicomJsonElement | undefined {
  const values = Value.map((value) => moved(vr, value, days));
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? { vr, ...(known.length === 0 ? {} : { Value: known }) } : undefined;
}

/** Kept as it is, where it is nothing else than dates or times. */
export const keptDates = (element: DicomJsonElement): DicomJsonElement | undefined => movedDates(element, 0);
