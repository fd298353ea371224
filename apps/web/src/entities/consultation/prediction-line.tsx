import type { Prediction, Validation } from '@negatoscope/contract';
import { PREDICTION_FAILURES } from '@negatoscope/contract/prediction-failures';
import { useQuery } from '@tanstack/react-query';
import { useCan } from '../../api/me.ts';
import { formatDecimal, formatInstant, type Locale } from '../../i18n/format.ts';
import { type Text, useLocale, useText } from '../../i18n/index.ts';
import { textIn } from '../../i18n/typography.ts';
import { CardButton } from '../prediction/made-by.tsx';
import { recalibratedValues } from '../prediction/recalibrated.ts';
import { lastPredictionQuery } from './queries.ts';

function stateOf(prediction: Prediction, t: Text<'consultations'>, locale: Locale): string {
  const { status, failureCode, isScoreHidden, isOpinionAsked, probability, prediction: side } = prediction;
  if (failureCode !== null) return textIn(PREDICTION_FAILURES[failureCode], locale);
  if (status !== 'DONE') return t(status === 'RUNNING' ? 'prediction_RUNNING' : 'prediction_QUEUED');
  if (isOpinionAsked) return t('prediction_blind');
  if (isScoreHidden || probability === null) return t('prediction_hidden');
  return t(side === 1 ? 'prediction_above' : 'prediction_below', { score: formatDecimal(probability, locale) });
}

/** How far the model is with a study, in one line, and what that is. Nothing where it was not asked. */
export function PredictionLine({ studyId }: { studyId: string }) {
  const t = useText('consultations');
  const locale = useLocale();
  const can = useCan();
  const { data: prediction } = useQuery({ ...lastPredictionQuery(studyId), enabled: can('predictions.read') });
  if (prediction === undefined || prediction === null) return null;
  const isShown = prediction.status === 'DONE' && !prediction.isScoreHidden;
  return (
    <p role="status" className="text-[13px]">
      {stateOf(prediction, t, locale)}
      {prediction.validation !== null && <Decided validation={prediction.validation} />}
      {isShown && prediction.recalibrated !== null && (
        <span className="block">{t('prediction_recalibrated', recalibratedValues(prediction.recalibrated, locale))}</span>
      )}
      {isShown && (
        <span className="block text-dim">
          {t('prediction_research', { model: `${prediction.modelName} ${prediction.modelVersion}` })} <CardButton />
        </span>
      )}
    </p>
  );
}

/** What became of a score, by whom and when, and what the patient has in the end. */
function Decided({ validation: { status, by, at, finalDiagnosis } }: { validation: Validation }) {
  const t = useText('consultations');
  const predictions = useText('predictions');
  const locale = useLocale();
  return (
    <>
      <strong> · {t(`prediction_${status}`)}</strong>
      <span className="block text-dim">{[by, formatInstant(at, locale)].filter(Boolean).join(', ')}</span>
      {finalDiagnosis !== null && (
        <span className="block">
          {t('prediction_diagnosis', {
            finding: predictions(`finding_${finalDiagnosis.finding}`),
            source: t(`source_${finalDiagnosis.source}`),
          })}
        </span>
      )}
    </>
  );
}
