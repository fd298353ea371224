// biome-ignore-all lint/a11y/useSemanticElements: a virtual list places its rows itself, which table elements do not allow.
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus goes to rows, not to cells.
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ComponentType, ReactNode } from 'react';
import { useText } from '../i18n/index.ts';
import { Skeleton } from './bits.tsx';
import { type Column, nextSort } from './column.ts';
import { cx } from './cx.ts';
import { RowCursor } from './row-cursor.ts';

interface HeadProps<T> {
  readonly sort: string | undefined;
  readonly onSort: ((sort: string) => void) | undefined;
  readonly columns: readonly Column<T>[];
  readonly grid: string;
}
/** The columns' titles, which sort. */
export function HeadRow<T>({ columns, grid, sort, onSort }: HeadProps<T>) {
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-10 grid h-9 items-center gap-x-4 border-b border-line bg-bg px-4 text-[12px] font-medium text-dim"
      style={{ gridTemplateColumns: grid }}
    >
      {columns.map((column) => (
        <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />
      ))}
    </div>
  );
}

function HeadCell<T>({ column, sort, onSort }: Pick<HeadProps<T>, 'sort' | 'onSort'> & { readonly column: Column<T> }) {
  const t = useText('common');
  const field = column.sort;
  const ascending = sort === field;
  const isSorted = field !== undefined && (ascending || sort === `-${field}`);
  return (
    <div
      role="columnheader"
      tabIndex={-1}
      aria-sort={isSorted ? (ascending ? 'ascending' : 'descending') : undefined}
      className={cx('min-w-0 truncate', column.end === true && 'text-right')}
    >
      {field === undefined || onSort === undefined ? (
        column.header
      ) : (
        <button
          type="button"
          title={t('sort', { column: column.header })}
          className={cx('inline-flex min-h-6 max-w-full items-center gap-1 rounded hover:text-text', isSorted && 'text-text')}
          onClick={() => onSort(nextSort(field, sort))}
        >
          <span className="truncate">{column.header}</span>
          {isSorted && (ascending ? <ArrowUp size={12} aria-hidden="true" /> : <ArrowDown size={12} aria-hidden="true" />)}
        </button>
      )}
    </div>
  );
}

const WIDTHS = ['72%', '54%', '64%', '46%', '80%'] as const;
/** Rows that are on their way. */
export function SkeletonRows<T>({
  columns,
  grid,
  height,
  isCard,
}: {
  columns: readonly Column<T>[];
  grid: string;
  height: number;
  isCard: boolean;
}) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: 20 }, (_, row) => (
        <div
          key={WIDTHS[row % 5] + String(row)}
          className="grid items-center gap-x-4 border-b border-line/70 px-4"
          style={{ height, gridTemplateColumns: isCard ? '1fr' : grid }}
        >
          {(isCard ? columns.slice(0, 1) : columns).map((column, index) => (
            <Skeleton key={column.id} width={WIDTHS[(row + index) % 5] ?? '60%'} />
          ))}
        </div>
      ))}
    </div>
  );
}

interface RowProps<T> {
  readonly list: {
    readonly rowId: (row: T) => string;
    readonly onSelect?: (row: T) => void;
    readonly onOpen?: (row: T) => void;
    readonly onHover?: (row: T) => void;
    readonly changed?: ReadonlySet<string>;
  };
  readonly row: T;
  /** Where the row stands: its number, its distance from the top and its height in px, the tracks of its cells. */
  readonly place: { readonly index: number; readonly start: number; readonly height: number; readonly grid: string };
  readonly cursorId: string | undefined;
  readonly setCursor: (id: string) => void;
  readonly children: ReactNode;
}
/** One row: a click selects it, two open it. */
export function Row<T>({ list, row, place, cursorId, setCursor, children }: RowProps<T>) {
  const id = list.rowId(row);
  const choose = list.onSelect ?? list.onOpen;
  const isCursor = id === cursorId;
  const isTabStop = isCursor || (cursorId === undefined && place.index === 0);
  return (
    <div
      role="row"
      aria-rowindex={place.index + 2}
      aria-selected={isCursor}
      tabIndex={isTabStop ? 0 : -1}
      data-row={id}
      onFocus={(event) => event.target === event.currentTarget && setCursor(id)}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest('button, a, input') !== null) return;
        setCursor(id);
        choose?.(row);
      }}
      onDoubleClick={() => list.onOpen?.(row)}
      // The second of two clicks would mark a word, and what opens would stand there with letters marked.
      onMouseDown={(event) => event.detail > 1 && event.preventDefault()}
      onKeyDown={() => undefined}
      onMouseEnter={() => list.onHover?.(row)}
      className={cx(
        'absolute inset-x-0 top-0 grid items-center gap-x-4 border-b border-line/70 px-4 outline-offset-[-2px]',
        choose !== undefined && 'cursor-pointer',
        list.changed?.has(id) === true && 'ng-told',
        isCursor ? 'bg-accent-soft shadow-[inset_2px_0_0_var(--ng-accent)]' : 'hover:bg-surface-2/70',
      )}
      style={{ transform: `translateY(${place.start}px)`, height: place.height, gridTemplateColumns: place.grid }}
    >
      <RowCursor value={isTabStop}>{children}</RowCursor>
    </div>
  );
}

/** The one cell of a row that is a card. */
export const CardCell = ({ children }: { readonly children: ReactNode }) => (
  <div role="gridcell" className="min-w-0">
    {children}
  </div>
);

/** The cells of a row, one for each column that has room; `Content` draws what is in one. */
export function cellsOf<C extends { readonly id: string }>(
  row: { getVisibleCells(): readonly C[] },
  columns: readonly { readonly end?: boolean }[],
  Content: ComponentType<{ cell: C }>,
): ReactNode {
  return row.getVisibleCells().map((cell, index) => (
    <div key={cell.id} role="gridcell" className={cx('tabular min-w-0 truncate', columns[index]?.end === true && 'text-right')}>
      <Content cell={cell} />
    </div>
  ));
}
