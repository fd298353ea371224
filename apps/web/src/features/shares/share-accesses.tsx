import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';

/** When a link was opened, from where, and what came of it. */
export function ShareAccesses({ id }: { id: string }) {
  const t = useText('shares');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['shares', 'one', id],
    queryFn: ({ signal }) => call('getShare', { params: { id }, signal }),
    // It is opened to see what has happened by now.
    staleTime: 0,
  });
  if (data === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton width="100%" height={90} />;
  if (data.accesses.length === 0) return <p className="text-dim">{t('noAccess')}</p>;
  return (
    <ul aria-label={t('accessList')}>
      {data.accesses.map(({ at, ip, outcome }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no id, and two may be of the same instant.
        <li key={`${at} ${place}`} className="flex flex-wrap gap-x-3 border-b border-line/70 py-2 last:border-0">
          <span className="tabular text-dim">{formatInstant(at, locale)}</span>
          <span className={outcome === 'CODE_WRONG' || outcome === 'REFUSED' ? 'text-amber' : ''}>{t(`outcome_${outcome}`)}</span>
          {ip !== null && <span className="tabular text-dim">{t('fromIp', { ip })}</span>}
        </li>
      ))}
    </ul>
  );
}
