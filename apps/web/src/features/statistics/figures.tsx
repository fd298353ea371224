import type { Agreement as AgreementOf, Rate, ScreeningRow, ScreeningStatistics } from '@negatoscope/contract';
import { Bars, Legend } from '../../entities/statistics/bars.tsx';
import { CountName } from '../../entities/statistics/count-name.tsx';
import { MAIN_COUNTS } from '../../entities/statistics/counts.ts';
import { formatDecimal, formatNumber, formatShare } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Numbers, Section } from './section.tsx';
import { periodText, rateText, secondsText, type Words } from './words.ts';

/** How many, and what is left out of it. */
export function Counts({ row }: { readonly row: ScreeningRow }) {
  const t = useText('statistics');
  const locale = useLocale();
  const { counts } = row;
  return (
    <>
      <dl className="grid grid-cols-2 gap-3 md:grid-cols-4">
        {MAIN_COUNTS.map((key) => (
          <div key={key} className="ng-card flex min-h-20 flex-col justify-between p-4">
            <dt className="text-[13px] text-dim">
              <CountName of={key} counts={counts} />
            </dt>
            <dd className="tabular text-[26px] leading-none font-semibold">{formatNumber(counts[key], locale)}</dd>
          </div>
        ))}
      </dl>
      <p className="tabular mt-2 text-[13px] text-dim">
        {t('alsoCounted', { refused: counts.refused, unanswered: counts.unanswered, rejected: counts.rejected })}
      </p>
      {counts.hidden > 0 && (
        <div className="mt-3">
          <Notice tone="info">{t('hiddenNote', { count: counts.hidden })}</Notice>
        </div>
      )}
    </>
  );
}

export function OverTime({ figures }: { readonly figures: ScreeningStatistics }) {
  const t = useText('statistics');
  const locale = useLocale();
  const { periods, step, total } = figures;
  const name = (key: string): string => periodText(key, step, locale);
  const most = Math.max(...periods.map(({ counts }) => counts.screened));
  const label = t('chart', {
    ...{ screened: total.counts.screened, positive: total.counts.positive, most },
    ...{ from: name(periods[0]?.key ?? ''), to: name(periods.at(-1)?.key ?? '') },
  });
  return (
    <Section
      title={t(step === 'DAY' ? 'overTime' : 'overMonths')}
      aside={
        <Legend
          entries={[
            { color: 'color-mix(in srgb, var(--ng-accent) 55%, transparent)', label: t('below') },
            { color: 'var(--ng-amber)', label: t('positive') },
          ]}
        />
      }
    >
      <Bars
        rows={periods}
        label={label}
        titleOf={({ key, counts }) => `${name(key)} \u2192 ${counts.screened} / ${counts.positive}`}
        nameOf={({ key }) => name(key)}
      />
      <PeriodTable figures={figures} name={name} />
    </Section>
  );
}

/** The same as the bars say, in numbers. */
function PeriodTable({ figures: { periods, step }, name }: { figures: ScreeningStatistics; name: (key: string) => string }) {
  const t = useText('statistics');
  return (
    <details className="mt-2">
      <summary className="w-fit py-1 text-[13px] text-accent">{t('asTable')}</summary>
      <Numbers
        label={t(step === 'DAY' ? 'overTime' : 'overMonths')}
        head={[t('period'), ...MAIN_COUNTS.map((key) => t(key))]}
        rows={periods
          .filter(({ counts }) => MAIN_COUNTS.some((key) => counts[key] > 0))
          .map(({ key, counts }) => ({ key, name: name(key), cells: MAIN_COUNTS.map((count) => counts[count]) }))}
      />
    </details>
  );
}

export function Turnarounds({ row }: { readonly row: ScreeningRow }) {
  const t = useText('statistics');
  return (
    <Section title={t('turnaround')}>
      <dl className="grid gap-2">
        {(['receivedToDone', 'doneToValidated'] as const).map((key) => {
          const { n, medianSeconds, p90Seconds } = row[key];
          const [median, p90] = [secondsText(medianSeconds, t), secondsText(p90Seconds, t)];
          return (
            <div key={key} className="flex flex-wrap justify-between gap-x-4">
              <dt className="text-dim">{t(key)}</dt>
              <dd className="tabular">{n === 0 ? `${t('nothing')} (n = 0)` : t('turnaroundOf', { median, p90, n })}</dd>
            </div>
          );
        })}
      </dl>
    </Section>
  );
}

const agreedText = (n: number, { share, low, high }: NonNullable<Rate['rate']>, { t, locale }: Words): string =>
  t('agreed', { share: formatShare(share, locale), low: formatShare(low, locale), high: formatShare(high, locale), n });

const kappaText = (kappa: AgreementOf['kappa'], { t, locale }: Words): string =>
  kappa === null
    ? t('noKappa')
    : t('kappa', {
        value: formatDecimal(kappa.value, locale),
        low: formatDecimal(kappa.low, locale),
        high: formatDecimal(kappa.high, locale),
      });

/** Two who said whether they suspect: how often the same, and beyond chance. */
function Pair({ title, of, first, second }: { title: string; of: AgreementOf; first: string; second: string }) {
  const t = useText('statistics');
  const locale = useLocale();
  const { agreed, kappa } = of;
  const cells = [
    [t('bothSuspect'), of.bothSuspect],
    [first, of.onlyFirst],
    [second, of.onlySecond],
    [t('neither'), of.neither],
  ] as const;
  return (
    <div className="border-t border-line/70 py-3 first:border-0 first:pt-0 last:pb-0">
      <h3 className="font-medium">{title}</h3>
      {agreed.rate === null ? (
        <p className="text-[13px] text-dim">
          {t('nothing')} ({t('nothingCounted')})
        </p>
      ) : (
        <>
          <p className="tabular text-[13px]">
            {agreedText(agreed.of, agreed.rate, { t, locale })} · {kappaText(kappa, { t, locale })}
          </p>
          <dl className="tabular mt-1 flex flex-wrap gap-x-4 gap-y-1 text-[13px] text-dim">
            {cells.map(([name, count]) => (
              <div key={name} className="flex gap-1.5">
                <dt>{name}</dt>
                <dd className="font-medium text-text">{formatNumber(count, locale)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </div>
  );
}

export function Agreements({ row }: { readonly row: ScreeningRow }) {
  const t = useText('statistics');
  const model = { first: t('onlyModel'), second: t('onlyReader') };
  return (
    <Section title={t('agreement')} lead={t('agreementLead')}>
      <Pair title={t('modelAndReader')} of={row.modelAndReader} {...model} />
      <Pair title={t('modelAndBlindReader')} of={row.modelAndBlindReader} {...model} />
      <Pair title={t('readers')} of={row.readers} first={t('onlyFirst')} second={t('onlySecond')} />
    </Section>
  );
}

/** The WHO's target of a triage test. */
const TARGETS = { sensitivity: 0.9, specificity: 0.7 } as const;
const [WIDTH, HEIGHT] = [400, 26];

/** A share as a point on a line from 0 to 1, its interval as a bar, a target as dashes; what it says stands beside it in words. */
const Interval = ({ rate, target }: { rate: NonNullable<Rate['rate']>; target: number }) => (
  <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="w-full overflow-visible" aria-hidden="true">
    <line x1="0" x2={WIDTH} y1={HEIGHT / 2} y2={HEIGHT / 2} stroke="var(--ng-line)" />
    <line x1={target * WIDTH} x2={target * WIDTH} y1="1" y2={HEIGHT - 1} stroke="var(--ng-text-dim)" strokeDasharray="3 3" />
    <line
      x1={rate.low * WIDTH}
      x2={rate.high * WIDTH}
      y1={HEIGHT / 2}
      y2={HEIGHT / 2}
      stroke="var(--ng-accent)"
      strokeWidth="3"
      strokeLinecap="round"
    />
    <circle cx={rate.share * WIDTH} cy={HEIGHT / 2} r="6" fill="var(--ng-accent)" stroke="var(--ng-surface)" strokeWidth="2" />
  </svg>
);

export function AccuracyCard({ figures }: { readonly figures: ScreeningStatistics }) {
  const t = useText('statistics');
  const locale = useLocale();
  const { accuracy } = figures.total;
  return (
    <Section title={t('accuracy')} lead={t('accuracyLead', { reference: t(`reference_${figures.reference}`) })}>
      <dl className="grid gap-3">
        {(['sensitivity', 'specificity'] as const).map((key) => (
          <div key={key}>
            <div className="flex flex-wrap justify-between gap-x-4">
              <dt className="font-medium">{t(key)}</dt>
              <dd className="tabular text-[13px]">{rateText(accuracy[key], { t, locale })}</dd>
            </div>
            {accuracy[key].rate !== null && <Interval rate={accuracy[key].rate} target={TARGETS[key]} />}
          </div>
        ))}
      </dl>
      <p className="mt-2 text-[13px] text-dim">{t('accuracyCaution')}</p>
    </Section>
  );
}
