import type { KeyCare as Care } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { CareLoading } from './care-loading.tsx';
import { Row } from './row.tsx';

/** Whether the server's key opens what was sealed with it. A key that is gone is made anew at the start: only this tells. */
export function KeyCare() {
  const t = useText('journal');
  const { data, error, refetch } = useQuery({ queryKey: ['key-care'], queryFn: ({ signal }) => call('keyCare', { signal }) });
  if (data === undefined) return <CareLoading label={t('keysTitle')} error={error} onRetry={() => void refetch()} />;
  const lost = data.items.filter((item) => item.lost > 0);
  return (
    <section className="mt-5" aria-label={t('keysTitle')}>
      {lost.length > 0 && <Lost items={lost} />}
      <dl className="ng-card mt-5 px-5 py-2">
        <Row label={t('keysTitle')}>{lost.length > 0 ? t('keysLostShort') : t('keysHold')}</Row>
      </dl>
    </section>
  );
}

function Lost({ items }: { items: Care['items'] }) {
  const t = useText('journal');
  return (
    <Notice tone="danger">
      <p className="font-semibold">{t('keysLost')}</p>
      <ul>
        {items.map(({ kind, lost, total }) => (
          <li key={kind}>{t(`keysLost${kind}`, { lost, total })}</li>
        ))}
      </ul>
      <p>{t('keysLostHow')}</p>
      <p>{t('keysLostElse')}</p>
    </Notice>
  );
}
