import type { WorkFigures } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../../api/client.ts';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Skeleton } from '../../ui/bits.tsx';
import { useDuration } from './duration.ts';

const TILE = 'ng-card flex min-h-24 flex-col gap-2.5 p-4';
const VALUE = 'tabular text-[24px] leading-none font-semibold';

/** What there is to read for who reads: their own, what is urgent, nobody's, and how long reading takes. */
export function MyWork() {
  const t = useText('dashboard');
  const locale = useLocale();
  const { data } = useQuery({
    queryKey: ['overview', 'work'],
    queryFn: ({ signal }) => call('workFigures', { signal }),
    refetchInterval: 60_000,
  });
  // What a figure counts is what its list has.
  const tiles = [
    { key: 'mineTile', search: { assignee: 'me', status: 'OPEN', sort: 'receivedAt' }, amount: data?.mine },
    { key: 'pressingTile', search: { urgency: 'PRESSING', status: 'OPEN', sort: 'receivedAt' }, amount: data?.pressing },
    { key: 'nobodysTile', search: { assignee: 'none', status: 'OPEN', sort: 'receivedAt' }, amount: data?.nobodys },
  ] as const;
  return (
    <section aria-label={t('myWork')} className="mt-3 grid grid-cols-2 gap-3 lg:grid-cols-4">
      {tiles.map(({ key, search, amount }) => (
        <Link key={key} to="/app/worklist" search={search} className={`${TILE} transition-colors hover:border-line-strong`}>
          <span className="text-[13px] text-dim">{t(key)}</span>
          <span className={VALUE}>
            {amount === undefined ? <Skeleton width={44} height={22} /> : formatNumber(amount, locale)}
          </span>
        </Link>
      ))}
      <Turnaround figures={data} />
    </section>
  );
}

function Turnaround({ figures }: { figures: WorkFigures | undefined }) {
  const t = useText('dashboard');
  const duration = useDuration();
  const taken = figures?.turnaround;
  return (
    <div className={TILE}>
      <span className="text-[13px] text-dim">{t('turnaroundTile')}</span>
      {taken === undefined && <Skeleton width={64} height={22} />}
      {taken === null && <span className="text-[13px] text-dim">{t('turnaroundNone')}</span>}
      {taken !== undefined && taken !== null && (
        <>
          <span className={VALUE}>{duration(taken.medianMinutes)}</span>
          <span className="text-[12px] text-dim">
            {t('turnaroundOf', { count: taken.studies })} · {t('turnaroundP90', { time: duration(taken.p90Minutes) })}
          </span>
        </>
      )}
    </div>
  );
}
