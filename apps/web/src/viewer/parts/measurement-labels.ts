import { useMemo } from 'react';
import { type Locale, useViewerTextIn } from '../../i18n/index.ts';
import type { MeasurementLabels } from '../engine/index.ts';

/** What measurements say in a language; the same object for as long as the language is. */
export function useLabelsIn(locale: Locale): MeasurementLabels {
  const t = useViewerTextIn(locale);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the language only.
  return useMemo(
    () => ({
      language: locale,
      uncalibrated: t('measure.uncalibrated'),
      outside: t('measure.outside'),
      detector: t('measure.detector'),
      estimated: t('measure.estimated'),
      padding: t('measure.padding'),
      provisional: t('measure.provisional'),
      cobb: t('measure.cobb'),
      ratio: t('measure.ratio'),
      heart: t('measure.heart'),
      thorax: t('measure.thorax'),
      area: t('measure.area'),
      mean: t('measure.mean'),
      minimum: t('measure.minimum'),
      maximum: t('measure.maximum'),
    }),
    [locale],
  );
}
