import type { EmergencyEntry } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../../api/client.ts';
import { errorText } from '../../../api/error.ts';
import { useEndEmergency } from '../../../entities/emergency/use-end.ts';
import { formatInstant, formatName } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { Empty, LoadError, Notice, Skeleton } from '../../../ui/bits.tsx';
import { Button } from '../../../ui/button.tsx';
import { Scroll } from '../../../ui/page.tsx';

/** Who opened whom in an emergency, why and until when; what stands can be ended here. */
export function Emergencies() {
  const t = useText('emergency');
  const access = useText('access');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['emergencies', 'all'],
    queryFn: ({ signal }) => call('listEmergencies', { signal }),
  });
  if (data === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton width="100%" height={140} />;
  return (
    <Scroll>
      {data.hours === null && <Notice tone="info">{t('off')}</Notice>}
      {data.items.length === 0 && <Empty title={access('none_emergencies')}>{access('none_emergenciesText')}</Empty>}
      <ul aria-label={t('all')} className="ng-card mt-3 empty:hidden">
        {data.items.map((item) => (
          <Entry key={item.id} item={item} />
        ))}
      </ul>
    </Scroll>
  );
}

function Entry({ item }: { item: EmergencyEntry }) {
  const t = useText('emergency');
  const locale = useLocale();
  const at = (instant: string): string => formatInstant(instant, locale);
  const name = formatName(item);
  const end = useEndEmergency();
  const ended = item.endedAt === null ? t('expiredAt', { at: at(item.expiresAt) }) : t('endedAt', { at: at(item.endedAt) });
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-b border-line/70 px-4 py-3 last:border-0">
      <div className="min-w-0 break-words">
        <p className="font-medium">
          {item.userName ?? '…'} → {name || item.recordNumber}
        </p>
        <p>{item.reason}</p>
        <p className="tabular text-[13px] text-dim">
          {t('opened')} {at(item.openedAt)} ·{' '}
          <span className={item.isStanding ? 'text-amber' : ''}>
            {item.isStanding ? t('standing', { until: at(item.expiresAt) }) : ended}
          </span>
        </p>
      </div>
      {item.isStanding && (
        <Button size="small" aria-label={t('endOf', { name })} onPress={() => void end(item.id)}>
          {t('end')}
        </Button>
      )}
    </li>
  );
}
