import { useId, useState } from 'react';
import { useText } from '../../i18n/index.ts';

/** One part of each bar. */
export interface Part {
  readonly name: string;
  readonly color: string;
  /** What tells it apart without its colour. */
  readonly hatch?: 'lines' | 'dots';
}
export const PARTS: readonly Pick<Part, 'color' | 'hatch'>[] = [
  { color: 'var(--ng-accent)' },
  { color: 'var(--ng-info)', hatch: 'lines' },
  { color: 'var(--ng-amber)', hatch: 'dots' },
  { color: 'var(--ng-line-strong)' },
];

export interface Bar {
  readonly key: string;
  /** Of the period. */
  readonly name: string;
  /** How much of each part. */
  readonly values: readonly number[];
  /** In words. */
  readonly said: string;
}

const [WIDTH, HEIGHT] = [720, 150];
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

interface ChartProps {
  readonly bars: readonly Bar[];
  readonly parts: readonly Part[];
  /** What is seen, in words: the numbers stand in a table below. */
  readonly label: string;
  readonly format: (value: number) => string;
  /** Parts are laid one upon another; otherwise each is drawn from the bottom, the widest first. */
  readonly isStacked?: boolean;
}

/** Bars by period with their axes. A slider below them, by key and by touch, says what the chosen one holds. */
export function PeriodChart({ bars, parts, label, format, isStacked = true }: ChartProps) {
  const t = useText('activity');
  const [at, setAt] = useState(bars.length - 1);
  const chosen = Math.min(at, bars.length - 1);
  const bar = bars[chosen];
  const most = Math.max(1, ...bars.map(({ values }) => (isStacked ? sum(values) : Math.max(0, ...values))));
  const said = bar === undefined ? '' : t('chosenAt', { period: bar.name, values: bar.said });
  return (
    <div>
      <div className="grid grid-cols-[auto_1fr] gap-x-2 text-[12px] text-dim">
        <div className="tabular flex flex-col justify-between text-right leading-none">
          <span>{format(most)}</span>
          <span>{format(0)}</span>
        </div>
        <Drawing {...{ bars, parts, label, isStacked, most, chosen }} onChoose={setAt} />
        {bars.length > 1 && (
          <input
            type="range"
            min={0}
            max={bars.length - 1}
            value={chosen}
            aria-label={t('chosen')}
            aria-valuetext={said}
            onChange={(event) => setAt(Number(event.target.value))}
            className="ng-slider col-start-2 h-6 w-full coarse:h-10 print:hidden"
          />
        )}
        <div className="tabular col-start-2 flex justify-between gap-2">
          <span>{bars[0]?.name}</span>
          {bars.length > 1 && <span className="text-right">{bars.at(-1)?.name}</span>}
        </div>
      </div>
      <p aria-hidden="true" className="tabular mt-1 min-h-5 text-[13px]">
        {said}
      </p>
    </div>
  );
}

interface DrawingProps extends Pick<ChartProps, 'bars' | 'parts' | 'label'> {
  readonly isStacked: boolean;
  readonly most: number;
  readonly chosen: number;
  readonly onChoose: (at: number) => void;
}

function Drawing({ bars, parts, label, isStacked, most, chosen, onChoose }: DrawingProps) {
  const id = useId();
  const step = WIDTH / Math.max(1, bars.length);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className="h-40 w-full 4k:h-72"
      role="img"
      aria-label={label}
      preserveAspectRatio="none"
    >
      <Hatches id={id} parts={parts} />
      <line x1="0" x2={WIDTH} y1={HEIGHT - 1} y2={HEIGHT - 1} stroke="var(--ng-line-strong)" />
      {bars.map((bar, at) => (
        <g key={bar.key} onPointerEnter={() => onChoose(at)} onPointerDown={() => onChoose(at)}>
          <title>{`${bar.name}\u00a0: ${bar.said}`}</title>
          <rect x={at * step} y="0" width={step} height={HEIGHT} fill={at === chosen ? 'var(--ng-surface-2)' : 'transparent'} />
          {rectsOf(bar, { step, x: at * step, most, isStacked }).map(({ part, ...rect }) => (
            <g key={part}>
              <rect {...rect} fill={parts[part]?.color} />
              {parts[part]?.hatch !== undefined && <rect {...rect} fill={`url(#${id}${parts[part].hatch})`} />}
            </g>
          ))}
        </g>
      ))}
    </svg>
  );
}

interface Scale {
  readonly step: number;
  readonly x: number;
  readonly most: number;
  readonly isStacked: boolean;
}
/** Where the parts of a bar are; those behind another in a narrower one. */
function rectsOf({ values }: Bar, { step, x, most, isStacked }: Scale) {
  const height = (value: number): number => (value / most) * (HEIGHT - 6);
  return values.flatMap((value, part) => {
    if (value <= 0) return [];
    const below = isStacked ? height(sum(values.slice(0, part))) : 0;
    const width = Math.min(56, Math.max(0.5, step * 0.78)) * (isStacked ? 1 : 1 - 0.45 * part);
    return [{ part, x: x + (step - width) / 2, y: HEIGHT - 1 - below - height(value), width, height: height(value) }];
  });
}

const Hatches = ({ id, parts }: { readonly id: string; readonly parts: readonly Part[] }) => (
  <defs>
    {parts.some(({ hatch }) => hatch === 'lines') && (
      <pattern id={`${id}lines`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line x1="0" y1="0" x2="0" y2="6" stroke="var(--ng-surface)" strokeWidth="2.4" />
      </pattern>
    )}
    {parts.some(({ hatch }) => hatch === 'dots') && (
      <pattern id={`${id}dots`} width="6" height="6" patternUnits="userSpaceOnUse">
        <circle cx="3" cy="3" r="1.5" fill="var(--ng-surface)" />
      </pattern>
    )}
  </defs>
);

/** What the colours and hatches of the bars mean, in the order in which they lie upon each other. */
export function PartLegend({ parts }: { readonly parts: readonly Part[] }) {
  const id = useId();
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-[13px] text-dim">
      {parts.map((part) => (
        <li key={part.name} className="flex items-center gap-1.5">
          <svg viewBox="0 0 12 12" className="size-3 rounded-[3px]" aria-hidden="true">
            <Hatches id={id} parts={[part]} />
            <rect width="12" height="12" fill={part.color} />
            {part.hatch !== undefined && <rect width="12" height="12" fill={`url(#${id}${part.hatch})`} />}
          </svg>
          {part.name}
        </li>
      ))}
    </ul>
  );
}

interface RankedProps {
  readonly rows: readonly { readonly key: string; readonly name: string; readonly value: number; readonly isRest?: boolean }[];
  readonly format: (value: number) => string;
  readonly label: string;
  readonly head: readonly [string, string];
  /** Names are codes of a few letters. */
  readonly isNarrow?: boolean;
}
/** A table whose numbers are drawn as bars beside them, the largest first. */
export function Ranked({ rows, format, label, head, isNarrow = false }: RankedProps) {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  return (
    <table aria-label={label} className="w-full table-fixed text-[13px]">
      <thead className="sr-only">
        <tr>
          <th scope="col">{head[0]}</th>
          <th scope="col">{head[1]}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, value, isRest }) => (
          <tr key={key}>
            <th
              scope="row"
              title={name}
              className={`${isNarrow ? 'w-20' : 'w-2/5 lg:w-56'} truncate py-1 pr-3 text-left ${isRest ? 'font-normal text-dim' : 'font-medium'}`}
            >
              {name}
            </th>
            <td className="py-1">
              <span className="flex items-center gap-2">
                <span
                  aria-hidden="true"
                  className={`h-2.5 min-w-px rounded-[3px] ${isRest ? 'bg-line-strong' : 'bg-accent'}`}
                  style={{ width: `calc((100% - 4.5rem) * ${value / most})` }}
                />
                <span className="tabular shrink-0">{format(value)}</span>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
