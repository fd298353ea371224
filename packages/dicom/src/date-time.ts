/**
 * DA, TM and DT values as ISO 8601 wall clock text (PS3.5 6.2). What is no date or time gives undefined; nothing throws. Times are
 * local to where they were written.
 */

const DATE = /^(\d{4})(?:([.\-/])?(\d{2})\2(\d{2}))$/;
const TIME = /^(\d{2})(?::?(\d{2})(?::?(\d{2})(?:\.(\d{1,6}))?)?)?$/;
const DATE_TIME =
  /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:\.(\d{1,6}))?)?)?)?)?)?(?:[+-](?:0\d|1[0-4])[0-5]\d)?$/;

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isCalendarDay(year: string, month: string, day: string): boolean {
  const monthNumber = Number(month);
  if (year === '0000' || monthNumber < 1 || monthNumber > 12) return false;
  return Number(day) >= 1 && Number(day) <= daysIn(Number(year), monthNumber);
}

function isClock(hour: string, minute: string, second: string): boolean {
  // 60 is a leap second (PS3.5 6.2, TM).
  return Number(hour) <= 23 && Number(minute) <= 59 && Number(second) <= 60;
}

const fractionOf = (digits: string | undefined): string => (digits === undefined ? '' : `.${digits.padEnd(6, '0')}`);

/** A DA value, or the `1997.04.24` of ACR-NEMA, as `1997-04-24`; undefined when it is no day of the calendar. */
export function parseDate(value: string | undefined): string | undefined {
  const match = DATE.exec((value ?? '').trim());
  const [, year = '', , month = '', day = ''] = match ?? [];
  return match !== null && isCalendarDay(year, month, day) ? `${year}-${month}-${day}` : undefined;
}

/** A TM value, or the `12:30:05` of ACR-NEMA, as `HH:MM:SS` or `HH:MM:SS.ffffff`; parts not given count as zero. */
export function parseTime(value: string | undefined): string | undefined {
  const match = TIME.exec((value ?? '').trim());
  const [, hour = '', minute = '00', second = '00', fraction] = match ?? [];
  if (match === null || !isClock(hour, minute, second)) return undefined;
  return `${hour}:${minute}:${second}${fractionOf(fraction)}`;
}

/**
 * A DT value as `YYYY-MM-DDTHH:MM:SS`, with `.ffffff` when given; parts not given are the first of their kind. Its offset from UTC is left out.
 * Source: PS3.5 6.2.
 */
export function parseDateTime(value: string | undefined): string | undefined {
  const match = DATE_TIME.exec((value ?? '').trim());
  const [, year = '', month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction] = match ?? [];
  if (match === null || !isCalendarDay(year, month, day) || !isClock(hour, minute, second)) return undefined;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${fractionOf(fraction)}`;
}
