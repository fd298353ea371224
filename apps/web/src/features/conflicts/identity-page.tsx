import type { IdentityReview, Patient } from '@negatoscope/contract';
import { Link } from '@tanstack/react-router';
import { UserCheck } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { useCursorList } from '../../api/use-cursor-list.ts';
import { formatDate, formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Empty } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Compare } from '../../ui/compare.tsx';
import { PAGE, PageHead } from '../../ui/page.tsx';
import { showToast } from '../../ui/toast.tsx';
import { AttachTo } from './attach-to.tsx';
import { ReviewList } from './review-list.tsx';

export function IdentityPage() {
  const t = useText('conflicts');
  const can = useCan();
  const list = useCursorList(['identity-review'], (cursor, signal) =>
    call('listIdentityReviews', { query: { limit: 25, cursor }, signal }),
  );
  return (
    <>
      <PageHead width={PAGE} title={t('identityTitle')} />
      <ReviewList
        list={list}
        lead={t('identityLead')}
        mayDecide={can('identity-review.decide')}
        empty={
          <Empty icon={<UserCheck size={34} />} title={t('identityEmptyTitle')}>
            {t('identityEmptyText')}
          </Empty>
        }
        card={(review) => <ReviewCard key={review.id} review={review} />}
      />
    </>
  );
}

function useFacts(): readonly (readonly [string, (of: Patient) => string])[] {
  const t = useText('conflicts');
  const patients = useText('patients');
  const common = useText('common');
  const locale = useLocale();
  return [
    [t('patient'), (of) => formatName(of) || common('noName')],
    [t('birthDate'), (of) => formatDate(of.birthDate, locale)],
    [patients('sex'), (of) => common(`sex${of.sex}`)],
    [t('patientId'), (of) => textOfFile(of.externalId)],
    [patients('recordNumber'), (of) => of.recordNumber],
    [
      patients('studies'),
      (of) => `${of.studyCount} ${of.modalities.length > 0 ? `(${textOfFile(of.modalities.join(', '))})` : ''}`,
    ],
  ];
}

function ReviewCard({ review }: { review: IdentityReview }) {
  const t = useText('conflicts');
  const worklist = useText('worklist');
  const can = useCan();
  const { patient, suspect, reason } = review;
  return (
    <li className="ng-card p-4 sm:p-5">
      <h2 className="mb-3 font-semibold">{t(reason)}</h2>
      <Facts review={review} />
      <div className="mt-3 flex gap-4 text-[13px]">
        {suspect !== null && <PatientLink patient={suspect} />}
        {reason !== 'HELD' && <PatientLink patient={patient} />}
      </div>
      {patient.onlyReads === true ? (
        <p className="mt-3 text-[13px] text-dim">{worklist('onlyReads')}</p>
      ) : (
        can('identity-review.decide') && <Decision review={review} />
      )}
    </li>
  );
}

/** What is known of the patient, beside whom they may be. */
function Facts({ review: { patient, suspect, reason } }: { review: IdentityReview }) {
  const t = useText('conflicts');
  const facts = useFacts();
  if (suspect !== null)
    return (
      <Compare
        left={t('suspect')}
        right={t(reason === 'HELD' ? 'heldPatient' : 'newPatient')}
        rows={facts.map(([label, of]) => ({ label, left: of(suspect), right: of(patient) }))}
      />
    );
  return (
    <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-3">
      {facts.map(([label, of]) => (
        <div key={label}>
          <dt className="text-[12px] text-dim">{label}</dt>
          <dd className="break-words">{of(patient) || '–'}</dd>
        </div>
      ))}
    </dl>
  );
}

function PatientLink({ patient }: { patient: Patient }) {
  const patients = useText('patients');
  return (
    <Link
      to="/app/patients/$id"
      params={{ id: patient.id }}
      className="inline-flex min-h-6 coarse:min-h-11 items-center rounded text-accent hover:underline"
    >
      {patients('openPatient')} {patient.recordNumber}
    </Link>
  );
}

type Choice = 'same' | 'different' | 'discard';

function useDecide(review: IdentityReview) {
  const t = useText('conflicts');
  const locale = useLocale();
  const [pending, setPending] = useState(false);
  const decide = async (decision: Choice, to = review.suspect?.id): Promise<void> => {
    setPending(true);
    try {
      await call('decideIdentityReview', {
        params: { id: review.id },
        body: { decision, ...(decision === 'same' && to !== undefined ? { patientId: to } : {}) },
      });
      showToast(t('done'));
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      setPending(false);
      for (const key of ['identity-review', 'overview', 'patients', 'patient', 'studies'])
        void queryClient.invalidateQueries({ queryKey: [key] });
    }
  };
  return { decide, pending };
}

interface ChoiceProps {
  readonly label: string;
  readonly hint: string;
  readonly isDisabled: boolean;
  readonly onPress: () => void;
}
function ChoiceButton({ label, hint, isDisabled, onPress }: ChoiceProps) {
  return (
    <div className="flex flex-col gap-1">
      <Button isDisabled={isDisabled} onPress={onPress}>
        {label}
      </Button>
      <span className="text-[12px] text-dim">{hint}</span>
    </div>
  );
}

function Decision({ review }: { review: IdentityReview }) {
  const t = useText('conflicts');
  const { decide, pending } = useDecide(review);
  const [isPicking, setPicking] = useState(false);
  const choice = (decision: Choice, label: string, hint: string) => (
    <ChoiceButton label={label} hint={hint} isDisabled={pending} onPress={() => void decide(decision)} />
  );
  if (review.reason === 'HELD')
    return (
      <div className="mt-4 flex flex-wrap gap-x-3 gap-y-3">
        {review.suspect !== null && choice('same', t('heldFile'), t('heldFileHint'))}
        {choice('different', t('heldApart'), t('heldApartHint'))}
        {choice('discard', t('heldDiscard'), t('heldDiscardHint'))}
      </div>
    );
  return (
    <div className="mt-4 flex flex-wrap gap-x-3 gap-y-3">
      {review.suspect !== null && choice('same', t('samePerson'), t('samePersonHint'))}
      {review.suspect === null
        ? choice('different', t('confirmPatient'), t('confirmPatientHint'))
        : choice('different', t('otherPerson'), t('otherPersonHint'))}
      <ChoiceButton label={t('attachTo')} hint={t('attachToHint')} isDisabled={pending} onPress={() => setPicking(true)} />
      <AttachTo review={review} isOpen={isPicking} onClose={() => setPicking(false)} onAttach={(id) => decide('same', id)} />
    </div>
  );
}
