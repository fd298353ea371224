import type { Overview } from '@negatoscope/contract';
import { WAITING } from '@negatoscope/contract/user-filters';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FolderInput } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan, useUser } from '../../api/me.ts';
import { formatBytes, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Mark } from '../../ui/logo.tsx';
import { Scroll, WIDE } from '../../ui/page.tsx';
import { StatusSign } from '../../ui/status.tsx';
import { LoadDemo } from './demo.tsx';
import { Desk } from './desk.tsx';
import { LastImports } from './last-imports.tsx';
import { MyWork } from './my-work.tsx';
import { NewResults } from './new-results.tsx';
import { NextStudies } from './next-studies.tsx';
import { ResearchNote } from './research.tsx';
import { ResearchWork } from './research-work.tsx';
import { Screening, screeningPlace } from './screening.tsx';
import { SiteCare } from './site-care.tsx';

export function DashboardPage() {
  const t = useText('dashboard');
  const locale = useLocale();
  const user = useUser();
  const [isFilling, setFilling] = useState(false);
  const { data, error, refetch } = useQuery({ queryKey: ['overview'], queryFn: ({ signal }) => call('overview', { signal }) });
  const people = useWaitingPeople();
  const can = useCan();
  if (data === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  const isNight = new Date().getHours() < 6;
  const isEmpty = isFilling || (data !== undefined && data.studies === 0 && data.patients === 0);
  return (
    <Scroll width={WIDE}>
      <div className="flex min-h-[86px] flex-wrap items-center justify-between gap-x-6 gap-y-3 py-4">
        <h1 className="text-xl font-semibold">{t(isNight ? 'greetingNight' : 'hello', { name: user?.firstName ?? '' })}</h1>
        {isEmpty ? <WaitingPeople people={people} /> : <ToCheck overview={data} people={people} />}
      </div>
      {can('studies.read') && !can('patients.identity') && <ResearchNote overview={data} />}
      {can('exports.anonymised') && !can('patients.identity') && <ResearchWork />}
      {isEmpty ? <FirstSteps onFilling={setFilling} /> : <Overviews overview={data} />}
    </Scroll>
  );
}

/** What waits, what was screened, what came last, and how much is kept. */
function Overviews({ overview }: { overview: Overview | undefined }) {
  const t = useText('dashboard');
  const common = useText('common');
  const locale = useLocale();
  const can = useCan();
  const [place] = useState(screeningPlace);
  // Who registers people and reads no images.
  const isDesk = can('consultations.register') && !can('studies.validate') && !can('system.manage');
  return (
    <>
      {isDesk && <Desk />}
      <Counts overview={overview} />
      {can('studies.validate') && <MyWork />}
      {can('system.manage') && <SiteCare />}
      {can('statistics.read') && place === 'above' && <Screening place={place} />}
      <div className="mt-5 grid items-start gap-5 lg:grid-cols-[1.7fr_1fr]">
        <div className="flex min-w-0 flex-col gap-5">
          {can('consultations.conduct') && <NewResults />}
          {can('studies.read') && <NextStudies />}
        </div>
        {can('imports.create') && <LastImports />}
      </div>
      {can('statistics.read') && place === 'below' && <Screening place={place} />}
      {overview !== undefined && (
        <p className="tabular mt-6 text-[13px] text-dim">
          {common('labelled', { label: t('instances'), value: formatNumber(overview.instances, locale) })} ·{' '}
          {common('labelled', { label: t('size'), value: formatBytes(overview.sizeBytes, locale) })}
        </p>
      )}
    </>
  );
}

const TILE = 'ng-card flex min-h-24 flex-col justify-between p-4 transition-colors';
const VALUE = 'tabular text-[28px] leading-none font-semibold';

function Amount({ value }: { value: number | undefined }) {
  const locale = useLocale();
  return <span className={VALUE}>{value === undefined ? <Skeleton width={52} height={26} /> : formatNumber(value, locale)}</span>;
}

function Counts({ overview }: { overview: Overview | undefined }) {
  const t = useText('dashboard');
  const can = useCan();
  const tiles = [
    { key: 'toRead', sign: 'TO_READ', search: { status: 'TO_READ' }, amount: overview?.toRead },
    { key: 'inProgress', sign: 'IN_PROGRESS', search: { status: 'IN_PROGRESS' }, amount: overview?.inProgress },
    { key: 'receivedToday', sign: '', search: { sort: '-receivedAt' }, amount: overview?.receivedToday },
    { key: 'studies', sign: '', search: {}, amount: overview?.studies },
  ] as const;
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-3 lg:grid-cols-5">
      {tiles.map(({ key, sign, search, amount }) => {
        const content = (
          <>
            <span className="flex items-center gap-1.5 text-[13px] text-dim">
              {sign !== '' && <StatusSign status={sign} />}
              {t(key)}
            </span>
            <Amount value={amount} />
          </>
        );
        return can('studies.read') ? (
          <Link key={key} to="/app/worklist" search={search} className={`${TILE} hover:border-line-strong`}>
            {content}
          </Link>
        ) : (
          <div key={key} className={TILE}>
            {content}
          </div>
        );
      })}
      <Link to="/app/patients" search={{}} className={`${TILE} hover:border-line-strong max-lg:col-span-2`}>
        <span className="text-[13px] text-dim">{t('patients')}</span>
        <Amount value={overview?.patients} />
      </Link>
    </div>
  );
}

/** How many people wait for an administrator, to who is one. */
function useWaitingPeople(): number {
  const can = useCan();
  const { data } = useQuery({
    queryKey: ['users', 'waiting', 'count'],
    queryFn: ({ signal }) => call('listUsers', { query: { ...WAITING, limit: 1 }, signal }),
    enabled: can('users.manage'),
  });
  return data?.total ?? 0;
}

const CHECK =
  'flex items-center gap-2 rounded-lg border border-amber/40 bg-amber/10 px-3 py-2 whitespace-nowrap hover:border-amber';

/** On an empty dashboard too: a new site's people wait before its first study comes. */
function WaitingPeople({ people }: { people: number }) {
  const t = useText('dashboard');
  if (people === 0) return null;
  return (
    <Link to="/app/admin/users" search={WAITING} className={CHECK}>
      <b className="text-amber">!</b> {t('waitingPeople', { count: people })}
    </Link>
  );
}

/** What waits for a person's decision, or that nothing does; one line high from the beginning, so that nothing below it moves. */
function ToCheck({ overview, people }: { overview: Overview | undefined; people: number }) {
  const t = useText('dashboard');
  const can = useCan();
  const conflicts = can('conflicts.read') ? (overview?.openConflicts ?? 0) : 0;
  const identities = can('identity-review.propose') ? (overview?.identityReviews ?? 0) : 0;
  if (!can('conflicts.read') && !can('identity-review.propose') && !can('users.manage')) return null;
  return (
    <div className="flex min-h-[46px] max-w-full items-center gap-3 overflow-x-auto p-0.5">
      {overview === undefined && <Skeleton width={190} height={20} />}
      {overview !== undefined && conflicts + identities + people === 0 && (
        <p className="text-[13px] text-dim">✓ {t('nothingToCheck')}</p>
      )}
      {conflicts > 0 && (
        <Link to="/app/conflicts" search={{}} className={CHECK}>
          <b className="text-amber">!</b> {t('openConflicts', { count: conflicts })}
        </Link>
      )}
      {identities > 0 && (
        <Link to="/app/identity-review" className={CHECK}>
          <b className="text-amber">!</b> {t('identityReviews', { count: identities })}
        </Link>
      )}
      <WaitingPeople people={people} />
    </div>
  );
}

function FirstSteps({ onFilling }: { onFilling: (isFilling: boolean) => void }) {
  const t = useText('dashboard');
  const can = useCan();
  const mayImport = can('imports.create');
  return (
    <div className="ng-card ng-enter flex flex-col items-center px-6 py-16 text-center">
      <div className="mb-7 rounded-2xl shadow-glow">
        <Mark size={84} />
      </div>
      <h2 className="text-xl font-semibold">{t('emptyTitle')}</h2>
      <p className="mt-2 max-w-md text-dim">{mayImport ? t('emptyText') : t('emptyReader')}</p>
      <div className="mt-7 flex flex-wrap items-center justify-center gap-3">
        {mayImport && (
          <Link to="/app/import" search={{}} className={buttonClass('primary', 'large')}>
            <FolderInput size={17} /> {t('importFolder')}
          </Link>
        )}
        {can('system.manage') && <LoadDemo onFilling={onFilling} />}
      </div>
    </div>
  );
}
