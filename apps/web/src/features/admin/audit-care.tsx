import type { AuditCare as Care } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { formatInstant, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice, Uid } from '../../ui/bits.tsx';
import { CareLoading } from './care-loading.tsx';
import { Row } from './row.tsx';

/** How far the chain of the journal was checked, and the first event that does not hold. */
export function AuditCare() {
  const t = useText('journal');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['audit-care'],
    queryFn: ({ signal }) => call('auditCare', { signal }),
    refetchInterval: 30_000,
  });
  if (data === undefined) return <CareLoading label={t('chainTitle')} error={error} onRetry={() => void refetch()} />;
  const at = data.checkedAt === null ? undefined : formatInstant(data.checkedAt, locale);
  return (
    <section className="mt-5" aria-label={t('chainTitle')}>
      {data.bad !== null && <Broken bad={data.bad} />}
      <dl className="ng-card mt-5 px-5 py-2">
        <Row label={t('chainTitle')}>
          {at === undefined
            ? t('chainNever')
            : data.bad === null
              ? t('chainHolds', { count: data.checkedEvents, at })
              : t('chainBrokenSomewhere')}
        </Row>
        {at !== undefined && (
          <Row label={t('chainWhole')}>{data.wholeAt === null ? t('chainWholeNever') : formatInstant(data.wholeAt, locale)}</Row>
        )}
      </dl>
    </section>
  );
}

function Broken({ bad }: { bad: NonNullable<Care['bad']> }) {
  const t = useText('journal');
  const locale = useLocale();
  return (
    <Notice tone="danger">
      <p className="font-semibold">
        {bad.sequence === null ? t('chainBrokenSomewhere') : t('chainBroken', { sequence: formatNumber(bad.sequence, locale) })}
      </p>
      <p>{t('chainBrokenText', { at: bad.foundAt === null ? '?' : formatInstant(bad.foundAt, locale) })}</p>
      {bad.eventId !== null && (
        <p>
          {t('chainEvent')} <Uid value={bad.eventId} keep={36} />
        </p>
      )}
    </Notice>
  );
}
