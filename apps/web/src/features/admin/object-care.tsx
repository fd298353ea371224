import type { ObjectCare as Care } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { formatBytes, formatInstant, formatShare } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { CareLoading } from './care-loading.tsx';
import { Row } from './row.tsx';

/** How far the reading of all stored files is, and which of them are damaged. */
export function ObjectCare() {
  const t = useText('admin');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['object-care'],
    queryFn: ({ signal }) => call('objectCare', { signal }),
    refetchInterval: 30_000,
  });
  if (data === undefined) return <CareLoading label={t('careTitle')} error={error} onRetry={() => void refetch()} />;
  return (
    <section className="mt-5" aria-label={t('careTitle')}>
      {data.damaged > 0 && (
        <Notice tone="danger">
          <p className="font-semibold">{t('careBad', { files: new Intl.NumberFormat(locale).format(data.damaged) })}</p>
          <p>{t('careBadText')}</p>
        </Notice>
      )}
      <Rounds care={data} />
      {data.items.length > 0 && <DamagedFiles items={data.items} />}
    </section>
  );
}

/** The round that is under way and the last that was finished. */
function Rounds({ care: { days, current, last, damaged } }: { care: Care }) {
  const t = useText('admin');
  const locale = useLocale();
  const number = new Intl.NumberFormat(locale);
  return (
    <dl className="ng-card mt-5 px-5 py-2">
      <Row label={t('careTitle')}>{t('careDays', { count: days })}</Row>
      <Row label={t('careCurrent')}>
        {current === null
          ? t('careNotYet')
          : t(current.isLate ? 'careLate' : 'careProgress', {
              objects: number.format(current.objects),
              total: number.format(current.totalObjects),
              share: formatShare(current.share, locale),
            })}
      </Row>
      <Row label={t('careLast')}>
        {last === null
          ? t('careNone')
          : t('careLastText', {
              at: formatInstant(last.finishedAt, locale),
              count: last.objects,
              bytes: formatBytes(last.bytes, locale),
            })}
      </Row>
      <Row label={t('careDamaged')}>{number.format(damaged)}</Row>
    </dl>
  );
}

function DamagedFiles({ items }: { items: Care['items'] }) {
  const t = useText('admin');
  const locale = useLocale();
  return (
    <ul className="ng-card mt-5 px-5 py-2">
      {items.map(({ id, kind, reason, foundAt, studyInstanceUid }) => (
        <li key={id} className="border-b border-line/70 py-2 last:border-0">
          <p>
            {t(`care${kind}`)} · {t(`care${reason}`)} · <span className="text-dim">{formatInstant(foundAt, locale)}</span>
          </p>
          <p className="tabular break-all text-dim">{studyInstanceUid ?? id}</p>
        </li>
      ))}
    </ul>
  );
}
