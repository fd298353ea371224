import type { OpinionKind, Prediction } from '@negatoscope/contract';
import { useState } from 'react';
import { useText } from '../../../i18n/index.ts';
import { PanelButton } from '../reading-section.tsx';
import { Choices } from './choices.tsx';
import { CommentField } from './comment-field.tsx';
import type { Asking } from './use-predictions.ts';

const OPINIONS = ['SUSPECTED', 'NOT_SUSPECTED', 'UNREADABLE'] as const satisfies readonly OpinionKind[];

interface OpinionProps {
  readonly prediction: Prediction;
  readonly asking: Asking;
}

/** What the physician sees, which is kept before a score is shown, and is amended afterwards. */
export function Opinion({ prediction, asking }: OpinionProps) {
  const t = useText('viewer');
  const [isAmending, setIsAmending] = useState(false);
  const { ownOpinion, isOpinionAsked } = prediction;
  if (isOpinionAsked) return <OpinionForm {...{ prediction, asking }} />;
  if (ownOpinion === null) return null;
  return (
    <div className="flex w-full flex-col gap-1">
      <div className="flex w-full items-center justify-between gap-2 text-xs">
        <span>{t('prediction.own', { opinion: t(`prediction.opinion_${ownOpinion.opinion}`) })}</span>
        {!isAmending && <PanelButton text={t('prediction.amend')} onPress={() => setIsAmending(true)} />}
      </div>
      {isAmending && <OpinionForm {...{ prediction, asking }} onKept={() => setIsAmending(false)} />}
    </div>
  );
}

function OpinionForm({ prediction, asking, onKept }: OpinionProps & { readonly onKept?: () => void }) {
  const t = useText('viewer');
  const [opinion, setOpinion] = useState<OpinionKind>();
  const [comment, setComment] = useState('');
  const amends = prediction.ownOpinion?.id ?? null;
  const wantsComment = opinion === 'UNREADABLE' || amends !== null;
  const isReady = opinion !== undefined && (!wantsComment || comment.trim() !== '');
  const keep = async (): Promise<void> => {
    if (opinion === undefined || !isReady) return;
    if (await asking.opine(prediction.id, { opinion, comment: comment.trim(), amends })) onKept?.();
  };
  return (
    <form
      className="flex w-full flex-col items-start gap-2"
      data-testid="opinion"
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
    >
      {amends === null && <p className="text-xs leading-relaxed">{t('prediction.blind')}</p>}
      <Choices
        label={t('prediction.opinion')}
        value={opinion}
        onChange={setOpinion}
        choices={OPINIONS.map((value) => ({ value, label: t(`prediction.opinion_${value}`) }))}
      />
      <CommentField
        label={t(wantsComment ? 'prediction.commentNeeded' : 'prediction.comment')}
        value={comment}
        onChange={setComment}
      />
      <PanelButton isMain text={t('prediction.keepOpinion')} isDisabled={asking.isBusy || !isReady} onPress={() => void keep()} />
    </form>
  );
}
