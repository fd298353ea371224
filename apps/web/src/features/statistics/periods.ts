import type { ArrivalStatistics, Step } from '@negatoscope/contract';
import { formatDate } from '../../i18n/format.ts';
import type { Locale, Text } from '../../i18n/index.ts';
import { daysOf, periodText, type Search } from './words.ts';

export type Change = Partial<Record<keyof Search, unknown>>;
export interface ViewProps {
  readonly search: Search;
  readonly onChange: (change: Change) => void;
}

/** The days that an address asks for. */
export const periodOf = ({ range = 'month' }: Search): { from: string; to: string } => daysOf(range);

/** What figures of studies are asked for by the address of the page. */
export const activityOf = (search: Search) => ({
  ...periodOf(search),
  step: search.step,
  site: search.site,
  modality: search.modality,
});

/** The modalities that came and that can be asked for by themselves. */
export const modalitiesOf = (found: ArrivalStatistics | undefined): string[] =>
  found?.modalities.map(({ key }) => key).filter((key) => /^[A-Z0-9_]{1,16}$/.test(key)) ?? [];

/** A step by its first day. */
export const stepText = (start: string, step: Step, locale: Locale, t: Text<'activity'>): string =>
  step === 'WEEK' ? t('weekOf', { day: formatDate(start, locale) }) : periodText(start, step, locale);
