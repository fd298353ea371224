import type { Prediction } from '@negatoscope/contract';
import { PREDICTION_FAILURES, type PredictionFailure } from '@negatoscope/contract/prediction-failures';
import { useMemo } from 'react';
import { recalibratedValues } from '../../entities/prediction/recalibrated.ts';
import { stepsOf } from '../../entities/prediction/steps.ts';
import { formatDecimal, formatInstant, formatName, formatWholeShare } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import type { Column } from '../../ui/column.ts';

const LOOKS = { past: 'text-dim', now: 'font-medium', ahead: 'text-dim/60' } as const;

/** How far it is: what is behind it, what it is at, and what is to come. */
export function StateLine({ prediction }: { prediction: Prediction }) {
  const t = useText('predictions');
  return (
    <ol className="flex min-w-0 items-center gap-1 text-[13px]" data-state={prediction.state}>
      {stepsOf(prediction).map(({ step, at }, index) => (
        <li key={step} className={`shrink-0 ${LOOKS[at]}`} aria-current={at === 'now' ? 'step' : undefined}>
          {index > 0 && <span aria-hidden="true">→ </span>}
          {at === 'now' && <span aria-hidden="true">● </span>}
          {t(step)}
        </li>
      ))}
    </ol>
  );
}

/** Why there is no score, in few words; the panel of the film has the sentence and what to do. */
function Refusal({ code }: { code: PredictionFailure }) {
  const t = useText('predictions');
  const locale = useLocale();
  return <span title={PREDICTION_FAILURES[code][locale]}>{t(`reason_${code}`)}</span>;
}

/** Two decimals, and whether anybody stands for it. */
function Score({ prediction }: { prediction: Prediction }) {
  const t = useText('predictions');
  const locale = useLocale();
  const {
    probability,
    recalibrated,
    isScoreHidden,
    isOpinionAsked,
    state,
    prediction: side,
    validation,
    failureCode,
  } = prediction;
  if (failureCode !== null) return <Refusal code={failureCode} />;
  if (isScoreHidden) return <span className="text-dim">{t(isOpinionAsked ? 'opinionAsked' : 'hidden')}</span>;
  if (probability === null) return <span className="text-dim">–</span>;
  const shown = formatDecimal(probability, locale);
  const finding = validation?.finalDiagnosis?.finding;
  // What was found counts for more than what the model made of the film: a score above the threshold is no case where it was none.
  const said = state !== 'VALIDATED' ? t('notFinal') : finding === undefined ? undefined : t(`finding_${finding}`);
  const place = t(side === 1 ? 'above' : 'below');
  const percentage = recalibrated === null ? undefined : t('recalibratedOn', recalibratedValues(recalibrated, locale));
  return (
    <span className="tabular" title={[`${shown} ${place}`, percentage, said].filter((one) => one !== undefined).join(' · ')}>
      {shown}
      {recalibrated !== null && ` · ${t('probability', { share: formatWholeShare(recalibrated.share, locale) })}`}{' '}
      <span className={side === 1 && finding !== 'NO_TUBERCULOSIS' ? 'text-amber' : 'text-dim'}>{place}</span>
      {said !== undefined && <span className={finding === undefined ? 'text-dim' : 'font-medium'}> · {said}</span>}
    </span>
  );
}

function Patient({ prediction: { study } }: { prediction: Prediction }) {
  const name = formatName({ lastName: study?.lastName ?? '', firstName: study?.firstName ?? '' });
  return (
    <span title={name}>
      <span className="font-medium">{name}</span> <span className="text-dim">{study?.recordNumber}</span>
    </span>
  );
}

export function usePredictionColumns(): readonly Column<Prediction>[] {
  const t = useText('predictions');
  const locale = useLocale();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the language only.
  return useMemo(
    (): Column<Prediction>[] => [
      { id: 'asked', header: t('asked'), track: '136px', cell: ({ createdAt }) => formatInstant(createdAt, locale) },
      { id: 'patient', header: t('patient'), track: 'minmax(120px, 1.2fr)', cell: (one) => <Patient prediction={one} /> },
      { id: 'steps', header: t('steps'), track: 'minmax(300px, 1.1fr)', cell: (one) => <StateLine prediction={one} /> },
      { id: 'score', header: t('score'), track: 'minmax(250px, 1.3fr)', cell: (one) => <Score prediction={one} /> },
      {
        id: 'model',
        header: t('model'),
        track: 'minmax(90px, 0.5fr)',
        from: 980,
        cell: ({ modelName, modelVersion }) => (
          <span className="text-dim" title={`${modelName} ${modelVersion}`}>
            {modelName} {modelVersion}
          </span>
        ),
      },
    ],
    [locale],
  );
}

export function PredictionCard({ prediction }: { prediction: Prediction }) {
  const locale = useLocale();
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <div className="flex items-baseline justify-between gap-3">
        <span className="truncate">
          <Patient prediction={prediction} />
        </span>
        <span className="shrink-0 text-[13px] text-dim">{formatInstant(prediction.createdAt, locale)}</span>
      </div>
      <div className="flex min-w-0 items-center justify-between gap-3 text-[13px]">
        <span className="min-w-0 overflow-x-hidden">
          <StateNow prediction={prediction} />
        </span>
        <span className="shrink-0">
          <Score prediction={prediction} />
        </span>
      </div>
      {prediction.probability !== null && (
        <p className="truncate text-[12px] text-dim">
          {prediction.modelName} {prediction.modelVersion}
        </p>
      )}
    </div>
  );
}

/** On a phone what it is at. */
function StateNow({ prediction: { state } }: { prediction: Prediction }) {
  const t = useText('predictions');
  return <span data-state={state}>{t(`state_${state}`)}</span>;
}
