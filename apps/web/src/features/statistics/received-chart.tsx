import type { ArrivalStatistics } from '@negatoscope/contract';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { PARTS, type Part, PartLegend, PeriodChart } from './charts.tsx';
import { stepText } from './periods.ts';
import { Numbers, Section } from './section.tsx';
import { AsTable } from './tiles.tsx';

/** The modalities that are drawn by themselves. */
const DRAWN = 3;

/** A study of several modalities is drawn as the most frequent of them, so that bars are as high as there are studies. */
function shares(period: ArrivalStatistics['periods'][number], drawn: readonly string[]): number[] {
  let left = period.studies;
  const parts = drawn.map((modality) => {
    const part = Math.min(left, period.modalities[modality] ?? 0);
    left -= part;
    return part;
  });
  return [...parts, left];
}

/** What came by day, week or month, the most frequent modalities told apart. */
export function ReceivedChart({ found }: { readonly found: ArrivalStatistics }) {
  const t = useText('activity');
  const locale = useLocale();
  const { periods, modalities, step, total } = found;
  const drawn = modalities.slice(0, DRAWN).map(({ key }) => key);
  const hasOthers = modalities.length > DRAWN;
  const names = hasOthers ? [...drawn, t('others')] : drawn;
  const parts: Part[] = names.map((name, at) => ({
    name,
    ...(PARTS[at === drawn.length ? PARTS.length - 1 : at] ?? { color: '' }),
  }));
  const number = (value: number): string => formatNumber(value, locale);
  const name = (key: string): string => stepText(key, step, locale, t);
  const bars = periods.map((period) => {
    const values = shares(period, drawn);
    const told = parts.flatMap((part, at) => ((values[at] ?? 0) > 0 ? `${part.name} ${number(values[at] ?? 0)}` : []));
    const said = [`${number(period.studies)} ${t('studies').toLocaleLowerCase(locale)}`, ...told].join(' · ');
    return { key: period.key, name: name(period.key), values, said };
  });
  const most = Math.max(...periods.map(({ studies }) => studies));
  return (
    <Section title={t('received')} aside={<PartLegend parts={parts} />}>
      <PeriodChart
        key={`${found.from} ${step}`}
        bars={bars}
        parts={hasOthers ? parts : [...parts, { name: t('others'), color: 'var(--ng-line-strong)' }]}
        format={number}
        label={t('chart', {
          ...{ from: bars[0]?.name ?? '', to: bars.at(-1)?.name ?? '' },
          ...{ total: number(total.studies), most: number(most) },
        })}
      />
      <ReceivedTable found={found} name={name} />
    </Section>
  );
}

/** The modalities that have a column of their own. */
const COLUMNS = 6;

/** The same as the bars say, in numbers. */
function ReceivedTable({ found: { periods, modalities }, name }: { found: ArrivalStatistics; name: (key: string) => string }) {
  const t = useText('activity');
  const locale = useLocale();
  const columns = modalities.slice(0, COLUMNS).map(({ key }) => key);
  const cellsOf = (period: ArrivalStatistics['periods'][number]): number[] => [
    ...[period.studies, period.instances],
    ...columns.map((key) => period.modalities[key] ?? 0),
  ];
  return (
    <AsTable title={t('asTable')}>
      <Numbers
        label={t('received')}
        head={[t('period'), t('studies'), t('instances'), ...columns]}
        rows={periods
          .filter(({ studies }) => studies > 0)
          .map((period) => ({
            ...{ key: period.key, name: name(period.key) },
            cells: cellsOf(period).map((value) => formatNumber(value, locale)),
          }))}
      />
    </AsTable>
  );
}
