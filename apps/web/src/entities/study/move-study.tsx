import type { Patient, Study, StudyMove } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { formatDate, formatInstant, formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Compare } from '../../ui/compare.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextAreaField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { PatientPicker } from '../patient/patient-picker.tsx';
import { placeOf } from './place.ts';

const refresh = (): void => {
  for (const key of ['study', 'studies', 'patients', 'patient', 'overview', 'search', 'moves'])
    void queryClient.invalidateQueries({ queryKey: [key] });
};
const movesQuery = (study: Study) => ({
  queryKey: ['moves', study.id],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    call('listStudyMoves', { params: { studyInstanceUid: study.studyInstanceUid }, query: placeOf(study), signal }),
});

/** Takes back a move and says so. */
function useUndoMove(): (moveId: string) => Promise<void> {
  const t = useText('worklist');
  const locale = useLocale();
  return async (moveId) => {
    try {
      await call('undoStudyMove', { params: { id: moveId } });
      showToast(t('moveUndone'));
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      refresh();
    }
  };
}

interface MoveProps {
  readonly study: Study;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}
export function MoveStudy({ study, isOpen, onClose }: MoveProps) {
  const t = useText('worklist');
  return (
    <Dialog title={t('moveTitle')} isOpen={isOpen} onClose={onClose}>
      <MoveForm study={study} onClose={onClose} />
    </Dialog>
  );
}

function MoveForm({ study, onClose }: Omit<MoveProps, 'isOpen'>) {
  const t = useText('worklist');
  const common = useText('common');
  const [target, setTarget] = useState<Patient>();
  return (
    <div className="flex flex-col gap-4">
      <p className="text-dim">{t('moveLead', { name: formatName(study.patient) || common('noName') })}</p>
      {target === undefined ? (
        <>
          <PatientPicker label={t('moveTo')} exceptId={study.patient.id} groupId={study.groupId} onPick={setTarget} />
          <Moves study={study} />
        </>
      ) : (
        <Confirmation study={study} target={target} onBack={() => setTarget(undefined)} onClose={onClose} />
      )}
    </div>
  );
}

interface ConfirmationProps {
  readonly study: Study;
  readonly target: Patient;
  readonly onBack: () => void;
  readonly onClose: () => void;
}
/** Moves the study and tells the way back; with a reason it goes on although the identities differ. */
function useMove({ study, target, onClose }: ConfirmationProps) {
  const t = useText('worklist');
  const common = useText('common');
  const [failure, setFailure] = useState<unknown>();
  const [pending, setPending] = useState(false);
  const undo = useUndoMove();
  const isMismatch = failure instanceof ApiError && failure.code === 'IDENTITY_MISMATCH';
  const move = async (reason: string): Promise<void> => {
    setPending(true);
    try {
      const accepted = isMismatch ? { acceptMismatch: true, mismatchReason: reason.trim() } : {};
      await call('updateStudy', {
        params: { studyInstanceUid: study.studyInstanceUid },
        query: placeOf(study),
        body: { patientId: target.id, fromPatientId: study.patient.id, ...accepted },
      });
      const { items } = await queryClient.fetchQuery({ ...movesQuery(study), staleTime: 0 });
      refresh();
      const [latest] = items;
      const action = latest === undefined ? undefined : { label: common('undo'), run: () => void undo(latest.id) };
      showToast(t('moved', { name: formatName(target) || target.recordNumber }), action === undefined ? {} : { action });
      onClose();
    } catch (error) {
      setFailure(error);
    } finally {
      setPending(false);
    }
  };
  return { move, failure, pending, isMismatch };
}

function Confirmation(props: ConfirmationProps) {
  const t = useText('worklist');
  const imports = useText('imports');
  const common = useText('common');
  const locale = useLocale();
  const can = useCan();
  const { move, failure, pending, isMismatch } = useMove(props);
  const [reason, setReason] = useState('');
  const isReady = !isMismatch || (can('identity-review.decide') && reason.trim().length >= 5);
  return (
    <>
      <FromTo study={props.study} target={props.target} />
      {failure !== undefined && <Notice tone={isMismatch ? 'amber' : 'danger'}>{errorText(failure, locale)}</Notice>}
      {isMismatch && can('identity-review.decide') && (
        <TextAreaField
          label={imports('whoseReason')}
          rows={2}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          hint={imports('whoseReasonHint')}
        />
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onPress={props.onBack}>{common('back')}</Button>
        <Button kind="primary" isDisabled={!isReady} isPending={pending} onPress={() => void move(reason)}>
          {isMismatch ? t('moveAnyway') : t('move')}
        </Button>
      </div>
    </>
  );
}

function FromTo({ study: { patient }, target }: { study: Study; target: Patient }) {
  const t = useText('worklist');
  const sides = useText('conflicts');
  const locale = useLocale();
  return (
    <Compare
      left={t('moveFrom')}
      right={t('moveTo')}
      rows={[
        { label: sides('patient'), left: formatName(patient), right: formatName(target) },
        {
          label: sides('birthDate'),
          left: formatDate(patient.birthDate, locale),
          right: formatDate(target.birthDate, locale),
        },
        { label: sides('patientId'), left: patient.externalId ?? '', right: target.externalId ?? '' },
      ]}
    />
  );
}

/** Where the study has been; the last move can be taken back for a while. */
function Moves({ study }: { study: Study }) {
  const t = useText('worklist');
  const common = useText('common');
  const locale = useLocale();
  const { data, error, refetch } = useQuery(movesQuery(study));
  const undo = useUndoMove();
  const moves = data?.items ?? [];
  if (data === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (moves.length === 0) return null;
  const nameOf = (patient: StudyMove['from']): string =>
    patient === null ? t('moveGone') : formatName(patient) || patient.recordNumber;
  return (
    <section>
      <h3 className="mb-1 text-[13px] font-semibold text-dim">{t('moves')}</h3>
      <ul className="flex flex-col gap-2 text-[13px]">
        {moves.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center justify-between gap-2">
            <span className={one.undoneAt === null ? undefined : 'text-dim line-through'}>
              {t('moveLine', {
                from: nameOf(one.from),
                to: nameOf(one.to),
                when: formatInstant(one.movedAt, locale),
                by: one.by ?? '–',
              })}
            </span>
            {one.undoUntil !== null && (
              <Button size="small" onPress={() => void undo(one.id)}>
                {common('undo')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
