import type { SignedReport } from '@negatoscope/contract';
import { nameGroupOnPage, staffName } from '@negatoscope/contract/person-name';
import { PenLine } from 'lucide-react';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { call } from '../../../api/client.ts';
import { errorText } from '../../../api/error.ts';
import { useUser } from '../../../api/me.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { useSubmit } from '../../../ui/use-submit.ts';
import type { StudyRef } from '../../model/dicomweb.ts';
import { PanelButton } from '../reading-section.tsx';
import { Nothing } from '../section.tsx';
import type { Keeping, ReportKeeper } from './report-keeper.ts';

interface SigningProps {
  readonly study: StudyRef;
  readonly keeper: ReportKeeper;
  readonly keeping: Keeping;
  readonly patientId: string;
  /** Whom the images name. */
  readonly patient: string | undefined;
  /** Whether every measured value was measured on what is here without loss. */
  readonly areValuesLossless: boolean;
  readonly isAsked: boolean;
  readonly onAsk: (isAsked: boolean) => void;
  readonly onSigned: (signed: SignedReport) => void;
}

/** Keeps what is typed, and signs just that. */
const useSigning = ({ study, keeper, patientId, onSigned, onAsk }: SigningProps) =>
  useSubmit(async () => {
    if (!(await keeper.flush())) return;
    const { studyInstanceUid, groupId } = study;
    const body = { version: keeper.snapshot().version, patientId, areValuesLossless: true } as const;
    onSigned(await call('signReport', { params: { studyInstanceUid }, query: { groupId }, body }));
    onAsk(false);
  });

/** Nothing is asked of what can't be signed; nor does the question come by itself, with the keyboard on its answer, once that can be: somebody is typing. */
function useAsked({ isAsked, onAsk }: SigningProps, isReady: boolean) {
  const [isBack, setIsBack] = useState(false);
  useEffect(() => {
    if (isAsked && !isReady) onAsk(false);
  }, [isAsked, isReady, onAsk]);
  const cancel = (): void => {
    setIsBack(true);
    onAsk(false);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') cancel();
  };
  return { isBack, cancel, onKeyDown };
}

/** What is asked is answered where one is asked. */
const focusFirst = (element: HTMLDivElement | null): void => element?.querySelector('button')?.focus();

/** Asks once more, by name, and signs. */
export function Signing(props: SigningProps) {
  const { keeping, patient, areValuesLossless, isAsked, onAsk } = props;
  const t = useText('viewer');
  const locale = useLocale();
  const { run: sign, isPending: isBusy, failure } = useSigning(props);
  const isReady =
    keeping.sections.impression.trim() !== '' && keeping.theirs === undefined && !keeping.isOfOtherPatient && areValuesLossless;
  const { isBack, cancel, onKeyDown } = useAsked(props, isReady);
  return (
    <div className="flex w-full flex-col gap-1.5">
      {!areValuesLossless && <Nothing>{t('report.notLossless')}</Nothing>}
      {isAsked && isReady ? (
        <Question key="asked" {...{ patient, isBusy, cancel, onKeyDown }} onSign={() => void sign()} />
      ) : (
        <div key="to-ask" ref={isBack ? focusFirst : null}>
          <PanelButton isMain icon={PenLine} text={t('report.sign')} isDisabled={!isReady} onPress={() => onAsk(true)} />
        </div>
      )}
      {failure !== undefined && (
        <p role="alert" className="text-(--ng-amber) text-xs">
          {errorText(failure, locale)}
        </p>
      )}
    </div>
  );
}

interface QuestionProps {
  readonly patient: string | undefined;
  readonly isBusy: boolean;
  readonly cancel: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onSign: () => void;
}
/** By whom it is signed, and for whom. */
function Question({ patient, isBusy, cancel, onKeyDown, onSign }: QuestionProps) {
  const t = useText('viewer');
  const user = useUser();
  return (
    <div
      ref={focusFirst}
      onKeyDown={onKeyDown}
      role="alertdialog"
      aria-label={t('report.sign')}
      className="flex flex-col gap-1.5 rounded-md border border-(--ng-accent) p-2 text-xs"
    >
      <p>{t('report.signAsk', { name: user === undefined ? '' : staffName(user) })}</p>
      {patient !== undefined && (
        <p className="break-words font-medium">{t('report.signFor', { patient: nameGroupOnPage(patient) })}</p>
      )}
      <div className="flex flex-wrap gap-1.5">
        <PanelButton isMain icon={PenLine} text={t('report.signNow')} isDisabled={isBusy} onPress={onSign} />
        <PanelButton text={t('report.cancel')} isDisabled={isBusy} onPress={cancel} />
      </div>
    </div>
  );
}
