import type { ListViewContent } from '@negatoscope/contract';
import type { Column } from '../../../ui/column.ts';

export type Layout = NonNullable<ListViewContent['columns']>;

/** The columns of a layout in its order, those with a width of their own that wide; one that nobody knows any more is passed over, and a list without any has all. */
export function laidOut<T>(all: readonly Column<T>[], first: readonly string[], layout: Layout | null): readonly Column<T>[] {
  const byId = new Map(all.map((column) => [column.id, column]));
  const wanted: Layout = layout ?? first.map((id) => ({ id }));
  const columns = wanted.flatMap(({ id, width }): Column<T>[] => {
    const column = byId.get(id);
    if (column === undefined) return [];
    // What somebody has chosen shows wherever it has room at all.
    return [width === undefined ? column : { ...column, track: `${width}px` }];
  });
  return columns.length > 0 ? columns : laidOut(all, first, null);
}

/** A layout with a column moved by one place. */
export function moved(layout: Layout, id: string, by: -1 | 1): Layout {
  const from = layout.findIndex((column) => column.id === id);
  const [to, one] = [from + by, layout[from]];
  if (one === undefined || to < 0 || to >= layout.length) return layout;
  const others = layout.filter((column) => column.id !== id);
  return [...others.slice(0, to), one, ...others.slice(to)];
}

/** A layout with a column that shows, at the end, or does not. */
export const withColumn = (layout: Layout, id: string, isShown: boolean): Layout =>
  isShown ? [...layout.filter((column) => column.id !== id), { id }] : layout.filter((column) => column.id !== id);

export const withWidth = (layout: Layout, id: string, width: number | undefined): Layout =>
  layout.map((column) => (column.id !== id ? column : width === undefined ? { id } : { id, width }));
