import type { Prediction } from '@negatoscope/contract';
import { PREDICTION_FAILURES } from '@negatoscope/contract/prediction-failures';
import { AlertTriangle, Microscope } from 'lucide-react';
import { useState } from 'react';
import { Input, Label, TextField } from 'react-aria-components';
import { ApiError, errorText } from '../../../api/error.ts';
import { useCan } from '../../../api/me.ts';
import { recalibratedValues } from '../../../entities/prediction/recalibrated.ts';
import { formatDecimal, formatInstant } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { textIn } from '../../../i18n/typography.ts';
import { instanceUrl, type StudyRef, seriesUrl } from '../../model/dicomweb.ts';
import { PanelButton } from '../reading-section.tsx';
import { Coming, Nothing, Section } from '../section.tsx';
import { DecisionForm } from './decision-form.tsx';
import { EvidenceView } from './evidence-view.tsx';
import { Opinion } from './opinion-form.tsx';
import { Fold, History, ModelCard, Standing } from './said.tsx';
import { type Asking, isPending, ofFilm, useAsking, usePredictions } from './use-predictions.ts';

/** What a chest film comes as. */
const FILMS = new Set(['CR', 'DX', 'RG', 'SC']);

interface PredictionSectionProps {
  readonly study: StudyRef;
  /** Of the series in the active pane. */
  readonly modality: string | undefined;
  /** The image in the active pane. */
  readonly sopInstanceUid: string | undefined;
}

/** What the model says of a chest film, how it is asked, and how one goes on where it refuses. */
export function PredictionSection({ study, modality, sopInstanceUid }: PredictionSectionProps) {
  const t = useText('viewer');
  const can = useCan();
  const mayRead = can('predictions.read');
  const { items, isKnown } = usePredictions(study, mayRead);
  const [latest, ...older] = ofFilm(items, sopInstanceUid);
  const asking = useAsking(study);
  const isFilm = FILMS.has(modality ?? '');
  if (!mayRead || (latest === undefined && !isFilm)) return null;
  return (
    <Section title={t('prediction.title')}>
      <div className="flex flex-col items-start gap-2" data-testid="prediction" data-status={latest?.status}>
        {!isKnown && <Coming />}
        {isKnown && latest === undefined && <Nothing>{t('prediction.none')}</Nothing>}
        {latest !== undefined && <Said {...{ prediction: latest, study, asking }} />}
        {can('predictions.run') && isKnown && !isPending(latest) && (
          <PanelButton
            icon={Microscope}
            text={t(latest === undefined ? 'prediction.ask' : 'prediction.again')}
            isDisabled={asking.isBusy}
            onPress={() => void asking.ask(isFilm ? sopInstanceUid : undefined)}
          />
        )}
        <Failed error={asking.error} />
        {older.length > 0 && (
          <Fold title={t('prediction.older', { count: older.length })}>
            {() => older.map((one) => <Older key={one.id} prediction={one} />)}
          </Fold>
        )}
        <p className="text-(--ng-text-dim) text-xs leading-relaxed">{t('prediction.research')}</p>
      </div>
    </Section>
  );
}

function Failed({ error }: { readonly error: unknown }) {
  const locale = useLocale();
  if (error === undefined) return null;
  return (
    <p role="alert" className="text-(--ng-amber) text-xs">
      {errorText(error instanceof ApiError ? error : new ApiError('INTERNAL', 0), locale)}
    </p>
  );
}

/** One line of what was asked before. */
function Older({ prediction }: Pick<SaidProps, 'prediction'>) {
  const t = useText('viewer');
  const locale = useLocale();
  const { probability, threshold, createdAt, state, failureCode, modelName, modelVersion } = prediction;
  const refusal = failureCode === null ? undefined : textIn(PREDICTION_FAILURES[failureCode], locale);
  return (
    <div className="flex flex-col py-1">
      <span>
        {refusal ?? t(`prediction.state_${state}`)}
        {probability !== null &&
          threshold !== null &&
          ` · ${t('prediction.score', { score: formatDecimal(probability, locale) })} · ${t('prediction.threshold', { threshold: formatDecimal(threshold, locale) })}`}
      </span>
      <span className="text-(--ng-text-dim)">
        {t('prediction.model', { name: modelName, version: modelVersion, at: formatInstant(createdAt, locale) })}
      </span>
    </div>
  );
}

interface SaidProps {
  readonly prediction: Prediction;
  readonly study: StudyRef;
  readonly asking: Asking;
}

function Said(props: SaidProps) {
  const t = useText('viewer');
  const { prediction, asking } = props;
  if (prediction.status === 'FAILED') return <Refused {...props} />;
  if (prediction.status === 'DONE') return prediction.isScoreHidden ? <Hidden {...props} /> : <Answer {...props} />;
  return (
    <>
      <div className="flex w-full items-center justify-between gap-2">
        <span role="status" className="text-sm">
          {t(`prediction.${prediction.status}`)}
        </span>
        {prediction.mayCancel && (
          <PanelButton
            text={t('prediction.cancel')}
            isDisabled={asking.isBusy}
            onPress={() => void asking.cancel(prediction.id)}
          />
        )}
      </div>
      <Opinion {...props} key={prediction.id} />
    </>
  );
}

/** The model has answered, and not to this person yet. */
function Hidden(props: SaidProps) {
  const t = useText('viewer');
  const { prediction } = props;
  return (
    <>
      <p role="status" className="text-sm">
        {t(`prediction.state_${prediction.state}`)}
      </p>
      {prediction.isOpinionAsked ? (
        <Opinion {...props} key={prediction.id} />
      ) : (
        <Nothing>{t(prediction.state === 'REJECTED' ? 'prediction.hiddenRejected' : 'prediction.hidden')}</Nothing>
      )}
      <MadeBy prediction={prediction} />
    </>
  );
}

interface ScoreProps {
  readonly probability: number;
  readonly threshold: number;
  readonly confidenceLevel: NonNullable<SaidProps['prediction']['confidenceLevel']>;
  readonly isPositive: boolean;
  readonly recalibrated: SaidProps['prediction']['recalibrated'];
}

function Score({ probability, threshold, confidenceLevel, isPositive, recalibrated }: ScoreProps) {
  const t = useText('viewer');
  const locale = useLocale();
  return (
    <div role="status" className="w-full">
      <p className={`font-medium text-sm ${isPositive ? 'text-(--ng-amber)' : ''}`}>
        {t(isPositive ? 'prediction.positive' : 'prediction.negative')}
      </p>
      <p className="text-sm tabular-nums">
        {t('prediction.score', { score: formatDecimal(probability, locale) })}
        <span className="text-(--ng-text-dim)">
          {' · '}
          {t('prediction.threshold', { threshold: formatDecimal(threshold, locale) })}
        </span>
      </p>
      {recalibrated !== null && (
        <p className="text-sm tabular-nums">{t('prediction.recalibrated', recalibratedValues(recalibrated, locale))}</p>
      )}
      <p className="text-(--ng-text-dim) text-xs">{t(`prediction.level_${confidenceLevel}`)}</p>
    </div>
  );
}

function Answer(props: SaidProps) {
  const { prediction, study, asking } = props;
  const t = useText('viewer');
  const can = useCan();
  const locale = useLocale();
  const { probability, threshold, confidenceLevel, recalibrated, interpretation, recommendation, heatmapUrl } = prediction;
  if (probability === null || threshold === null || confidenceLevel === null) return null;
  const { seriesInstanceUid, sopInstanceUid } = prediction;
  return (
    <>
      <Score {...{ probability, threshold, confidenceLevel, recalibrated }} isPositive={prediction.prediction === 1} />
      <Warnings prediction={prediction} />
      <p className="text-xs leading-relaxed">{interpretation && textIn(interpretation, locale)}</p>
      <p className="text-xs leading-relaxed">{recommendation && textIn(recommendation, locale)}</p>
      {heatmapUrl !== null && seriesInstanceUid !== null && sopInstanceUid !== null && (
        <EvidenceView
          film={`${instanceUrl(seriesUrl(study, seriesInstanceUid), sopInstanceUid)}/rendered?viewport=768,768`}
          heatmap={heatmapUrl}
          features={prediction.featuresDetected}
          sopInstanceUid={sopInstanceUid}
          key={prediction.id}
        />
      )}
      <Standing prediction={prediction} />
      <Opinion {...props} key={`opinion ${prediction.id}`} />
      {can('predictions.validate') && <DecisionForm {...{ prediction, asking }} key={prediction.id} />}
      <Fold title={t('prediction.history')} key={`history ${prediction.id}`}>
        {() => <History prediction={prediction} />}
      </Fold>
      <MadeBy prediction={prediction} />
    </>
  );
}

/** Can't be overlooked: each has its sign and a line of its own. */
function Warnings({ prediction: { warnings, sentOn } }: Pick<SaidProps, 'prediction'>) {
  const t = useText('viewer');
  return (
    <>
      {warnings.map((warning) => (
        <p key={warning} role="alert" className="flex items-start gap-1.5 text-(--ng-amber) text-xs leading-relaxed">
          <AlertTriangle size={14} aria-hidden className="mt-0.5 shrink-0" />
          {t(`prediction.warning_${warning}`)}
        </p>
      ))}
      {sentOn?.reason != null && (
        <p className="break-words text-(--ng-text-dim) text-xs">
          {t('prediction.sentOn', { by: sentOn.by ?? '–', reason: sentOn.reason })}
        </p>
      )}
    </>
  );
}

function MadeBy({ prediction }: Pick<SaidProps, 'prediction'>) {
  const t = useText('viewer');
  const locale = useLocale();
  const { modelName, modelVersion, finishedAt } = prediction;
  if (modelName === '' || finishedAt === null) return null;
  return (
    <>
      <p className="break-words text-(--ng-text-dim) text-xs">
        {t('prediction.model', { name: modelName, version: modelVersion, at: formatInstant(finishedAt, locale) })}
      </p>
      <Fold title={t('prediction.card')}>{() => <ModelCard prediction={prediction} />}</Fold>
    </>
  );
}

/** Why there is no score, and what to do. */
function Refused({ prediction, asking }: SaidProps) {
  const t = useText('viewer');
  const locale = useLocale();
  const { failureCode, turnedDegrees, maySendOn } = prediction;
  if (failureCode === null) return null;
  const failure = PREDICTION_FAILURES[failureCode];
  return (
    <>
      <div role="status" data-testid="prediction-refusal" data-code={failureCode} className="text-sm leading-relaxed">
        <p className="text-(--ng-amber)">{textIn(failure, locale)}</p>
        {turnedDegrees !== null && <p className="text-xs">{t('prediction.turned', { degrees: turnedDegrees })}</p>}
        <p className="text-(--ng-text-dim) text-xs">{textIn({ fr: failure.frNext, en: failure.enNext }, locale)}</p>
      </div>
      {maySendOn && <SendOn isBusy={asking.isBusy} onSend={(reason) => void asking.sendOn(prediction.id, reason)} />}
      <MadeBy prediction={prediction} />
    </>
  );
}

const SHORTEST_REASON = 5;

function SendOn({ isBusy, onSend }: { readonly isBusy: boolean; readonly onSend: (reason: string) => void }) {
  const t = useText('viewer');
  const [reason, setReason] = useState('');
  return (
    <form
      className="flex w-full flex-col items-start gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        onSend(reason.trim());
      }}
    >
      <TextField className="flex w-full flex-col gap-1" value={reason} onChange={setReason} maxLength={500}>
        <Label className="text-(--ng-text-dim) text-xs">{t('prediction.reason')}</Label>
        <Input className="w-full rounded-md border border-(--ng-line) bg-(--ng-surface-2) px-2 py-1.5 text-sm outline-none focus-visible:ring-2 focus-visible:ring-(--ng-accent)" />
      </TextField>
      <PanelButton
        text={t('prediction.sendOn')}
        isDisabled={isBusy || reason.trim().length < SHORTEST_REASON}
        onPress={() => onSend(reason.trim())}
      />
    </form>
  );
}
