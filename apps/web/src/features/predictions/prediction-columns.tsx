import type { Prediction } from '@negatoscope/contract';
import { PREDICTION_FAILURES, type PredictionFailure } from '@negatoscope/contract/prediction-failures';
import { useMemo } from 'react';
import { recalibratedValues } from '../../entities/prediction/recalibrated.ts';
import { stepsOf } from '../../entities/prediction/steps.ts';
import { formatDecimal, formatInstant, formatName, formatWholeShare } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textIn } from '../../i18n/typography.ts';
import type { Column } from '../../ui/column.ts';

const LOOKS = { past: 'text-dim', now: 'font-medium', ahead: 'text-dim italic' } as const;

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
  return <span title={textIn(PREDICTION_FAILURES[code], locale)}>{t(`reason_${code}`)}</span>;
}

/** What is said of a score beside it; undefined where none is shown. */
function useSaid({ probability, recalibrated, state, prediction: side, validation, isScoreHidden }: Prediction) {
  const t = useText('predictions');
  const locale = useLocale();
  if (isScoreHidden || probability === null) return undefined;
  const finding = validation?.finalDiagnosis?.finding;
  return {
    score: formatDecimal(probability, locale),
    place: t(side === 1 ? 'above' : 'below'),
    // What was found counts for more than what the model made of the film: a score above the threshold is no case where it was none.
    isBad: side === 1 && finding !== 'NO_TUBERCULOSIS',
    finding: finding === undefined ? undefined : t(`finding_${finding}`),
    isFinal: state === 'VALIDATED',
    share: recalibrated === null ? undefined : formatWholeShare(recalibrated.share, locale),
    percentage: recalibrated === null ? undefined : t('recalibratedOn', recalibratedValues(recalibrated, locale)),
  };
}

const joined = (...words: readonly (string | undefined)[]): string => words.filter((one) => one !== undefined).join(' · ');

/** Why there is no score to be seen. */
function None({ prediction: { failureCode, isScoreHidden, isOpinionAsked } }: { prediction: Prediction }) {
  const t = useText('predictions');
  if (failureCode !== null) return <Refusal code={failureCode} />;
  return <span className="text-dim">{isScoreHidden ? t(isOpinionAsked ? 'opinionAsked' : 'hidden') : '–'}</span>;
}

/** Two decimals, the percentage where the model was recalibrated, and whether anybody stands for it. */
function Score({ prediction }: { prediction: Prediction }) {
  const t = useText('predictions');
  const said = useSaid(prediction);
  if (said === undefined) return <None prediction={prediction} />;
  const { score, place, isBad, finding, isFinal, share, percentage } = said;
  const standing = isFinal ? finding : t('notFinal');
  return (
    <span
      className="tabular text-[13px]"
      title={joined(`${score} ${place}`, percentage, standing, `${prediction.modelName} ${prediction.modelVersion}`)}
    >
      {score} <span className={isBad ? 'text-amber' : 'text-dim'}>{place}</span>
      {share !== undefined && ` · ${t('probability', { share })}`}
      {standing !== undefined && (
        <span className={isFinal ? 'font-medium' : 'text-dim'}>
          {' · '}
          {standing}
        </span>
      )}
    </span>
  );
}

const nameOf = ({ study }: Prediction): string =>
  formatName({ lastName: study?.lastName ?? '', firstName: study?.firstName ?? '' });

function Patient({ prediction }: { prediction: Prediction }) {
  const name = nameOf(prediction);
  const number = prediction.study?.recordNumber ?? '';
  return (
    <span title={`${name} ${number}`}>
      <span className="font-medium">{name}</span> <span className="text-dim">{number}</span>
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
      { id: 'patient', header: t('patient'), track: 'minmax(256px, 1.2fr)', cell: (one) => <Patient prediction={one} /> },
      { id: 'steps', header: t('steps'), track: 'minmax(296px, 0.6fr)', cell: (one) => <StateLine prediction={one} /> },
      // What was found is whole beside the score on a laptop.
      { id: 'score', header: t('score'), track: 'minmax(286px, 1fr)', cell: (one) => <Score prediction={one} /> },
      {
        id: 'model',
        header: t('model'),
        track: 'minmax(210px, 0.5fr)',
        // The models are named above the list as well, and beside each score.
        from: 1360,
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

/** Of a card, px: three lines. */
export const PREDICTION_CARD_HEIGHT = 84;

export function PredictionCard({ prediction }: { prediction: Prediction }) {
  const locale = useLocale();
  const said = useSaid(prediction);
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <div className="flex items-baseline justify-between gap-3">
        <span className="truncate font-medium">{nameOf(prediction)}</span>
        <span className="shrink-0 text-[13px] text-dim">{formatInstant(prediction.createdAt, locale)}</span>
      </div>
      <div className="flex min-w-0 items-center justify-between gap-3 text-[13px]">
        <span className="min-w-0 truncate">
          <StateNow prediction={prediction} />
          {prediction.study !== null && <span className="tabular text-dim"> · {prediction.study.recordNumber}</span>}
        </span>
        <span className="shrink-0">{said === undefined ? <None prediction={prediction} /> : <CardScore said={said} />}</span>
      </div>
      {said !== undefined && (
        <p className="truncate text-right text-[12px] text-dim">
          {joined(said.percentage, said.isFinal ? said.finding : undefined)}
        </p>
      )}
    </div>
  );
}

const CardScore = ({ said: { score, place, isBad } }: { said: NonNullable<ReturnType<typeof useSaid>> }) => (
  <span className="tabular">
    {score} <span className={isBad ? 'text-amber' : 'text-dim'}>{place}</span>
  </span>
);

/** On a phone what it is at. */
function StateNow({ prediction: { state } }: { prediction: Prediction }) {
  const t = useText('predictions');
  return <span data-state={state}>{t(`state_${state}`)}</span>;
}
