import type { DeidProject } from '@negatoscope/contract';
import type { Text } from '../../i18n/index.ts';

/** What of a file stays in a project, in a line: its dates, then what else is kept. */
export function keptWords({ dates, options }: Pick<DeidProject, 'dates' | 'options'>, t: Text<'deid'>): string {
  const kept = options.map((option) => t(`short_${option}`)).join(', ');
  return [t(`datesShort_${dates}`), kept === '' ? t('keepsNothing') : t('keeps', { kept })].join(' · ');
}
