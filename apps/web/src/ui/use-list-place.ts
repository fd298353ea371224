import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

interface Place {
  readonly cursorId: string | undefined;
  readonly offset: number;
}
/** Where one was in each list, by its key, until the page is reloaded. */
const places = new Map<string, Place>();

/** As after a reload: every list begins at its top. */
export const forgetPlaces = (): void => places.clear();

interface PlacedList<T> {
  /** Which list with which filters this is; without it nothing is kept. */
  readonly placeKey: string | undefined;
  readonly rows: readonly T[];
  readonly rowId: (row: T) => string;
  readonly rowHeight: number;
}

/** How far rows that came in or went above the first visible row moved it, px; 0 when that row is gone or nothing lies above it. */
export function shiftOf(before: readonly string[], now: readonly string[], offset: number, rowHeight: number): number {
  const first = Math.floor(offset / rowHeight);
  const id = before[first];
  const place = id === undefined ? -1 : now.indexOf(id);
  return place === -1 ? 0 : (place - first) * rowHeight;
}

/**
 * Keeps one's place in a list: coming back finds the row and the scrolling that one left, and rows that arrive while one looks don't move
 * what is under the eye or the pointer. At the top of a list that nobody points at, new rows show.
 */
export function useListPlace<T>(
  { placeKey, rows, rowId, rowHeight }: PlacedList<T>,
  container: RefObject<HTMLElement | null>,
): { readonly left: Place | undefined; readonly keep: (cursorId: string | undefined) => void } {
  const [left] = useState(() => (placeKey === undefined ? undefined : places.get(placeKey)));
  const cursor = useRef(left?.cursorId);
  const last = useRef<{ readonly key: string; readonly ids: readonly string[] } | undefined>(undefined);

  useLayoutEffect(() => {
    const element = container.current;
    if (element === null || placeKey === undefined || rows.length === 0) return;
    const ids = rows.map(rowId);
    const before = last.current;
    last.current = { key: placeKey, ids };
    if (before === undefined) {
      element.scrollTop = left?.offset ?? 0;
    } else if (before.key === placeKey && (element.scrollTop > 0 || cursor.current !== undefined || element.matches(':hover'))) {
      element.scrollTop += shiftOf(before.ids, ids, element.scrollTop, rowHeight);
    }
  }, [container, left, placeKey, rows, rowId, rowHeight]);

  useLayoutEffect(() => {
    const element = container.current;
    return () => {
      if (placeKey !== undefined && element !== null)
        places.set(placeKey, { cursorId: cursor.current, offset: element.scrollTop });
    };
  }, [container, placeKey]);

  return {
    left,
    keep: (cursorId) => {
      cursor.current = cursorId;
    },
  };
}
