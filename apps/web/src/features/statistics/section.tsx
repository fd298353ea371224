import type { ReactNode } from 'react';
import { useMedia } from '../../ui/use-media.ts';

interface SectionProps {
  readonly title: string;
  readonly lead?: string | undefined;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}
/** A card with a heading of its own. */
export const Section = ({ title, lead, aside, children }: SectionProps) => (
  <section aria-label={title} className="ng-card min-w-0 p-4">
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <h2 className="font-semibold">{title}</h2>
      {aside}
    </div>
    {lead !== undefined && <p className="mt-1 text-[13px] text-dim">{lead}</p>}
    <div className="mt-3">{children}</div>
  </section>
);

interface TableProps {
  readonly label: string;
  readonly head: readonly string[];
  readonly rows: readonly { readonly key: string; readonly name: string; readonly cells: readonly ReactNode[] }[];
}
/** Where a table of many columns has no room beside the open menu. */
const NARROW = '(max-width: 899px)';

/** A table of numbers; of many columns where there is room for them, or else each row by itself. */
export const Numbers = (props: TableProps) => {
  const isNarrow = useMedia(NARROW);
  return isNarrow && props.head.length > 5 ? <ByName {...props} /> : <Table {...props} />;
};

/** Each row with its numbers below their titles. */
const ByName = ({ label, head, rows }: TableProps) => (
  <ul aria-label={label} className="flex flex-col divide-y divide-line rounded-lg border border-line text-[13px]">
    {rows.map(({ key, name, cells }) => (
      <li key={key} className="px-3 py-2.5">
        <p className="mb-1.5 font-medium break-words">{name}</p>
        <dl className="grid grid-cols-[repeat(auto-fill,minmax(5.5rem,1fr))] gap-x-3 gap-y-1.5">
          {cells.map((cell, at) => (
            <div key={head[at + 1]}>
              <dt className="text-dim">{head[at + 1]}</dt>
              <dd className="tabular">{cell}</dd>
            </div>
          ))}
        </dl>
      </li>
    ))}
  </ul>
);

/** Where it has no room it scrolls by itself, by keyboard too. */
const Table = ({ label, head, rows }: TableProps) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard (WCAG 2.1.1).
  <section aria-label={label} tabIndex={0} className="relative max-w-full overflow-x-auto rounded-lg border border-line">
    <table className="w-full border-collapse text-[13px]">
      <thead>
        <tr className="border-b border-line text-dim">
          {head.map((title, at) => (
            <th key={title} scope="col" className={`px-2 py-2 lg:px-3 font-medium ${at === 0 ? 'text-left' : 'text-right'}`}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, cells }) => (
          <tr key={key} className="border-b border-line/70 last:border-0">
            <th scope="row" className="max-w-60 px-2 py-2 lg:px-3 text-left font-medium break-words">
              {name}
            </th>
            {cells.map((cell, at) => (
              <td key={head[at + 1]} className="px-2 py-2 lg:px-3 text-right whitespace-nowrap">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
