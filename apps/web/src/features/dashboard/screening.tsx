import type { ScreeningStatistics } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Bars } from '../../entities/statistics/bars.tsx';
import { MAIN_COUNTS } from '../../entities/statistics/counts.ts';
import { screeningQuery } from '../../entities/statistics/queries.ts';
import { daysBefore, formatDate, formatNumber, today } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Skeleton } from '../../ui/bits.tsx';

const KEPT_AS = 'ng.screening';

/** Whether somebody was screened when this was shown last in this browser: then its place is kept while it is asked for, so that nothing below moves. */
function wasShown(): boolean {
  try {
    return localStorage.getItem(KEPT_AS) === 'shown';
  } catch {
    return false;
  }
}

function keepShown(isShown: boolean): void {
  try {
    localStorage.setItem(KEPT_AS, isShown ? 'shown' : 'none');
  } catch {
    // Without a place to keep it, the card comes when it is known.
  }
}

/** The last days of the screening in four numbers; nothing where nobody was screened. */
export function Screening() {
  const to = today();
  const { data, error } = useQuery(screeningQuery({ from: daysBefore(to, 29), to }));
  const isShown = data === undefined ? undefined : data.total.counts.screened + data.total.counts.unanswered > 0;
  useEffect(() => {
    if (isShown !== undefined) keepShown(isShown);
  }, [isShown]);
  if (data === undefined && error === null && wasShown()) return <Waiting />;
  return data === undefined || isShown !== true ? null : <Card data={data} />;
}

const CARD = 'ng-card mt-5 min-h-[190px] p-4';

function Waiting() {
  const t = useText('statistics');
  return (
    <section aria-label={t('cardTitle')} aria-busy="true" className={CARD}>
      <h2 className="font-semibold">{t('cardTitle')}</h2>
      <div className="mt-3 grid gap-4 sm:grid-cols-[1fr_1.2fr]">
        <Skeleton width="100%" height={104} />
        <Skeleton width="100%" height={104} />
      </div>
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
        <Link to="/app/statistics" search={{}} className="text-[13px] text-accent hover:underline">
          {t('cardAll')}
        </Link>
      </div>
      <div className="mt-3 grid items-end gap-4 sm:grid-cols-[1fr_1.2fr]">
        <dl className="grid grid-cols-2 gap-x-4 gap-y-3">
          {MAIN_COUNTS.map((key) => (
            <div key={key} className="flex flex-col-reverse">
              <dt className="text-[13px] text-dim">{t(key)}</dt>
              <dd className="tabular text-[22px] leading-tight font-semibold">{formatNumber(counts[key], locale)}</dd>
            </div>
          ))}
        </dl>
        <Chart data={data} />
      </div>
      {counts.hidden > 0 && <p className="mt-2 text-[13px] text-dim">{t('hiddenNote', { count: counts.hidden })}</p>}
      <p className="mt-2 text-[13px] text-dim">{t('research')}</p>
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
