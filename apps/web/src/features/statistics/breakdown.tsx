import type { Rate, ScreeningStatistics } from '@negatoscope/contract';
import type { ReactNode } from 'react';
import { useCan } from '../../api/me.ts';
import { MAIN_COUNTS } from '../../entities/statistics/counts.ts';
import { formatDecimal, formatNumber, formatShare } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { STATISTICS_BY } from '../../routing/search-params.ts';
import { Segments } from '../../ui/field.tsx';
import { Numbers, Section } from './section.tsx';
import { type By, rowText, secondsText, type Words } from './words.ts';

interface BreakdownProps {
  readonly figures: ScreeningStatistics;
  readonly by: By;
  readonly onBy: (by: string) => void;
}

/** A share with its interval and the cases below it, in a cell of a table. */
function RateCell({ rate: { rate, of }, words: { t, locale } }: { rate: Rate; words: Words }) {
  if (rate === null) return <span className="text-dim">{t('nothing')}</span>;
  return (
    <>
      {formatShare(rate.share, locale)}
      <span className="block text-[12px] text-dim">
        {formatShare(rate.low, locale)}–{formatShare(rate.high, locale)}, n = {of}
      </span>
    </>
  );
}

function KappaCell({ row, words: { t, locale } }: { row: ScreeningStatistics['total']; words: Words }) {
  const { kappa } = row.modelAndReader;
  if (kappa === null) return <span className="text-dim">{t('nothing')}</span>;
  return (
    <>
      {formatDecimal(kappa.value, locale)}
      <span className="block text-[12px] text-dim">
        {formatDecimal(kappa.low, locale)}–{formatDecimal(kappa.high, locale)}
      </span>
    </>
  );
}

const cellsOf = (row: ScreeningStatistics['total'], words: Words): ReactNode[] => [
  ...MAIN_COUNTS.map((key) => formatNumber(row.counts[key], words.locale)),
  <RateCell key="agreed" rate={row.modelAndReader.agreed} words={words} />,
  <KappaCell key="kappa" row={row} words={words} />,
  <RateCell key="sensitivity" rate={row.accuracy.sensitivity} words={words} />,
  <RateCell key="specificity" rate={row.accuracy.specificity} words={words} />,
  secondsText(row.receivedToDone.medianSeconds, words.t),
];

/** The same figures by site, model version, period, age or sex. */
export function Breakdown({ figures, by, onBy }: BreakdownProps) {
  const t = useText('statistics');
  const locale = useLocale();
  const can = useCan();
  const words = { t, locale };
  // Who sees pseudonyms is told no age.
  const ways = STATISTICS_BY.filter((one) => one !== 'ages' || can('patients.identity'));
  const rows = figures[by].filter((row) => row.counts.screened + row.counts.refused + row.counts.unanswered > 0);
  return (
    <Section
      title={t('breakdown')}
      aside={
        <div className="max-w-full overflow-x-auto p-0.5">
          <Segments
            label={t('by')}
            value={by}
            onChange={onBy}
            choices={ways.map((value) => ({ value, label: t(`by_${value}`) }))}
          />
        </div>
      }
    >
      <Numbers
        label={t(`by_${by}`)}
        head={[
          ...[t(`by_${by}`), ...MAIN_COUNTS.map((key) => t(key))],
          ...[t('agreementShort'), t('kappaShort'), t('sensitivity'), t('specificity'), t('medianShort')],
        ]}
        rows={rows.map((row) => ({
          key: row.key,
          name: rowText(by, row, figures.step, words),
          cells: cellsOf(row, words),
        }))}
      />
    </Section>
  );
}
