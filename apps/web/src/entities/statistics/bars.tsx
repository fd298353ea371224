import type { ScreeningRow } from '@negatoscope/contract';

const [WIDTH, HEIGHT] = [720, 140];

interface BarsProps {
  readonly rows: readonly ScreeningRow[];
  /** What is seen, in words: the numbers stand in a table below. */
  readonly label: string;
  /** Of one bar, as a pointer finds it. */
  readonly titleOf: (row: ScreeningRow) => string;
  readonly height?: number;
}

/** Examinations by period as bars, the part above the threshold in another colour and with an edge of its own. */
export function Bars({ rows, label, titleOf, height = HEIGHT }: BarsProps) {
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
