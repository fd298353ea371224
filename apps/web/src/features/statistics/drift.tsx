import type { ScoreDrift } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { Legend } from '../../entities/statistics/bars.tsx';
import { timeZone } from '../../entities/statistics/queries.ts';
import { formatDecimal, formatShare } from '../../i18n/format.ts';
import { type Locale, useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';
import { Numbers, Section } from './section.tsx';
import { modelOf } from './words.ts';

interface DriftProps {
  /** A model's name and version; undefined where none has answered. */
  readonly model: string | undefined;
  readonly site: string | undefined;
  readonly month: string;
}

/** Whether the month's scores are distributed as those that this model version began with. */
export function Drift({ model, site, month }: DriftProps) {
  const t = useText('statistics');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['statistics', 'drift', { model, site, month }],
    queryFn: ({ signal }) =>
      call('scoreDrift', { query: { ...modelOf(model ?? ''), site, month, timeZone: timeZone() }, signal }),
    enabled: model !== undefined,
  });
  return (
    <Section title={t('drift')} lead={t('driftLead', { where: site === undefined ? '' : t('driftWhere') })}>
      {model === undefined && <p className="text-dim">{t('chooseModel')}</p>}
      {error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
      {model !== undefined && data === undefined && error === null && <Skeleton width="100%" height={90} />}
      {data !== undefined && <Verdict drift={data} />}
    </Section>
  );
}

const SIGNS = {
  TOO_FEW: ['○', 'text-dim'],
  STABLE: ['✓', 'text-accent'],
  WATCH: ['!', 'text-amber'],
  CHANGED: ['!', 'text-danger'],
} as const;

function Verdict({ drift }: { readonly drift: ScoreDrift }) {
  const t = useText('statistics');
  const locale = useLocale();
  const { verdict, measured, baseline, current } = drift;
  const [sign, tone] = SIGNS[verdict];
  const needed = {
    first: drift.firstFilms,
    films: drift.baselineFilms,
    leastBaseline: drift.leastBaseline,
    leastCurrent: drift.leastCurrent,
  };
  return (
    <>
      <p className={`font-semibold ${tone}`}>
        <span aria-hidden="true">{sign}</span> {t(`verdict_${verdict}`)}
      </p>
      <p className="text-[13px]">{t(`verdictText_${verdict}`, { ...needed, baseline, current })}</p>
      {drift.hidden > 0 && <p className="mt-1 text-[13px] text-dim">{t('hiddenNote', { count: drift.hidden })}</p>}
      {measured !== null && (
        <>
          <Histogram drift={measured} />
          <p className="tabular mt-2 text-[13px] text-dim">
            {t('driftMeasures', {
              ks: formatDecimal(measured.ks, locale),
              p: smallText(measured.p, locale),
              psi: formatDecimal(measured.psi, locale),
              chance: formatDecimal(measured.psiByChance, locale),
              baseline,
              current,
            })}
          </p>
        </>
      )}
    </>
  );
}

/** Chance is never none. */
const smallText = (p: number, locale: Locale): string =>
  p < 0.001 ? `< ${formatDecimal(0.001, locale, 3)}` : formatDecimal(p, locale, 3);

const [WIDTH, HEIGHT] = [480, 130];
const STEP = WIDTH / 10;

/** Shares of a tenth, how high they stand and where. */
function barsOf({ baselineShares, currentShares }: NonNullable<ScoreDrift['measured']>) {
  const most = Math.max(...baselineShares, ...currentShares);
  const scale = (value: number): number => (value / most) * (HEIGHT - 4);
  return baselineShares.map((before, at) => {
    const now = currentShares[at] ?? 0;
    return { before, now, heights: [scale(before), scale(now)] as const, left: at * STEP };
  });
}

/** Bars of both, side by side. */
function Shares({
  drift,
  tenth,
}: {
  readonly drift: NonNullable<ScoreDrift['measured']>;
  readonly tenth: (at: number) => string;
}) {
  const t = useText('statistics');
  const locale = useLocale();
  const said = (shares: readonly number[]): string => shares.map((one) => formatShare(one, locale)).join(', ');
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className="w-full"
      role="img"
      aria-label={t('driftChart', { baseline: said(drift.baselineShares), current: said(drift.currentShares) })}
    >
      <line x1="0" x2={WIDTH} y1={HEIGHT - 1} y2={HEIGHT - 1} stroke="var(--ng-line-strong)" />
      {barsOf(drift).map(({ before, now, heights: [a, b], left }, at) => (
        <g key={tenth(at)}>
          <title>{`${tenth(at)} \u2192 ${formatShare(before, locale)} / ${formatShare(now, locale)}`}</title>
          <rect x={left + 5} y={HEIGHT - 1 - a} width={STEP / 2 - 6} height={a} fill="var(--ng-text-dim)" opacity=".7" />
          <rect x={left + STEP / 2 + 1} y={HEIGHT - 1 - b} width={STEP / 2 - 6} height={b} fill="var(--ng-accent)" />
        </g>
      ))}
    </svg>
  );
}

/** The shares of both by tenths of the score, side by side. */
function Histogram({ drift }: { readonly drift: NonNullable<ScoreDrift['measured']> }) {
  const t = useText('statistics');
  const locale = useLocale();
  const { baselineShares, currentShares } = drift;
  const tenth = (at: number): string => `${formatDecimal(at / 10, locale, 1)}–${formatDecimal((at + 1) / 10, locale, 1)}`;
  return (
    <figure className="mt-3 max-w-2xl">
      <Shares drift={drift} tenth={tenth} />
      <figcaption className="mt-1 flex flex-wrap justify-between gap-2">
        <Legend
          entries={[
            { color: 'var(--ng-text-dim)', label: t('baseline') },
            { color: 'var(--ng-accent)', label: t('thisMonth') },
          ]}
        />
        <span className="tabular text-[12px] text-dim">{t('score')} 0 → 1</span>
      </figcaption>
      <details className="mt-1">
        <summary className="w-fit py-1 text-[13px] text-accent">{t('asTable')}</summary>
        <Numbers
          label={t('drift')}
          head={[t('score'), t('baseline'), t('thisMonth')]}
          rows={baselineShares.map((before, at) => ({
            ...{ key: tenth(at), name: tenth(at) },
            cells: [formatShare(before, locale), formatShare(currentShares[at] ?? 0, locale)],
          }))}
        />
      </details>
    </figure>
  );
}
