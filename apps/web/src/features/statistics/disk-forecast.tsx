import type { StorageStatistics } from '@negatoscope/contract';
import { formatBytes, formatDate, formatWholeShare } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Section } from './section.tsx';

/** Sooner full than this is something to do today. */
const SOON_DAYS = 60;

type Disk = NonNullable<StorageStatistics['disk']>;

/** How full the disk is, and when it will be at the pace of the last days; what is too young to say so says that. */
export function DiskForecast({ disk: { totalBytes, freeBytes, forecasts } }: { readonly disk: Disk }) {
  const t = useText('activity');
  const locale = useLocale();
  const used = totalBytes === 0 ? 0 : 1 - freeBytes / totalBytes;
  const room = t('diskFree', { free: formatBytes(freeBytes, locale), total: formatBytes(totalBytes, locale) });
  return (
    <Section title={t('forecast')} lead={t('forecastLead')}>
      <p className="tabular flex flex-wrap justify-between gap-x-4 text-[13px]">
        <span>{room}</span>
        <span className="text-dim">{t('diskUsed', { share: formatWholeShare(used, locale) })}</span>
      </p>
      <div aria-hidden="true" className="mt-1 h-3 overflow-hidden rounded-full border border-line-strong bg-surface-2">
        <div className={`h-full ${used > 0.9 ? 'bg-amber' : 'bg-accent'}`} style={{ width: `${used * 100}%` }} />
      </div>
      <dl className="mt-3 grid gap-3 sm:grid-cols-2">
        {forecasts.map((forecast) => (
          <Pace key={forecast.days} forecast={forecast} />
        ))}
      </dl>
    </Section>
  );
}

function Pace({ forecast }: { readonly forecast: Disk['forecasts'][number] }) {
  const t = useText('activity');
  const locale = useLocale();
  const { days, observedDays, verdict, dailyBytes, daysLeft, fullOn } = forecast;
  const isSoon = daysLeft !== null && daysLeft < SOON_DAYS;
  return (
    <div className="rounded-lg border border-line p-3">
      <dt className="text-[13px] text-dim">
        {t('pace', { days })}
        {dailyBytes !== null && dailyBytes > 0 && ` : ${t('paceOf', { bytes: formatBytes(dailyBytes, locale) })}`}
      </dt>
      <dd className={verdict === 'TOO_FEW_DAYS' ? 'text-dim' : 'font-semibold'}>
        {isSoon && <b className="text-amber">! </b>}
        {daysLeft !== null && `${t('inDays', { count: daysLeft })}, `}
        {t(`verdict_${verdict}`, { day: formatDate(fullOn, locale), observed: observedDays, days })}
      </dd>
    </div>
  );
}
