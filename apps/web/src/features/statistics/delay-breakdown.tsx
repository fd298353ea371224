import type { Delay, DelayRow, DelayStatistics } from '@negatoscope/contract';
import { formatNumber } from '../../i18n/format.ts';
import { type Text, useLocale, useText } from '../../i18n/index.ts';
import { DELAY_BY } from '../../routing/search-params.ts';
import { Segments } from '../../ui/field.tsx';
import { useSeconds } from './durations.ts';
import { stepText } from './periods.ts';
import { Numbers, Section } from './section.tsx';

type By = (typeof DELAY_BY)[number];
const URGENCIES = ['STAT', 'URGENT', 'ROUTINE'] as const;

interface Props {
  readonly found: DelayStatistics;
  readonly delay: Delay;
  readonly by: By;
  readonly onBy: (by: string) => void;
}

const nameOf = ({ by, key, name }: DelayRow, t: Text<'activity'>, period: (key: string) => string): string => {
  if (by === 'READER') return name ?? t('goneAccount');
  if (by === 'URGENCY') return t(URGENCIES.find((one) => one === key) ?? 'ROUTINE');
  return by === 'PERIOD' ? period(key) : key;
};

/** The same delay by modality, urgency, reader or period; by reader for who is told of any. */
export function DelayBreakdown({ found, delay, by, onBy }: Props) {
  const t = useText('activity');
  const locale = useLocale();
  const seconds = useSeconds();
  const of = found.rows.filter((row) => row.delay === delay);
  const ways = DELAY_BY.filter((way) => way !== 'READER' || of.some((row) => row.by === 'READER'));
  const way = ways.find((one) => one === by) ?? 'MODALITY';
  const order =
    way === 'PERIOD' ? (a: DelayRow, b: DelayRow) => a.key.localeCompare(b.key) : (a: DelayRow, b: DelayRow) => b.n - a.n;
  const rows = of.filter((row) => row.by === way).toSorted(order);
  return (
    <Section
      title={t(delay)}
      aside={
        <div className="max-w-full overflow-x-auto p-0.5 print:hidden">
          <Segments
            label={t('by')}
            value={way}
            onChange={onBy}
            choices={ways.map((value) => ({ value, label: t(`by_${value}`) }))}
          />
        </div>
      }
    >
      {rows.length === 0 ? (
        <p className="text-dim">{t('noDelay')}</p>
      ) : (
        <Numbers
          label={`${t(delay)}, ${t(`by_${way}`)}`}
          head={[t(`by_${way}`), t('n'), t('median'), t('p90')]}
          rows={rows.map((row) => ({
            key: row.key,
            name: nameOf(row, t, (key) => stepText(key, found.step, locale, t)),
            cells: [formatNumber(row.n, locale), seconds(row.medianSeconds), seconds(row.p90Seconds)],
          }))}
        />
      )}
    </Section>
  );
}
