import { EqualNot } from 'lucide-react';
import { useText } from '../i18n/index.ts';
import { textOfFile } from '../i18n/text-of-file.ts';
import { cx } from './cx.ts';

export interface CompareRow {
  readonly label: string;
  readonly left: string;
  readonly right: string;
  readonly mono?: boolean;
  /** Differs by nature, such as the time of arrival: not worth a mark. */
  readonly isPlain?: boolean;
}

/** Two sides of one thing, differences marked by colour and by a sign that is read aloud. */
export function Compare({ left, right, rows }: { left: string; right: string; rows: readonly CompareRow[] }) {
  return (
    <div className="@container overflow-x-auto">
      <table className="w-full table-fixed text-left">
        <thead>
          <tr className="text-[12px] text-dim">
            <td className="w-24 @lg:w-40" />
            <th className="px-1.5 py-1.5 font-medium sm:px-3">{left}</th>
            <th className="px-1.5 py-1.5 font-medium sm:px-3">{right}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line key={row.label} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ row }: { row: CompareRow }) {
  const t = useText('common');
  const differs = row.left !== row.right && row.isPlain !== true;
  return (
    <tr className="border-t border-line/70">
      <th className="py-1.5 pr-2 text-[13px] font-normal break-words text-dim hyphens-auto">{row.label}</th>
      {[row.left, row.right].map((value, side) => (
        <td
          key={side === 0 ? 'left' : 'right'}
          className={cx(
            'px-1.5 py-1.5 text-[13px] sm:px-3 sm:text-sm',
            differs && 'bg-amber/10',
            row.mono === true ? 'font-mono text-[12px] break-all' : 'break-words hyphens-auto',
          )}
        >
          {differs && side === 1 && (
            <EqualNot size={14} className="mr-1.5 inline text-amber" role="img" aria-label={t('differs')} />
          )}
          {textOfFile(value) || <span className="text-dim">–</span>}
        </td>
      ))}
    </tr>
  );
}
