import { useText } from '../../i18n/index.ts';

/** Minutes as somebody says them: to the minute below two hours, to the hour below two days. */
export function useDuration(): (minutes: number) => string {
  const t = useText('dashboard');
  return (minutes) => {
    if (minutes < 120) return t('minutes', { count: Math.round(minutes) });
    const hours = minutes / 60;
    return hours < 48 ? t('hours', { count: Math.round(hours) }) : t('days', { count: Math.round(hours / 24) });
  };
}
