import { MOST_SHARE_DAYS } from '@negatoscope/contract/share-limits';
import { today } from '../../i18n/format.ts';

/** Days that a link may be valid for, as they are offered; a date is chosen otherwise. */
export const DAYS = [7, 14, 30, 90] as const;
export const BY_DATE = 'date';

const DAY_MS = 86_400_000;
/** A clock that is ahead of the server's must not make the longest time too long. */
const MARGIN_MS = 10 * 60_000;
const MOST_OPENINGS = 1000;

/** The end of a local day (`YYYY-MM-DD`). */
function endOf(date: string): Date | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  if (parts === null) return undefined;
  const [, year, month, day] = parts.map(Number);
  return new Date(year ?? 0, (month ?? 1) - 1, day ?? 1, 23, 59, 59);
}

/** When a link ends, by so many days or at the end of a local day; undefined where that is no day that it may have. */
export function endsAt(valid: string, date: string, now = new Date()): string | undefined {
  const latest = now.getTime() + MOST_SHARE_DAYS * DAY_MS - MARGIN_MS;
  if (valid !== BY_DATE) return new Date(Math.min(now.getTime() + Number(valid) * DAY_MS, latest)).toISOString();
  const end = endOf(date)?.getTime();
  // The last day counts whole where the clock allows it.
  const isAllowed = end !== undefined && date >= today(now) && end - DAY_MS < latest;
  return isAllowed ? new Date(Math.min(end, latest)).toISOString() : undefined;
}

/** How often a link may be opened: undefined for as often as one likes, null for what is no such number. */
export function openingsOf(text: string): number | undefined | null {
  const typed = text.trim();
  if (typed === '') return undefined;
  const count = /^\d{1,4}$/.test(typed) ? Number(typed) : 0;
  return count >= 1 && count <= MOST_OPENINGS ? count : null;
}
