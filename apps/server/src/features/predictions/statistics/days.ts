import type { ScreeningStatistics } from '@negatoscope/contract';
import { Failure } from '../../../kernel/failure.ts';

const DAY_MS = 86_400_000;
/** Without a period. */
const DAYS = 30;
/** Longer periods are told by month. */
const MOST_DAYS = 62;
const MOST_YEARS = 10;

const partsOf = (at: Date, timeZone: string): string => {
  const format = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    hourCycle: 'h23',
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`;
};

/** The day of a moment in a time zone. */
export const dayAt = (at: Date, timeZone: string): string => partsOf(at, timeZone).slice(0, 10);

/** When a day begins in a time zone; the first moment after midnight where clocks are set forward over it. */
export function midnight(day: string, timeZone: string): Date {
  const wanted = Date.parse(`${day}T00:00:00Z`);
  const offset = (at: number): number => Date.parse(`${partsOf(new Date(at), timeZone)}Z`) - at;
  const first = wanted - offset(wanted);
  const second = wanted - offset(first);
  // Where the two differ clocks are set between them: the later one is the one that is on that day.
  const later = Math.max(first, second);
  return new Date(dayAt(new Date(Math.min(first, second)), timeZone) === day ? Math.min(first, second) : later);
}

export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The first day of the month behind the one of `day`. */
export function nextMonth(day: string): string {
  const [year = 0, month = 0] = day.split('-').map(Number);
  return month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
}

export interface Period {
  readonly from: string;
  readonly to: string;
  readonly step: ScreeningStatistics['step'];
  /** The first day of each step. */
  readonly starts: readonly string[];
  /** When each begins, and when the last ends. */
  readonly bounds: readonly Date[];
}

/** A period by days, or by months where it is long. Fails with UNPROCESSABLE for one that ends before it begins, or is longer than ten years. */
export function periodOf(
  given: { readonly from?: string | undefined; readonly to?: string | undefined; readonly timeZone: string },
  now: Date,
): Period {
  const { timeZone } = given;
  const to = given.to ?? dayAt(now, timeZone);
  const from = given.from ?? addDays(to, 1 - DAYS);
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days < 1) throw new Failure('UNPROCESSABLE', { detail: 'The period ends before it begins.' });
  if (days > MOST_YEARS * 366) throw new Failure('UNPROCESSABLE', { detail: 'At most ten years.' });
  const isShort = days <= MOST_DAYS;
  const end = addDays(to, 1);
  const starts: string[] = [];
  for (let day = from; day < end; day = isShort ? addDays(day, 1) : nextMonth(day)) starts.push(day);
  const bounds = [...starts, end].map((day) => midnight(day, timeZone));
  return { from, to, step: isShort ? 'DAY' : 'MONTH', starts, bounds };
}
