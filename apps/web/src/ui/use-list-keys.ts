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
  /** Another letter was pressed, with the row of the cursor; true where that meant something. */
  readonly onLetter?: (letter: string, row: T | undefined) => boolean;
}

/** Letters that are no keys of every list: what they do is the page's to say. */
function onLetter<T>(event: KeyboardEvent, { list, cursorId }: Keyed<T>): void {
  const isLetter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!isLetter || event.defaultPrevented || isCovered() || isTyping(event.target)) return;
  const row = list.rows.find((one) => list.rowId(one) === cursorId);
  if (list.onLetter?.(event.key.toLowerCase(), row) === true) event.preventDefault();
}

/** What a key acts upon: the list as it is now, its cursor and its element. */
interface Keyed<T> {
  readonly list: ListOfRows<T>;
  readonly cursorId: string | undefined;
  readonly element: HTMLElement | null;
  readonly rowHeight: number;
  readonly scrollTo: (index: number) => void;
  readonly setCursor: (id: string) => void;
}

function onListKey<T>(event: KeyboardEvent, keyed: Keyed<T>): void {
  const { list, cursorId } = keyed;
  const action = listAction(event);
  const fromSearch = event.key === 'ArrowDown' && event.target instanceof HTMLInputElement && event.target.type === 'search';
  if (action === undefined) onLetter(event, keyed);
  if (action === undefined || event.defaultPrevented || isCovered() || (isTyping(event.target) && !fromSearch)) return;
  if (action === 'back') {
    list.onBack?.();
    return;
  }
  const index = list.rows.findIndex((row) => list.rowId(row) === cursorId);
  const current = list.rows[index];
  if (action === 'open') {
    if (event.target instanceof Element && event.target.closest('button, a') !== null) return;
    if (current !== undefined) list.onOpen?.(current);
    return;
  }
  event.preventDefault();
  const page = Math.max(1, Math.floor((keyed.element?.clientHeight ?? 600) / keyed.rowHeight) - 2);
  moveTo(moveCursor(index, action, list.rows.length, page), keyed);
}

function moveTo<T>(index: number, { list, element, scrollTo, setCursor }: Keyed<T>): void {
  const row = list.rows[index];
  if (row === undefined) return;
  setCursor(list.rowId(row));
  scrollTo(index);
  list.onSelect?.(row);
  list.onHover?.(row);
  requestAnimationFrame(() => {
    element?.querySelector<HTMLElement>(`[data-row="${CSS.escape(list.rowId(row))}"]`)?.focus({ preventScroll: true });
  });
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
    const onKey = (event: KeyboardEvent): void =>
      onListKey(event, { ...latest.current, element: container.current, rowHeight, setCursor: setCursorId });
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [container, rowHeight]);
  return [cursorId, setCursorId];
}
