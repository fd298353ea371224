import type { ScreeningStatistics } from '@negatoscope/contract';
import { useText } from '../../i18n/index.ts';
import type { MAIN_COUNTS } from './counts.ts';

interface CountNameProps {
  readonly of: (typeof MAIN_COUNTS)[number];
  readonly counts: ScreeningStatistics['total']['counts'];
}
/** What a figure counts. Where scores are hidden, how many those above the threshold are of: two of four films would be read as half of them. */
export function CountName({ of, counts }: CountNameProps) {
  const t = useText('statistics');
  if (of !== 'positive' || counts.hidden === 0) return t(of);
  return `${t(of)}, ${t('ofShown', { count: counts.screened - counts.hidden })}`;
}
