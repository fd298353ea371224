import type { AgeBand, Rate, ScreeningRow } from '@negatoscope/contract';
import { daysBefore, formatDate, formatDuration, formatShare, today } from '../../i18n/format.ts';
import type { Locale, Text } from '../../i18n/index.ts';
import type { STATISTICS_BY, STATISTICS_RANGES, statisticsSearch } from '../../routing/search-params.ts';

export type Search = ReturnType<typeof statisticsSearch>;
export type By = (typeof STATISTICS_BY)[number];
export interface Words {
  readonly t: Text<'statistics'>;
  readonly locale: Locale;
}

const DAYS: Readonly<Record<(typeof STATISTICS_RANGES)[number], number>> = { week: 6, month: 29, quarter: 89, year: 364 };

/** Name and version of a model by its key; a version has no spaces. */
export const modelOf = (key: string): { modelName: string; modelVersion: string } => {
  const at = key.lastIndexOf(' ');
  return { modelName: key.slice(0, at), modelVersion: key.slice(at + 1) };
};

/** The days of a range, both within. */
export function daysOf(range: (typeof STATISTICS_RANGES)[number]): { from: string; to: string } {
  const to = today();
  return { from: daysBefore(to, DAYS[range]), to };
}

/** What the server is asked for by the address of the page. */
export function queryOf({ range = 'month', model, site, age, sex, reference = 'ANY' }: Search) {
  const which = model === undefined ? {} : modelOf(model);
  return { ...daysOf(range), ...which, site, ageBand: age, sex, reference };
}

/** `82,1 % (70,2 % à 89,9 %), 46 sur 56`; a dash of nothing. */
export const rateText = ({ rate, count, of }: Rate, { t, locale }: Words): string =>
  rate === null
    ? `${t('nothing')} (${t('nothingCounted')})`
    : t('rate', {
        share: formatShare(rate.share, locale),
        low: formatShare(rate.low, locale),
        high: formatShare(rate.high, locale),
        count,
        of,
      });

export const secondsText = (seconds: number | null, t: Text<'statistics'>): string =>
  seconds === null ? t('nothing') : formatDuration(seconds);

export const ageText = (band: AgeBand, t: Text<'statistics'>): string =>
  band === 'UNKNOWN' ? t('ageUnknown') : t('years', { band: band.replace('-', '\u2013') });

export const siteText = ({ key, name }: Pick<ScreeningRow, 'key' | 'name'>, t: Text<'statistics'>): string =>
  name ?? t(key === 'none' ? 'noSite' : 'ownImports');

/** A period by its first day: the month where it is told by month. */
export function periodText(start: string, step: 'DAY' | 'MONTH', locale: Locale): string {
  if (step === 'DAY') return formatDate(start, locale);
  const month = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locale, month).format(new Date(`${start}T00:00:00Z`));
}

/** What a row of the breakdown is called. */
export function rowText(by: By, row: ScreeningRow, step: 'DAY' | 'MONTH', { t, locale }: Words): string {
  if (by === 'sites') return siteText(row, t);
  if (by === 'ages') return ageText(row.key as AgeBand, t); // The server's own words.
  if (by === 'sexes') return t(`sex_${row.key as 'M' | 'F' | 'O' | 'U'}`);
  return by === 'periods' ? periodText(row.key, step, locale) : row.key;
}

/** The last twelve months, the newest first, as `YYYY-MM`. */
export function lastMonths(count = 12): string[] {
  const [year = 0, month = 0] = today().split('-').map(Number);
  return Array.from({ length: count }, (_, back) => new Date(Date.UTC(year, month - 1 - back, 1)).toISOString().slice(0, 7));
}
