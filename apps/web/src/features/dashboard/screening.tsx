import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Bars } from '../../entities/statistics/bars.tsx';
import { MAIN_COUNTS } from '../../entities/statistics/counts.ts';
import { screeningQuery } from '../../entities/statistics/queries.ts';
import { daysBefore, formatDate, formatNumber, today } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';

/** The last days of the screening in four numbers; nothing where nobody was screened, or while it is not known. */
export function Screening() {
  const t = useText('statistics');
  const locale = useLocale();
  const to = today();
  const { data } = useQuery(screeningQuery({ from: daysBefore(to, 29), to }));
  if (data === undefined || data.total.counts.screened + data.total.counts.unanswered === 0) return null;
  const { total, periods } = data;
  const { counts } = total;
  const most = Math.max(...periods.map((one) => one.counts.screened));
  const [from, until] = [formatDate(data.from, locale), formatDate(data.to, locale)];
  return (
    <section aria-label={t('cardTitle')} className="ng-card mt-5 p-4">
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
        <Bars
          rows={periods}
          height={80}
          label={t('chart', { screened: counts.screened, positive: counts.positive, from, to: until, most })}
          titleOf={(row) => `${formatDate(row.key, locale)} \u2192 ${row.counts.screened} / ${row.counts.positive}`}
        />
      </div>
      {counts.hidden > 0 && <p className="mt-2 text-[13px] text-dim">{t('hiddenNote', { count: counts.hidden })}</p>}
      <p className="mt-2 text-[13px] text-dim">{t('research')}</p>
    </section>
  );
}
