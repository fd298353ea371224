import type { Prediction, Prior } from '@negatoscope/contract';
import { formatDate, formatDecimal } from '../../../i18n/format.ts';
import { type Locale, useViewerTextIn } from '../../../i18n/index.ts';
import type { ShownAnnotation } from '../../annotations/study-annotations.ts';
import type { MeasurementLabels } from '../../annotations/texts.ts';
import { useLabelsIn } from '../../parts/measurement-labels.ts';
import type { KeyFrame, PlaceOf } from '../key-frames.ts';
import { usePlaceText } from '../use-place-text.ts';

export interface PrefillSource {
  readonly items: readonly ShownAnnotation[];
  readonly linesOf: (item: ShownAnnotation, words?: MeasurementLabels) => readonly string[];
  readonly placeOf: PlaceOf;
  readonly keyFrames: readonly KeyFrame[];
  readonly predictions: readonly Prediction[];
  readonly prior: Prior | undefined;
}

/** A score that a physician has validated: everybody may see it. */
const scoreOf = (predictions: readonly Prediction[]): Prediction | undefined =>
  predictions.find(({ state, probability }) => state === 'VALIDATED' && probability !== null);

const valueText = (value: number | null, locale: Locale): string => (value === null ? '' : formatDecimal(value, locale));

/** Of a series that nobody has shown yet no place is known. */
const inBrackets = (place: string): string => (place === '' ? '' : `(${place})`);

/** Texts that are made of what the study has, in the report's language, whichever the page speaks; undefined where there is nothing of a kind. */
export function usePrefill({ items, linesOf, placeOf, keyFrames, predictions, prior }: PrefillSource, locale: Locale) {
  const t = useViewerTextIn(locale);
  const labels = useLabelsIn(locale);
  const placeText = usePlaceText(placeOf, t);
  const provisional = t('measure.provisional');
  const lines = items
    .filter(({ kind }) => kind !== 'KEY_IMAGE')
    .map((item) => ({ item, said: linesOf(item, labels) }))
    .filter(({ said }) => said.length > 0);
  const areFinal = !lines.some(({ said }) => said.includes(provisional));
  const measured = lines
    .filter(({ said }) => !said.includes(provisional))
    .map(({ item, said }) => ['-', said.join(', '), inBrackets(placeText(item))].filter(Boolean).join(' '));
  const places = keyFrames.map((frame) => placeText(frame)).filter((place) => place !== '');
  const score = scoreOf(predictions);
  return {
    areFinal,
    measurements: measured.length === 0 ? undefined : [t('report.measured'), ...measured].join('\n'),
    keyImages: places.length === 0 ? undefined : `${t('report.keyImages')} ${places.join(', ')}.`,
    score:
      score === undefined
        ? undefined
        : t('report.score', {
            model: score.modelName,
            value: valueText(score.probability, locale),
            threshold: valueText(score.threshold, locale),
          }),
    comparison:
      prior === undefined
        ? undefined
        : t('report.comparedWith', { date: formatDate(prior.studyDate, locale) || t('panel.undated') }),
  };
}
