import { formatDuration, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';

const [HOUR, DAY] = [3_600, 86_400];

/** Seconds for people: below two days by the hour and minute, from there on by days with one decimal below ten. */
export function durationText(seconds: number, days: (count: number) => string): string {
  if (seconds < 48 * HOUR) return formatDuration(seconds);
  const count = seconds / DAY;
  return days(count < 10 ? Math.round(count * 10) / 10 : Math.round(count));
}

/** The same in the person's language; a dash of what was not measured. */
export function useSeconds(): (seconds: number | null) => string {
  const t = useText('activity');
  const locale = useLocale();
  const days = (count: number): string => t('days', { count }).replace(String(count), formatNumber(count, locale));
  return (seconds) => (seconds === null ? '–' : durationText(seconds, days));
}
