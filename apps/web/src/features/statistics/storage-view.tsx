import type { StorageStatistics } from '@negatoscope/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { errorText } from '../../api/error.ts';
import { storageQuery } from '../../entities/statistics/queries.ts';
import { formatBytes, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError } from '../../ui/bits.tsx';
import { ActivityFilters } from './activity-filters.tsx';
import { PARTS, PeriodChart } from './charts.tsx';
import { DiskForecast } from './disk-forecast.tsx';
import { activityOf, stepText, type ViewProps } from './periods.ts';
import { Numbers, Section } from './section.tsx';
import { AsTable, Tiles, Waiting } from './tiles.tsx';

/** What came and what is kept; to who manages the system when the disk is full. */
export function StorageView({ search, onChange }: ViewProps) {
  const locale = useLocale();
  const { modality: _, ...query } = activityOf(search);
  const { data, error, refetch } = useQuery({ ...storageQuery(query), placeholderData: keepPreviousData });
  return (
    <>
      <ActivityFilters search={search} onChange={onChange} />
      {error !== null && data === undefined && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      {data !== undefined && <Figures found={data} />}
    </>
  );
}

function Figures({ found }: { readonly found: StorageStatistics }) {
  const t = useText('activity');
  const locale = useLocale();
  const { periods, step, disk } = found;
  const bytes = (value: number): string => formatBytes(value, locale);
  const received = periods.reduce((sum, period) => sum + period.bytes, 0);
  const bars = periods.map(({ key, bytes: came, keptBytes }) => ({
    ...{ key, name: stepText(key, step, locale, t), values: [came] },
    said: `${bytes(came)} · ${t('keptAtEnd').toLocaleLowerCase(locale)} ${bytes(keptBytes)}`,
  }));
  const most = Math.max(0, ...periods.map((period) => period.bytes));
  return (
    <>
      <Tiles
        tiles={[
          { label: t('storageReceived'), value: bytes(received) },
          { label: t('kept'), value: bytes(found.keptBytes) },
        ]}
      />
      <div className="mt-4 grid items-start gap-4">
        {disk !== null && <DiskForecast disk={disk} />}
        <Section title={t('storageReceived')} lead={t('storageLead')}>
          <PeriodChart
            key={`${found.from} ${step}`}
            bars={bars}
            parts={[{ name: t('bytes'), ...(PARTS[0] ?? { color: '' }) }]}
            format={bytes}
            label={t('chart', {
              ...{ from: bars[0]?.name ?? '', to: bars.at(-1)?.name ?? '', total: bytes(received), most: bytes(most) },
            })}
          />
          <AsTable title={t('asTable')}>
            <Numbers
              label={t('storageReceived')}
              head={[t('period'), t('bytes'), t('studies'), t('keptAtEnd')]}
              rows={periods.map((period, at) => ({
                ...{ key: period.key, name: bars[at]?.name ?? period.key },
                cells: [bytes(period.bytes), formatNumber(period.studies, locale), bytes(period.keptBytes)],
              }))}
            />
          </AsTable>
        </Section>
      </div>
    </>
  );
}
