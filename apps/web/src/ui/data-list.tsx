// biome-ignore-all lint/a11y/useSemanticElements: a virtual list places its rows itself, which table elements do not allow.
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus goes to rows, not to cells.
import { columnVisibilityFeature, createColumnHelper, type RowData, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useText } from '../i18n/index.ts';
import { Skeleton } from './bits.tsx';
import { cx } from './cx.ts';
import { RowCursor } from './row-cursor.ts';
import { useListKeys } from './use-list-keys.ts';
import { useListPlace } from './use-list-place.ts';
import { useIsPhone, useMedia } from './use-media.ts';

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  /** CSS grid track, e.g. `minmax(160px, 2fr)`. */
  readonly track: string;
  /** The list must be this wide (CSS px) for the column to show. */
  readonly from?: number;
  /** Name of the server's sort field. */
  readonly sort?: string;
  readonly end?: boolean;
  readonly cell: (row: T) => ReactNode;
}
export interface DataListProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowId: (row: T) => string;
  /** Names this list with its filters: one's row and scrolling in it are kept while one is elsewhere. */
  readonly placeKey?: string;
  /** Two lines for phones, in place of the columns. */
  readonly card?: (row: T) => ReactNode;
  readonly total?: number | undefined;
  readonly isLoading?: boolean;
  readonly isPrevious?: boolean;
  readonly hasMore?: boolean;
  readonly onMore?: () => void;
  readonly selectedId?: string | undefined;
  readonly onSelect?: (row: T) => void;
  readonly onOpen?: (row: T) => void;
  readonly onBack?: () => void;
  readonly onHover?: (row: T) => void;
  readonly sort?: string | undefined;
  readonly onSort?: (sort: string) => void;
  readonly empty?: ReactNode;
}

const features = tableFeatures({ columnVisibilityFeature });
const CARD_HEIGHT = 64;
/** A list as narrow as this (CSS px), as on a tablet beside the open sidebar, has no room for columns that can be read. */
const CARDS_BELOW = 640;

/** The direction that a click on a column's title asks for: first ascending, then the other way round. */
export const nextSort = (field: string, current: string | undefined): string => (current === field ? `-${field}` : field);

function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(1200);
  // Before the first picture, so that columns don't come and go.
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}

/** A virtual list of any length in columns: keys, sorting, skeletons of the true shape, more rows as one scrolls. */
export function DataList<T extends RowData>(props: DataListProps<T>) {
  const { rows, rowId, isLoading = false, hasMore = false, onMore } = props;
  const { ref, width } = useWidth();
  const isPhone = useIsPhone();
  // A list beside which a record opens keeps its columns, so that its rows stay where they are.
  const isCards = props.card !== undefined && (isPhone || (width < CARDS_BELOW && props.onSelect === undefined));
  const rowHeight = useMedia('(pointer: coarse)') ? 44 : 36;
  const height = isCards ? CARD_HEIGHT : rowHeight;
  const columns = useMemo(() => {
    const helper = createColumnHelper<typeof features, T>();
    return props.columns.map((column) =>
      helper.display({ id: column.id, header: column.header, cell: ({ row }) => column.cell(row.original) }),
    );
  }, [props.columns]);
  const columnVisibility = useMemo(
    () => Object.fromEntries(props.columns.map((column) => [column.id, width >= (column.from ?? 0)])),
    [props.columns, width],
  );
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({ features, columns, data, getRowId: rowId, state: { columnVisibility } });
  const shown = props.columns.filter((column) => columnVisibility[column.id]);
  const grid = shown.map((column) => column.track).join(' ');
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => ref.current,
    estimateSize: () => height,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height means measuring again.
  useEffect(() => virtual.measure(), [virtual, height]);
  const items = virtual.getVirtualItems();
  const lastIndex = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastIndex >= rows.length - 20) onMore?.();
  }, [hasMore, lastIndex, rows.length, onMore]);
  const { left, keep } = useListPlace({ placeKey: props.placeKey, rows, rowId, rowHeight: height }, ref);
  const selectedId = props.selectedId ?? left?.cursorId;
  const [cursorId, setCursor] = useListKeys({ ...props, selectedId }, ref, height, (index) =>
    virtual.scrollToIndex(index, { align: 'auto' }),
  );
  useLayoutEffect(() => keep(cursorId));
  const models = table.getRowModel().rows;

  return (
    <div
      ref={ref}
      role="grid"
      aria-label={props.label}
      aria-rowcount={Math.max(props.total ?? 0, rows.length) + 1}
      aria-busy={isLoading}
      className={cx(
        'relative min-h-0 flex-1 overflow-auto [overflow-anchor:none] transition-opacity duration-150',
        props.isPrevious === true && 'opacity-60',
      )}
    >
      {!isCards && <HeadRow columns={shown} grid={grid} sort={props.sort} onSort={props.onSort} />}
      {isLoading && <SkeletonRows columns={shown} grid={grid} height={height} isCard={isCards} />}
      {!isLoading && rows.length === 0 && props.empty}
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map((item) => {
          const model = models[item.index];
          const row = rows[item.index];
          if (model === undefined || row === undefined) return null;
          const isCursor = rowId(row) === cursorId;
          const isTabStop = isCursor || (cursorId === undefined && item.index === 0);
          return (
            <div
              key={item.key}
              role="row"
              aria-rowindex={item.index + 2}
              aria-selected={isCursor}
              tabIndex={isTabStop ? 0 : -1}
              data-row={rowId(row)}
              onFocus={(event) => event.target === event.currentTarget && setCursor(rowId(row))}
              onClick={(event) => {
                if (event.target instanceof Element && event.target.closest('button, a, input') !== null) return;
                setCursor(rowId(row));
                (props.onSelect ?? props.onOpen)?.(row);
              }}
              onDoubleClick={() => props.onOpen?.(row)}
              onKeyDown={() => undefined}
              onMouseEnter={() => props.onHover?.(row)}
              className={cx(
                'absolute inset-x-0 top-0 grid items-center gap-x-4 border-b border-line/70 px-4 outline-offset-[-2px]',
                (props.onSelect ?? props.onOpen) !== undefined && 'cursor-pointer',
                isCursor ? 'bg-accent-soft shadow-[inset_2px_0_0_var(--ng-accent)]' : 'hover:bg-surface-2/70',
              )}
              style={{ transform: `translateY(${item.start}px)`, height, gridTemplateColumns: isCards ? '1fr' : grid }}
            >
              <RowCursor value={isTabStop}>
                {isCards ? (
                  <div role="gridcell" className="min-w-0">
                    {props.card?.(row)}
                  </div>
                ) : (
                  model.getVisibleCells().map((cell, index) => (
                    <div
                      key={cell.id}
                      role="gridcell"
                      className={cx('tabular min-w-0 truncate', shown[index]?.end === true && 'text-right')}
                    >
                      <table.FlexRender cell={cell} />
                    </div>
                  ))
                )}
              </RowCursor>
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface HeadProps<T> {
  readonly sort: string | undefined;
  readonly onSort: ((sort: string) => void) | undefined;
  readonly columns: readonly Column<T>[];
  readonly grid: string;
}
function HeadRow<T>({ columns, grid, sort, onSort }: HeadProps<T>) {
  const t = useText('common');
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-10 grid h-9 items-center gap-x-4 border-b border-line bg-bg px-4 text-[12px] font-medium text-dim"
      style={{ gridTemplateColumns: grid }}
    >
      {columns.map((column) => {
        const field = column.sort;
        const ascending = sort === field;
        const isSorted = field !== undefined && (ascending || sort === `-${field}`);
        return (
          <div
            key={column.id}
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
                className={cx(
                  'inline-flex min-h-6 max-w-full items-center gap-1 rounded hover:text-text',
                  isSorted && 'text-text',
                )}
                onClick={() => onSort(nextSort(field, sort))}
              >
                <span className="truncate">{column.header}</span>
                {isSorted && (ascending ? <ArrowUp size={12} aria-hidden="true" /> : <ArrowDown size={12} aria-hidden="true" />)}
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}

const WIDTHS = ['72%', '54%', '64%', '46%', '80%'] as const;
function SkeletonRows<T>({
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

/** The number of results of a list; the server stops counting at some point and says so. */
export function Total({ total, isExact }: { total: number | undefined; isExact: boolean }) {
  const t = useText('common');
  // As wide before as after, so that what stands beside it stays.
  return (
    <output className="tabular min-w-20 text-[13px] whitespace-nowrap text-dim">
      {total !== undefined && (isExact ? t('total', { count: total }) : t('totalMore', { count: total }))}
    </output>
  );
}
