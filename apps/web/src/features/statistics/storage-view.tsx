import type { StorageStatistics } from '@negatoscope/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { storageQuery } from '../../entities/statistics/queries.ts';
import { formatBytes } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { ActivityFilters } from './activity-filters.tsx';
import { DiskForecast } from './disk-forecast.tsx';
import { Found } from './found.tsx';
import { activityOf, type ViewProps } from './periods.ts';
import { StorageChart } from './storage-chart.tsx';
import { Tiles } from './tiles.tsx';

/** What came and what is kept; to who manages the system when the disk is full. */
export function StorageView({ search, onChange }: ViewProps) {
  const { modality: _, ...query } = activityOf(search);
  const asked = useQuery({ ...storageQuery(query), placeholderData: keepPreviousData });
  return (
    <>
      <ActivityFilters search={search} onChange={onChange} />
      <Found asked={asked}>{(found) => <Figures found={found} />}</Found>
    </>
  );
}

function Figures({ found }: { readonly found: StorageStatistics }) {
  const t = useText('activity');
  const locale = useLocale();
  const received = found.periods.reduce((sum, period) => sum + period.bytes, 0);
  return (
    <>
      <Tiles
        tiles={[
          { label: t('storageReceived'), value: formatBytes(received, locale) },
          { label: t('kept'), value: formatBytes(found.keptBytes, locale) },
        ]}
      />
      <div className="mt-4 grid items-start gap-4">
        {found.disk !== null && <DiskForecast disk={found.disk} />}
        <StorageChart found={found} received={received} />
      </div>
    </>
  );
}
