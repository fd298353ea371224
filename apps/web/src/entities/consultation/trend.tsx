import type { ConsultationLine, VitalSign } from '@negatoscope/contract';
import { formatDate, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { trendOf } from './signs.ts';

const [WIDTH, HEIGHT, MARGIN] = [300, 84, 12];
/** From here on it is fever (NEWS2: above 38). */
const FEVER = 38;

interface Point {
  readonly date: string;
  readonly value: number;
}

/** Fever and weight over time, each as a line; nothing with fewer than two days. */
export function Trends({ lines }: { lines: readonly ConsultationLine[] }) {
  const t = useText('consultations');
  const locale = useLocale();
  const shown = (['temperatureC', 'weightKg'] as const).flatMap((name) => {
    const points = trendOf(lines, name);
    return points.length < 2 ? [] : [{ name, points }];
  });
  if (shown.length === 0) return null;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {shown.map(({ name, points }) => (
        <figure key={name} className="min-w-0">
          <figcaption className="tabular mb-1 text-[13px]">
            <span className="font-medium">
              {t(name === 'weightKg' ? 'weightTrend' : 'temperatureTrend', {
                last: formatNumber(points.at(-1)?.value ?? 0, locale),
              })}
            </span>
            {name === 'weightKg' && <Change points={points} />}
          </figcaption>
          <Line name={name} points={points} />
        </figure>
      ))}
    </div>
  );
}

/** By how much it has changed since the first day, in percent. */
function Change({ points }: { points: readonly Point[] }) {
  const t = useText('consultations');
  const locale = useLocale();
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  const percent = Math.round((last.value / first.value - 1) * 1000) / 10;
  const change = `${percent > 0 ? '+' : percent < 0 ? '−' : ''}${formatNumber(Math.abs(percent), locale)}`;
  return <span className="ml-2 text-dim">{t('change', { change, date: formatDate(first.date, locale) })}</span>;
}

/** Lowest and highest value that is drawn: fever's line always is, and a kilogram is no cliff. */
function rangeOf(name: VitalSign, points: readonly Point[]): [number, number] {
  const values = points.map(({ value }) => value);
  const [least, most] = name === 'temperatureC' ? [36, 39] : [Math.min(...values) - 2, Math.max(...values) + 2];
  return [Math.min(least, ...values), Math.max(most, ...values)];
}

function Line({ name, points }: { name: 'temperatureC' | 'weightKg'; points: readonly Point[] }) {
  const t = useText('consultations');
  const locale = useLocale();
  const times = points.map(({ date }) => Date.parse(date));
  const [start, end] = [Math.min(...times), Math.max(...times)];
  const [least, most] = rangeOf(name, points);
  const x = (date: string): number => MARGIN + ((Date.parse(date) - start) / (end - start || 1)) * (WIDTH - 2 * MARGIN);
  const y = (value: number): number => HEIGHT - MARGIN - ((value - least) / (most - least || 1)) * (HEIGHT - 2 * MARGIN);
  const said = points.map(({ date, value }) => `${formatDate(date, locale)} ${formatNumber(value, locale)} ${t(`unit_${name}`)}`);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className="w-full rounded-lg border border-line bg-bg/40"
      role="img"
      aria-label={`${t(name)}: ${said.join(', ')}`}
    >
      {name === 'temperatureC' && (
        <line x1={MARGIN} x2={WIDTH - MARGIN} y1={y(FEVER)} y2={y(FEVER)} stroke="var(--ng-amber)" strokeDasharray="4 4" />
      )}
      <polyline
        points={points.map(({ date, value }) => `${x(date)},${y(value)}`).join(' ')}
        fill="none"
        stroke="var(--ng-accent)"
        strokeWidth="2"
        strokeLinejoin="round"
      />
      {points.map(({ date, value }, at) => (
        <circle
          key={date}
          cx={x(date)}
          cy={y(value)}
          r="3.5"
          fill={name === 'temperatureC' && value > FEVER ? 'var(--ng-amber)' : 'var(--ng-accent)'}
        >
          <title>{said[at]}</title>
        </circle>
      ))}
    </svg>
  );
}
