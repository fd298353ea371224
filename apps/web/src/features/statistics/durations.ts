import { formatDuration } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';

const [HOUR, DAY] = [3_600, 86_400];

/** Seconds for people: below two days by hour and minute, from there on by days, with one decimal below ten; a dash of what was not measured. */
export function useSeconds(): (seconds: number | null) => string {
  const t = useText('activity');
  return (seconds) => {
    if (seconds === null) return '–';
    if (seconds < 48 * HOUR) return formatDuration(seconds);
    const count = seconds / DAY;
    return t('days', { count: count < 10 ? Math.round(count * 10) / 10 : Math.round(count) });
  };
}
