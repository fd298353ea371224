import type { Prediction } from '@negatoscope/contract';
import { formatNumber, formatWholeShare, type Locale } from '../../i18n/format.ts';

/** The values of a text that says a percentage: itself, the limits of its interval, and on how many cases of the site the model was recalibrated. */
export const recalibratedValues = (
  { share, low, high, cases }: NonNullable<Prediction['recalibrated']>,
  locale: Locale,
): Readonly<Record<'share' | 'low' | 'high' | 'cases', string>> => ({
  share: formatWholeShare(share, locale),
  low: formatWholeShare(low, locale),
  high: formatWholeShare(high, locale),
  cases: formatNumber(cases, locale),
});
