import type { ReactNode } from 'react';

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

/** The direction that a click on a column's title asks for: first ascending, then the other way round. */
export const nextSort = (field: string, current: string | undefined): string => (current === field ? `-${field}` : field);
