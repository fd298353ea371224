import type { ScreeningRow } from '@negatoscope/contract';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale } from '../../i18n/index.ts';

const [WIDTH, HEIGHT] = [720, 140];

interface BarsProps {
  readonly rows: readonly ScreeningRow[];
  /** What is seen, in words: the numbers stand in a table below. */
  readonly label: string;
  /** Of one bar, as a pointer finds it. */
  readonly titleOf: (row: ScreeningRow) => string;
  /** Of one period, below the bars. */
  readonly nameOf: (row: ScreeningRow) => string;
  readonly height?: number;
}

/** The first, the middle and the last of them; each once. */
const marksOf = <T,>(rows: readonly T[]): T[] => [
  ...new Set([rows[0], rows[Math.floor((rows.length - 1) / 2)], rows.at(-1)].filter((row) => row !== undefined)),
];

/** Examinations by period as bars with their axes, the part above the threshold in another colour. */
export function Bars({ nameOf, ...bars }: BarsProps) {
  const locale = useLocale();
  const { rows } = bars;
  const most = Math.max(1, ...rows.map(({ counts }) => counts.screened));
  return (
    <div className="grid grid-cols-[auto_1fr] gap-x-2 text-[12px] text-dim">
      <div className="tabular flex flex-col justify-between text-right leading-none">
        <span>{formatNumber(most, locale)}</span>
        <span>{formatNumber(0, locale)}</span>
      </div>
      <Drawing {...bars} />
      <div className="tabular col-start-2 mt-1 flex justify-between gap-2">
        {marksOf(rows).map((row) => (
          <span key={row.key}>{nameOf(row)}</span>
        ))}
      </div>
    </div>
  );
}

function Drawing({ rows, label, titleOf, height = HEIGHT }: Omit<BarsProps, 'nameOf'>) {
  const most = Math.max(1, ...rows.map(({ counts }) => counts.screened));
  const step = WIDTH / Math.max(1, rows.length);
  const width = Math.max(1, step * 0.72);
  const scale = (count: number): number => (count / most) * (height - 6);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${height}`} className="w-full" role="img" aria-label={label} preserveAspectRatio="none">
      <line x1="0" x2={WIDTH} y1={height - 1} y2={height - 1} stroke="var(--ng-line-strong)" />
      {rows.map((row, at) => {
        const [all, above] = [scale(row.counts.screened), scale(row.counts.positive)];
        const x = at * step + (step - width) / 2;
        return (
          <g key={row.key}>
            <title>{titleOf(row)}</title>
            <rect x={at * step} y="0" width={step} height={height} fill="transparent" />
            <rect x={x} y={height - 1 - all} width={width} height={all} fill="var(--ng-accent)" opacity=".55" />
            <rect x={x} y={height - 1 - above} width={width} height={above} fill="var(--ng-amber)" />
          </g>
        );
      })}
    </svg>
  );
}

/** What the colours of the bars mean. */
export const Legend = ({ entries }: { readonly entries: readonly { readonly color: string; readonly label: string }[] }) => (
  <ul className="flex flex-wrap gap-x-4 gap-y-1 text-[13px] text-dim">
    {entries.map(({ color, label }) => (
      <li key={label} className="flex items-center gap-1.5">
        <span aria-hidden="true" className="inline-block size-2.5 rounded-[3px]" style={{ background: color }} />
        {label}
      </li>
    ))}
  </ul>
);
