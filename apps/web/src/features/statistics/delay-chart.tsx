import type { Delay, DelayStatistics } from '@negatoscope/contract';
import { useLocale, useText } from '../../i18n/index.ts';
import { PARTS, type Part, PartLegend, PeriodChart } from './charts.tsx';
import { useSeconds } from './durations.ts';
import { stepText } from './periods.ts';
import { Section } from './section.tsx';

/** Median and ninth decile by period: the median as a narrower bar before the other. */
export function DelayChart({ found, delay }: { readonly found: DelayStatistics; readonly delay: Delay }) {
  const t = useText('activity');
  const locale = useLocale();
  const seconds = useSeconds();
  const rows = new Map(found.rows.filter((row) => row.delay === delay && row.by === 'PERIOD').map((row) => [row.key, row]));
  const total = found.rows.find((row) => row.delay === delay && row.by === 'TOTAL');
  const parts: Part[] = [
    { name: t('p90'), color: 'color-mix(in srgb, var(--ng-accent) 38%, transparent)' },
    { name: t('median'), ...(PARTS[0] ?? { color: '' }) },
  ];
  const bars = found.starts.map((key) => {
    const row = rows.get(key);
    const said =
      row === undefined
        ? '–'
        : `${t('median')} ${seconds(row.medianSeconds)} · ${t('p90')} ${seconds(row.p90Seconds)} · n = ${row.n}`;
    return { key, name: stepText(key, found.step, locale, t), values: [row?.p90Seconds ?? 0, row?.medianSeconds ?? 0], said };
  });
  return (
    <Section title={`${t(delay)} · ${t('delayOver').toLocaleLowerCase(locale)}`} aside={<PartLegend parts={parts} />}>
      {total === undefined ? (
        <p className="text-dim">{t('noDelay')}</p>
      ) : (
        <PeriodChart
          key={`${delay} ${found.from} ${found.step}`}
          bars={bars}
          parts={parts}
          isStacked={false}
          format={(value) => (value <= 1 ? '0' : seconds(value))}
          label={t('delayChart', {
            ...{ from: bars[0]?.name ?? '', to: bars.at(-1)?.name ?? '' },
            ...{ median: seconds(total.medianSeconds), p90: seconds(total.p90Seconds) },
          })}
        />
      )}
    </Section>
  );
}
