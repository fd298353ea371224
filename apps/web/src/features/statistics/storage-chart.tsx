import type { StorageStatistics } from '@negatoscope/contract';
import { formatBytes, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { PARTS, PeriodChart } from './charts.tsx';
import { stepText } from './periods.ts';
import { Numbers, Section } from './section.tsx';
import { AsTable } from './tiles.tsx';

interface ChartProps {
  readonly found: StorageStatistics;
  /** In all of the periods, bytes. */
  readonly received: number;
}
/** How much came by day, week or month, and what was kept at the end of each. */
export function StorageChart({ found: { periods, step, from }, received }: ChartProps) {
  const t = useText('activity');
  const locale = useLocale();
  const bytes = (value: number): string => formatBytes(value, locale);
  const bars = periods.map(({ key, bytes: came, keptBytes }) => ({
    ...{ key, name: stepText(key, step, locale, t), values: [came] },
    said: `${bytes(came)} · ${t('keptAtEnd').toLocaleLowerCase(locale)} ${bytes(keptBytes)}`,
  }));
  const most = Math.max(0, ...periods.map((period) => period.bytes));
  return (
    <Section title={t('storageReceived')} lead={t('storageLead')}>
      <PeriodChart
        key={`${from} ${step}`}
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
  );
}
