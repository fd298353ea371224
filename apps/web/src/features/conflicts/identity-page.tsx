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
import { Empty, LoadError, Notice, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { PageHead, Scroll } from '../../ui/page.tsx';
import { showToast } from '../../ui/toast.tsx';
import { Compare } from './compare.tsx';

export function IdentityPage() {
  const t = useText('conflicts');
  const shell = useText('shell');
  const locale = useLocale();
  const can = useCan();
  const list = useCursorList(['identity-review'], (cursor, signal) =>
    call('listIdentityReviews', { query: { limit: 25, cursor }, signal }),
  );
  return (
    <>
      <PageHead width="max-w-5xl" title={t('identityTitle')} />
      <Scroll>
        {list.error !== null && <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />}
        {list.isLoading && <Skeleton width="100%" height={220} />}
        {!list.isLoading && list.error === null && list.rows.length === 0 && (
          <Empty icon={<UserCheck size={34} />} title={t('identityEmptyTitle')}>
            {t('identityEmptyText')}
          </Empty>
        )}
        {list.rows.length > 0 && <p className="mb-4 text-dim">{t('identityLead')}</p>}
        {list.rows.length > 0 && !can('identity-review.decide') && (
          <div className="mb-4">
            <Notice>{t('readOnly')}</Notice>
          </div>
        )}
        <ul className="flex flex-col gap-4">
          {list.rows.map((review) => (
            <ReviewCard key={review.id} review={review} />
          ))}
        </ul>
        {list.hasMore && (
          <div className="mt-4 text-center">
            <Button onPress={list.more} isPending={list.isLoadingMore}>
              {shell('more')}
            </Button>
          </div>
        )}
      </Scroll>
    </>
  );
}

function ReviewCard({ review }: { review: IdentityReview }) {
  const t = useText('conflicts');
  const patients = useText('patients');
  const common = useText('common');
  const locale = useLocale();
  const can = useCan();
  const { patient, suspect } = review;
  const facts: readonly (readonly [string, (of: Patient) => string])[] = [
    [t('patient'), (of) => formatName(of) || common('noName')],
    [t('birthDate'), (of) => formatDate(of.birthDate, locale)],
    [patients('sex'), (of) => common(`sex${of.sex}`)],
    [t('patientId'), (of) => of.externalId ?? ''],
    [patients('recordNumber'), (of) => of.recordNumber],
    [patients('studies'), (of) => `${of.studyCount} ${of.modalities.length > 0 ? `(${of.modalities.join(', ')})` : ''}`],
  ];
  return (
    <li className="ng-card p-4 sm:p-5">
      <h2 className="mb-3 font-semibold">{t(review.reason)}</h2>
      {suspect === null ? (
        <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-3">
          {facts.map(([label, of]) => (
            <div key={label}>
              <dt className="text-[12px] text-dim">{label}</dt>
              <dd className="break-words">{of(patient) || '–'}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <Compare
          left={t('suspect')}
          right={t('newPatient')}
          rows={facts.map(([label, of]) => ({ label, left: of(suspect), right: of(patient) }))}
        />
      )}
      <div className="mt-3 flex gap-4 text-[13px]">
        <Link to="/app/patients/$id" params={{ id: patient.id }} className="rounded text-accent hover:underline">
          {patients('openPatient')} {patient.recordNumber}
        </Link>
        {suspect !== null && (
          <Link to="/app/patients/$id" params={{ id: suspect.id }} className="rounded text-accent hover:underline">
            {patients('openPatient')} {suspect.recordNumber}
          </Link>
        )}
      </div>
      {can('identity-review.decide') && <Decision review={review} />}
    </li>
  );
}

function Decision({ review }: { review: IdentityReview }) {
  const t = useText('conflicts');
  const locale = useLocale();
  const [pending, setPending] = useState(false);
  const decide = async (decision: 'same' | 'different'): Promise<void> => {
    setPending(true);
    try {
      await call('decideIdentityReview', {
        params: { id: review.id },
        body: { decision, ...(decision === 'same' && review.suspect !== null ? { patientId: review.suspect.id } : {}) },
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
  const choice = (decision: 'same' | 'different', label: string, hint: string) => (
    <div className="flex flex-col gap-1">
      <Button isDisabled={pending} onPress={() => void decide(decision)}>
        {label}
      </Button>
      <span className="text-[12px] text-dim">{hint}</span>
    </div>
  );
  return (
    <div className="mt-4 flex flex-wrap gap-x-3 gap-y-3">
      {review.suspect !== null && choice('same', t('samePerson'), t('samePersonHint'))}
      {choice('different', review.suspect === null ? t('confirmPatient') : t('otherPerson'), t('otherPersonHint'))}
    </div>
  );
}
