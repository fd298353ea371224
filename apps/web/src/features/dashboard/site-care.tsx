import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../../api/client.ts';
import { formatBytes, formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Skeleton } from '../../ui/bits.tsx';

const DAY_MS = 86_400_000;
/** Over so many days a pace is measured. */
const PACE_DAYS = 30;
/** Sooner full than this is something to do today. */
const SOON_DAYS = 60;

interface Fact {
  readonly label: string;
  /** Undefined while it is not known. */
  readonly said: string | undefined;
  readonly isWorrying: boolean;
}

function useDisk(): Fact {
  const t = useText('dashboard');
  const locale = useLocale();
  const { data } = useQuery({ queryKey: ['care', 'disk'], queryFn: ({ signal }) => call('diskCare', { signal }) });
  if (data === undefined) return { label: t('disk'), said: undefined, isWorrying: false };
  const room = t('diskFree', { free: formatBytes(data.freeBytes, locale), total: formatBytes(data.totalBytes, locale) });
  const young = data.observedDays < PACE_DAYS ? t('diskYoung', { count: data.observedDays }) : t('diskLong');
  const forecast = data.daysLeft === null ? young : t('diskDays', { count: data.daysLeft });
  return { label: t('disk'), said: `${room}, ${forecast}`, isWorrying: data.daysLeft !== null && data.daysLeft < SOON_DAYS };
}

function useBackup(): Fact {
  const t = useText('dashboard');
  const locale = useLocale();
  const { data } = useQuery({ queryKey: ['care', 'backup'], queryFn: ({ signal }) => call('backupCare', { signal }) });
  if (data === undefined) return { label: t('backup'), said: undefined, isWorrying: false };
  const last = data.last === null ? t('backupNone') : t('backupLast', { when: formatInstant(data.last.startedAt, locale) });
  return {
    label: t('backup'),
    said: data.isLate ? `${t('backupLate')}, ${last}` : last,
    isWorrying: data.isLate || data.last === null,
  };
}

function useFailures(): Fact {
  const t = useText('dashboard');
  const { data } = useQuery({ queryKey: ['care', 'jobs'], queryFn: ({ signal }) => call('jobCare', { signal }) });
  const since = Date.now() - DAY_MS;
  const count = data?.items.filter(({ lastFailedAt }) => lastFailedAt !== null && Date.parse(lastFailedAt) > since).length;
  const said = count === undefined ? undefined : count === 0 ? t('failuresNone') : t('failuresSome', { count });
  return { label: t('failures'), said, isWorrying: (count ?? 0) > 0 };
}

function useHealth(): Fact {
  const t = useText('dashboard');
  const { data, isError } = useQuery({ queryKey: ['care', 'health'], queryFn: ({ signal }) => call('health', { signal }) });
  const isOk = data?.status === 'OK' && data.damagedObjects === 0;
  const state = data === undefined ? undefined : t(data.status === 'OK' ? 'healthOk' : 'healthReadOnly');
  return { label: t('health'), said: isError ? t('healthDown') : state, isWorrying: isError || (data !== undefined && !isOk) };
}

/** What whoever runs the installation looks at first: each in words, what needs somebody with a mark before it. */
export function SiteCare() {
  const t = useText('dashboard');
  const facts = [useHealth(), useDisk(), useBackup(), useFailures()];
  return (
    <section className="ng-card mt-5 p-4">
      <div className="flex items-baseline justify-between gap-4">
        <h2 className="font-semibold">{t('site')}</h2>
        <Link to="/app/admin/system" className="rounded text-[13px] text-accent hover:underline">
          {t('siteAll')}
        </Link>
      </div>
      <dl className="mt-3 grid gap-x-6 gap-y-3 sm:grid-cols-2 lg:grid-cols-4">
        {facts.map(({ label, said, isWorrying }) => (
          <div key={label}>
            <dt className="text-[13px] text-dim">{label}</dt>
            <dd className="tabular mt-0.5">
              {said === undefined ? (
                <Skeleton width="80%" />
              ) : (
                <>
                  {isWorrying && <b className="text-amber">! </b>}
                  {said}
                </>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
