import { type Forecast, PACE_DAYS } from '@negatoscope/contract';

const DAY_MS = 86_400_000;
/** Nobody plans further. */
const MOST_DAYS = 3_650;

export interface Observed {
  readonly freeBytes: number;
  /** When the first study came; null of an empty archive. */
  readonly first: Date | null;
  readonly now: Date;
  /** Bytes that came in the last so many days. */
  readonly received: (days: number) => number;
}

/** When a disk is full at the pace of so many days. An archive that is younger than these says nothing of them. */
export function forecastOf(days: number, { freeBytes, first, now, received }: Observed): Forecast {
  const observedDays = first === null ? 0 : Math.min(days, Math.max(0, Math.floor((now.getTime() - first.getTime()) / DAY_MS)));
  const nothing = { dailyBytes: null, daysLeft: null, fullOn: null };
  if (observedDays < days) return { days, observedDays, verdict: 'TOO_FEW_DAYS', ...nothing };
  const dailyBytes = Math.round(received(days) / days);
  if (dailyBytes === 0) return { days, observedDays, verdict: 'NOTHING_COMES', ...nothing, dailyBytes };
  const daysLeft = Math.floor(freeBytes / dailyBytes);
  if (daysLeft >= MOST_DAYS) return { days, observedDays, verdict: 'LONG', ...nothing, dailyBytes };
  const fullOn = new Date(now.getTime() + daysLeft * DAY_MS).toISOString().slice(0, 10);
  return { days, observedDays, verdict: 'FULL', dailyBytes, daysLeft, fullOn };
}

export const forecastsOf = (observed: Observed): Forecast[] => PACE_DAYS.map((days) => forecastOf(days, observed));
