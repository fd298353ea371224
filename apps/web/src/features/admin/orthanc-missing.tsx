import type { OrthancStatus } from '@negatoscope/contract';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { formatInstant, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.tsx';
import { Row } from './row.tsx';

type Deletions = NonNullable<OrthancStatus['deletions']>;
type Compared = NonNullable<OrthancStatus['feed']>['compared'];

/** What is done about what is deleted there, and what the last comparison found. */
export function ComparedRows({ deletions, compared }: { deletions: Deletions; compared: Compared }) {
  const t = useText('admin');
  const locale = useLocale();
  return (
    <>
      <Row label={t('orthancDeletions')}>{t(`orthancDeletions_${deletions}`)}</Row>
      <Row label={t('orthancCompared')}>{compared.at === null ? t('orthancNever') : formatInstant(compared.at, locale)}</Row>
      {compared.at !== null && (
        <>
          <Row label={t('orthancThere')}>{formatNumber(compared.there, locale)}</Row>
          <Row label={t('orthancMissing')}>{formatNumber(compared.missing, locale)}</Row>
        </>
      )}
    </>
  );
}

type Decision = 'release' | 'dismiss';

function useDecide({ doubt, at }: Compared): { pending: Decision | undefined; decide: (decision: Decision) => Promise<void> } {
  const t = useText('admin');
  const locale = useLocale();
  const [pending, setPending] = useState<Decision>();
  const decide = async (decision: Decision): Promise<void> => {
    if (doubt === null || at === null) return;
    setPending(decision);
    try {
      await call('orthancMissing', { body: { decision, doubt, comparedAt: at } });
      showToast(t(decision === 'release' ? 'orthancReleased' : 'orthancDismissed'));
    } catch (failure) {
      const isChanged = failure instanceof ApiError && failure.code === 'CONFLICT';
      showToast(isChanged ? t('orthancChanged') : errorText(failure, locale), { tone: 'danger' });
    } finally {
      setPending(undefined);
      void queryClient.invalidateQueries({ queryKey: ['orthanc-status'] });
    }
  };
  return { pending, decide };
}

/** What is missing there and may be more than deleted: nothing is done until somebody says what it was. */
export function Held({ deletions, compared }: { deletions: Deletions; compared: Compared }) {
  const t = useText('admin');
  const { pending, decide } = useDecide(compared);
  const { doubt, held } = compared;
  if (doubt === null || held === 0) return null;
  return (
    <div className="mt-5">
      <Notice tone="amber">
        <p className="font-semibold">{t('orthancHeld', { count: held })}</p>
        <p>{t(`orthancDoubt_${doubt}`)}</p>
        <div className="mt-2 flex flex-wrap gap-2">
          {deletions !== 'ignore' && (
            <Button size="small" isPending={pending === 'release'} onPress={() => void decide('release')}>
              {t(`orthancRelease_${deletions}`)}
            </Button>
          )}
          <Button size="small" isPending={pending === 'dismiss'} onPress={() => void decide('dismiss')}>
            {t('orthancDismiss')}
          </Button>
        </div>
      </Notice>
    </div>
  );
}
