import type { FinalDiagnosis, Prediction, ValidationStatus } from '@negatoscope/contract';
import { type FormEvent, useState } from 'react';
import { useText } from '../../../i18n/index.ts';
import { PanelButton } from '../reading-section.tsx';
import { Choices } from './choices.tsx';
import { CommentField } from './comment-field.tsx';
import type { Asking } from './use-predictions.ts';

const STATUSES = ['VALIDATED', 'AMENDED', 'REJECTED'] as const satisfies readonly ValidationStatus[];
const FINDINGS = ['NONE', 'TUBERCULOSIS', 'NO_TUBERCULOSIS', 'UNDETERMINED'] as const;
const SOURCES = ['CULTURE', 'XPERT', 'CLINICAL'] as const;

interface DecisionFormProps {
  readonly prediction: Prediction;
  readonly asking: Asking;
}

/** What becomes of the score, opened by a button: nothing is decided by the way. */
export function DecisionForm(props: DecisionFormProps) {
  const t = useText('viewer');
  const [isOpen, setIsOpen] = useState(false);
  if (!isOpen)
    return (
      <PanelButton
        isMain={props.prediction.validation === null}
        text={t(props.prediction.validation === null ? 'prediction.decide' : 'prediction.decideAgain')}
        onPress={() => setIsOpen(true)}
      />
    );
  return <Fields {...props} onClose={() => setIsOpen(false)} />;
}

/** What is filled in, and whether it is a decision yet. */
function useDecision() {
  const [status, setStatus] = useState<ValidationStatus>();
  const [finding, setFinding] = useState<(typeof FINDINGS)[number]>('NONE');
  const [source, setSource] = useState<FinalDiagnosis['source']>();
  const [comment, setComment] = useState('');
  const wantsComment = status === 'AMENDED' || status === 'REJECTED';
  const finalDiagnosis = finding === 'NONE' || source === undefined ? null : { finding, source };
  const isReady =
    status !== undefined && (!wantsComment || comment.trim() !== '') && (finding === 'NONE') === (finalDiagnosis === null);
  const decision = isReady ? { status, comment: comment.trim(), finalDiagnosis } : undefined;
  return { status, setStatus, finding, setFinding, source, setSource, comment, setComment, wantsComment, decision };
}

function Fields({ prediction, asking, onClose }: DecisionFormProps & { readonly onClose: () => void }) {
  const t = useText('viewer');
  const { status, setStatus, finding, setFinding, source, setSource, comment, setComment, wantsComment, decision } =
    useDecision();
  const keep = async (): Promise<void> => {
    if (decision === undefined) return;
    const after = prediction.validation?.id ?? null;
    if (await asking.decide(prediction.id, { ...decision, after })) onClose();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void keep();
  };
  return (
    <form className="flex w-full flex-col items-start gap-2" data-testid="decision" onSubmit={submit}>
      <Choices
        label={t('prediction.decision')}
        value={status}
        onChange={setStatus}
        choices={STATUSES.map((value) => ({ value, label: t(`prediction.do_${value}`) }))}
      />
      <Diagnosis {...{ finding, source }} onFinding={setFinding} onSource={setSource} />
      <CommentField
        label={t(wantsComment ? 'prediction.commentNeeded' : 'prediction.comment')}
        value={comment}
        onChange={setComment}
      />
      <div className="flex flex-wrap gap-1">
        <PanelButton
          isMain
          text={t('prediction.keep')}
          isDisabled={asking.isBusy || decision === undefined}
          onPress={() => void keep()}
        />
        <PanelButton text={t('prediction.close')} onPress={onClose} />
      </div>
    </form>
  );
}

interface DiagnosisProps {
  readonly finding: (typeof FINDINGS)[number];
  readonly source: FinalDiagnosis['source'] | undefined;
  readonly onFinding: (finding: (typeof FINDINGS)[number]) => void;
  readonly onSource: (source: FinalDiagnosis['source']) => void;
}

/** What the patient has, and by what that is known. */
function Diagnosis({ finding, source, onFinding, onSource }: DiagnosisProps) {
  const t = useText('viewer');
  return (
    <>
      <Choices
        label={t('prediction.finding')}
        value={finding}
        onChange={onFinding}
        choices={FINDINGS.map((value) => ({ value, label: t(`prediction.finding_${value}`) }))}
      />
      {finding !== 'NONE' && (
        <Choices
          label={t('prediction.source')}
          value={source}
          onChange={onSource}
          choices={SOURCES.map((value) => ({ value, label: t(`prediction.source_${value}`) }))}
        />
      )}
    </>
  );
}
