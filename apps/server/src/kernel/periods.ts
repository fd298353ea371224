import { Failure } from './failure.ts';

const DAY_MS = 86_400_000;
/** Without a period. */
const DAYS = 30;
/** Longer periods are told by month. */
const MOST_DAYS = 62;
const MOST_YEARS = 10;
const MOST_STEPS = 400;

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

export type Step = 'DAY' | 'WEEK' | 'MONTH';

/** The first day of the week behind the one of `day`; weeks begin on Monday (ISO 8601). */
export function nextWeek(day: string): string {
  const sinceMonday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(day, 7 - sinceMonday);
}

const NEXT: Readonly<Record<Step, (day: string) => string>> = {
  DAY: (day) => addDays(day, 1),
  WEEK: nextWeek,
  MONTH: nextMonth,
};

export interface Period<S extends Step = Step> {
  readonly from: string;
  readonly to: string;
  readonly step: S;
  /** The first day of each step. */
  readonly starts: readonly string[];
  /** When each begins, and when the last ends. */
  readonly bounds: readonly Date[];
}

interface Asked {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly timeZone: string;
}

/** Steps of a period that is told by what is given, or by what `stepOf` makes of its days. Fails with UNPROCESSABLE for one that ends before it begins, is longer than ten years or has more than 400 steps. */
export function steppedPeriod<S extends Step>(given: Asked, now: Date, stepOf: (days: number) => S): Period<S> {
  const { timeZone } = given;
  const to = given.to ?? dayAt(now, timeZone);
  const from = given.from ?? addDays(to, 1 - DAYS);
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
  if (days < 1) throw new Failure('UNPROCESSABLE', { detail: 'The period ends before it begins.' });
  if (days > MOST_YEARS * 366) throw new Failure('UNPROCESSABLE', { detail: 'At most ten years.' });
  const step = stepOf(days);
  const end = addDays(to, 1);
  const starts: string[] = [];
  for (let day = from; day < end && starts.length <= MOST_STEPS; day = NEXT[step](day)) starts.push(day);
  if (starts.length > MOST_STEPS)
    throw new Failure('UNPROCESSABLE', { detail: `At most ${MOST_STEPS} days, weeks or months: choose longer steps.` });
  const bounds = [...starts, end].map((day) => midnight(day, timeZone));
  return { from, to, step, starts, bounds };
}

/** A period by days, or by months where it is long. Fails as `steppedPeriod` does. */
export const periodOf = (given: Asked, now: Date): Period<'DAY' | 'MONTH'> =>
  steppedPeriod(given, now, (days) => (days <= MOST_DAYS ? 'DAY' : 'MONTH'));
