// biome-ignore-all lint/a11y/useSemanticElements: a virtual list places its rows itself, which table elements do not allow.
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus goes to rows, not to the list.
import { columnVisibilityFeature, createColumnHelper, type RowData, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useText } from '../i18n/index.ts';
import type { Column } from './column.ts';
import { cx } from './cx.ts';
import { CardCell, cellsOf, HeadRow, Row, SkeletonRows } from './data-list-parts.tsx';
import { useListKeys } from './use-list-keys.ts';
import { useListPlace } from './use-list-place.ts';
import { useIsPhone, useMedia } from './use-media.ts';

export interface DataListProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowId: (row: T) => string;
  /** Names this list with its filters: one's row and scrolling in it are kept while one is elsewhere. */
  readonly placeKey?: string;
  /** Two lines for phones, in place of the columns. */
  readonly card?: (row: T) => ReactNode;
  /** Of each card, px. */
  readonly cardHeight?: number;
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
  readonly onLetter?: (letter: string, row: T | undefined) => boolean;
  /** The element that scrolls. */
  readonly gridRef?: RefObject<HTMLDivElement | null>;
  /** Rows that have just changed where they stand: told by a colour that fades. */
  readonly changed?: ReadonlySet<string>;
  readonly sort?: string | undefined;
  readonly onSort?: (sort: string) => void;
  readonly empty?: ReactNode;
}

const features = tableFeatures({ columnVisibilityFeature });
const CARD_HEIGHT = 64;
/** A list as narrow as this (CSS px), as on a tablet beside the open sidebar, has no room for columns that can be read. */
const CARDS_BELOW = 640;

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

/** Cards where there is no room for columns that can be read, and the height of a row, px. */
function useRowShape<T>(
  { card, cardHeight = CARD_HEIGHT, onSelect }: DataListProps<T>,
  width: number,
): { isCards: boolean; height: number } {
  const isPhone = useIsPhone();
  // A list beside which a record opens keeps its columns, so that its rows stay where they are.
  const isCards = card !== undefined && (isPhone || (width < CARDS_BELOW && onSelect === undefined));
  const rowHeight = useMedia('(pointer: coarse)') ? 44 : 36;
  return { isCards, height: isCards ? cardHeight : rowHeight };
}

/** The rows' cells as the table library gives them, and the columns that have room in the list's width. */
function useCells<T extends RowData>({ columns, rows, rowId }: DataListProps<T>, width: number) {
  const displayed = useMemo(() => {
    const helper = createColumnHelper<typeof features, T>();
    return columns.map((column) =>
      helper.display({ id: column.id, header: column.header, cell: ({ row }) => column.cell(row.original) }),
    );
  }, [columns]);
  const columnVisibility = useMemo(
    () => Object.fromEntries(columns.map((column) => [column.id, width >= (column.from ?? 0)])),
    [columns, width],
  );
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({ features, columns: displayed, data, getRowId: rowId, state: { columnVisibility } });
  const shown = columns.filter((column) => columnVisibility[column.id]);
  return { table, shown, grid: shown.map((column) => column.track).join(' ') };
}

type ListElement = RefObject<HTMLDivElement | null>;

/** The rows that are near what one sees; asks for more before the last of them. */
function useVirtualRows<T>({ rows, hasMore = false, onMore }: DataListProps<T>, ref: ListElement, height: number) {
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
  return { virtual, items };
}

/** The row that the keys act upon: the one given, or the one where this list was left. */
function useCursor<T>(props: DataListProps<T>, ref: ListElement, height: number, scrollTo: (index: number) => void) {
  const { placeKey, rows, rowId } = props;
  const { left, keep } = useListPlace({ placeKey, rows, rowId, rowHeight: height }, ref);
  const selectedId = props.selectedId ?? left?.cursorId;
  const [cursorId, setCursor] = useListKeys({ ...props, selectedId }, ref, height, scrollTo);
  useLayoutEffect(() => keep(cursorId));
  return { cursorId, setCursor };
}

/** Tells the list's element to who asked for it. */
function useGivenRef(given: ListElement | undefined, ref: ListElement): void {
  useLayoutEffect(() => {
    if (given !== undefined) given.current = ref.current;
  });
}

/** A virtual list of any length in columns: keys, sorting, skeletons of the true shape, more rows as one scrolls. */
export function DataList<T extends RowData>(props: DataListProps<T>) {
  const { rows, isLoading = false } = props;
  const { ref, width } = useWidth();
  const { isCards, height } = useRowShape(props, width);
  const { table, shown, grid } = useCells(props, width);
  const { virtual, items } = useVirtualRows(props, ref, height);
  const { cursorId, setCursor } = useCursor(props, ref, height, (index) => virtual.scrollToIndex(index, { align: 'auto' }));
  const models = table.getRowModel().rows;
  useGivenRef(props.gridRef, ref);
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
        {items.map(({ key, index, start }) => {
          const model = models[index];
          const row = rows[index];
          if (model === undefined || row === undefined) return null;
          const place = { index, start, height, grid: isCards ? '1fr' : grid };
          return (
            <Row key={key} list={props} {...{ row, place, cursorId, setCursor }}>
              {isCards ? <CardCell>{props.card?.(row)}</CardCell> : cellsOf(model, shown, table.FlexRender)}
            </Row>
          );
        })}
      </div>
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
