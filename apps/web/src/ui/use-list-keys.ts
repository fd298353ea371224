import { type RefObject, useEffect, useRef, useState } from 'react';
import { isCovered, isTyping, listAction, moveCursor } from './keys.ts';

interface ListOfRows<T> {
  readonly rows: readonly T[];
  readonly rowId: (row: T) => string;
  readonly selectedId?: string | undefined;
  readonly onSelect?: (row: T) => void;
  readonly onOpen?: (row: T) => void;
  readonly onBack?: () => void;
  readonly onHover?: (row: T) => void;
}

/**
 * The cursor of a list and its keys, which work wherever the focus is unless it is in a field, a dialog or a menu.
 * Arrow keys go down from the search field above too.
 */
export function useListKeys<T>(
  list: ListOfRows<T>,
  container: RefObject<HTMLElement | null>,
  rowHeight: number,
  scrollTo: (index: number) => void,
): [string | undefined, (id: string) => void] {
  const [cursorId, setCursorId] = useState(list.selectedId);
  const latest = useRef({ list, cursorId, scrollTo });
  latest.current = { list, cursorId, scrollTo };
  useEffect(() => setCursorId(list.selectedId), [list.selectedId]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const action = listAction(event);
      const { list: now, cursorId: id, scrollTo: scroll } = latest.current;
      const fromSearch = event.key === 'ArrowDown' && event.target instanceof HTMLInputElement && event.target.type === 'search';
      if (action === undefined || event.defaultPrevented || isCovered() || (isTyping(event.target) && !fromSearch)) return;
      if (action === 'back') {
        now.onBack?.();
        return;
      }
      const index = now.rows.findIndex((row) => now.rowId(row) === id);
      const current = now.rows[index];
      if (action === 'open') {
        if (event.target instanceof Element && event.target.closest('button, a') !== null) return;
        if (current !== undefined) now.onOpen?.(current);
        return;
      }
      event.preventDefault();
      const page = Math.max(1, Math.floor((container.current?.clientHeight ?? 600) / rowHeight) - 2);
      const target = moveCursor(index, action, now.rows.length, page);
      const row = now.rows[target];
      if (row === undefined) return;
      setCursorId(now.rowId(row));
      scroll(target);
      now.onSelect?.(row);
      now.onHover?.(row);
      requestAnimationFrame(() => {
        container.current
          ?.querySelector<HTMLElement>(`[data-row="${CSS.escape(now.rowId(row))}"]`)
          ?.focus({ preventScroll: true });
      });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [container, rowHeight]);
  return [cursorId, setCursorId];
}
