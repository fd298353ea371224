import type { Patient } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { formatInstant, formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.tsx';

const mergesQuery = (id: string) => ({
  queryKey: ['merges', id],
  queryFn: ({ signal }: { signal: AbortSignal }) => call('listPatientMerges', { params: { id }, signal }),
});

/** Takes back a merge and says so. */
function useUndoMerge(): (id: string) => Promise<void> {
  const t = useText('patients');
  const locale = useLocale();
  return async (id) => {
    try {
      await call('undoPatientMerge', { params: { id } });
      showToast(t('mergeUndone'));
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      for (const key of ['merges', 'study', 'studies', 'patients', 'patient', 'overview', 'search', 'identity-review'])
        void queryClient.invalidateQueries({ queryKey: [key] });
    }
  };
}

/** The records that were merged into a patient, for who may take that back; nothing where there are none. */
export function MergedRecords({ patient }: { patient: Patient }) {
  const can = useCan();
  return can('identity-review.decide') && can('patients.identity') ? <Merges patient={patient} /> : null;
}

function Merges({ patient }: { patient: Patient }) {
  const t = useText('patients');
  const common = useText('common');
  const locale = useLocale();
  const { data, error, refetch } = useQuery(mergesQuery(patient.id));
  const undo = useUndoMerge();
  const merges = data?.items ?? [];
  if (data === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (merges.length === 0) return null;
  return (
    <section className="ng-card p-5" aria-label={t('merges')}>
      <h2 className="mb-3 font-semibold">{t('merges')}</h2>
      <ul className="flex flex-col gap-2 text-[13px]">
        {merges.map((one) => (
          <li key={one.id} className="flex flex-wrap items-center justify-between gap-2">
            <span className={one.undoneAt === null ? undefined : 'text-dim line-through'}>
              {t('mergeLine', {
                from: [formatName(one.from) || common('noName'), one.from.recordNumber].join(' · '),
                when: formatInstant(one.mergedAt, locale),
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
