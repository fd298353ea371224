import type { ScreeningStatistics } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { errorText } from '../../api/error.ts';
import { MadeBy } from '../../entities/prediction/made-by.tsx';
import { Bars } from '../../entities/statistics/bars.tsx';
import { CountName } from '../../entities/statistics/count-name.tsx';
import { MAIN_COUNTS } from '../../entities/statistics/counts.ts';
import { screeningQuery } from '../../entities/statistics/queries.ts';
import { daysBefore, formatDate, formatNumber, today } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';

const KEPT_AS = 'ng.screening';

/** Where the card has its place: decided before anything is known, so that nothing moves when it is. */
export type ScreeningPlace = 'above' | 'below';

/** Above the lists, save in a browser that was told before that nobody is screened here: then below everything, should somebody be now, and above at the next visit. */
export function screeningPlace(): ScreeningPlace {
  try {
    return localStorage.getItem(KEPT_AS) === 'none' ? 'below' : 'above';
  } catch {
    return 'above';
  }
}

function keepShown(isShown: boolean): void {
  try {
    localStorage.setItem(KEPT_AS, isShown ? 'shown' : 'none');
  } catch {
    // Without a place to keep it, each visit is a first one.
  }
}

/** The last days of the screening in four numbers. Where nobody was screened that is said once in a browser, and nothing afterwards. */
export function Screening({ place }: { place: ScreeningPlace }) {
  const to = today();
  const { data, error, refetch } = useQuery(screeningQuery({ from: daysBefore(to, 29), to }));
  const isShown = data === undefined ? undefined : data.total.counts.screened + data.total.counts.unanswered > 0;
  useEffect(() => {
    if (isShown !== undefined) keepShown(isShown);
  }, [isShown]);
  if (data !== undefined && isShown === true) return <Card data={data} />;
  return place === 'below' ? null : <NoCard error={error} isKnown={isShown !== undefined} onRetry={() => void refetch()} />;
}

const CARD = 'ng-card mt-5 min-h-[190px] p-4';

/** The place of the card while it is asked for, where that failed, and where there is nothing to show. */
function NoCard({ error, isKnown, onRetry }: { error: Error | null; isKnown: boolean; onRetry: () => void }) {
  const t = useText('statistics');
  const locale = useLocale();
  const isPending = !isKnown && error === null;
  return (
    <section aria-label={t('cardTitle')} aria-busy={isPending} className={CARD}>
      <h2 className="font-semibold">{t('cardTitle')}</h2>
      {isPending && (
        <div className="mt-3 grid gap-4 sm:grid-cols-[1fr_1.2fr]">
          <Skeleton width="100%" height={104} />
          <Skeleton width="100%" height={104} />
        </div>
      )}
      {isKnown && <p className="mt-3 text-dim">{t('cardNone')}</p>}
      {!isKnown && error !== null && <LoadError message={errorText(error, locale)} onRetry={onRetry} />}
    </section>
  );
}

function Card({ data }: { data: ScreeningStatistics }) {
  const t = useText('statistics');
  const locale = useLocale();
  const { counts } = data.total;
  return (
    <section aria-label={t('cardTitle')} className={CARD}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="font-semibold">{t('cardTitle')}</h2>
        <Link to="/app/statistics" search={{ view: 'screening' }} className="text-[13px] text-accent hover:underline">
          {t('cardAll')}
        </Link>
      </div>
      <div className="mt-3 grid items-end gap-4 sm:grid-cols-[1fr_1.2fr]">
        <dl className="grid grid-cols-2 gap-x-4 gap-y-3">
          {MAIN_COUNTS.map((key) => (
            <div key={key} className="flex flex-col-reverse justify-end">
              <dt className="text-[13px] text-dim">
                <CountName of={key} counts={counts} />
              </dt>
              <dd className="tabular text-[22px] leading-tight font-semibold">{formatNumber(counts[key], locale)}</dd>
            </div>
          ))}
        </dl>
        <Chart data={data} />
      </div>
      {counts.hidden > 0 && <p className="mt-2 text-[13px] text-dim">{t('hiddenNote', { count: counts.hidden })}</p>}
      <p className="mt-2 text-[13px] text-dim">
        {t('research')} <MadeBy models={data.models.map(({ key }) => key)} />
      </p>
    </section>
  );
}

function Chart({ data: { from, to, total, periods } }: { data: ScreeningStatistics }) {
  const t = useText('statistics');
  const locale = useLocale();
  const { screened, positive } = total.counts;
  const most = Math.max(...periods.map((one) => one.counts.screened));
  const days = { from: formatDate(from, locale), to: formatDate(to, locale) };
  return (
    <Bars
      rows={periods}
      height={80}
      label={t('chart', { screened, positive, ...days, most })}
      titleOf={(row) => `${formatDate(row.key, locale)} \u2192 ${row.counts.screened} / ${row.counts.positive}`}
      nameOf={({ key }) => formatDate(key, locale)}
    />
  );
}
