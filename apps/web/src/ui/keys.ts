/** What a key press says, reduced to what the key maps look at. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}
export type GlobalAction = 'search' | 'palette' | 'help';
export type ListAction = 'next' | 'previous' | 'pageDown' | 'pageUp' | 'first' | 'last' | 'open' | 'back';

/** The shell's keys. `typing` tells that the focus is in a field, where only the palette's chord counts. */
export function globalAction(press: KeyPress, typing: boolean): GlobalAction | undefined {
  if ((press.ctrlKey || press.metaKey) && !press.altKey && press.key.toLowerCase() === 'k') return 'palette';
  if (typing || press.ctrlKey || press.metaKey || press.altKey) return undefined;
  if (press.key === '/') return 'search';
  return press.key === '?' ? 'help' : undefined;
}

const LIST_KEYS: Readonly<Record<string, ListAction>> = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  PageDown: 'pageDown',
  PageUp: 'pageUp',
  Home: 'first',
  End: 'last',
  Enter: 'open',
  Escape: 'back',
};
/** The keys of every list; a chord belongs to the browser. */
export function listAction(press: KeyPress): ListAction | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey || press.shiftKey) return undefined;
  return LIST_KEYS[press.key.length === 1 ? press.key.toLowerCase() : press.key];
}

/** Where a list's cursor goes; -1 stands for no row chosen. `page` is the number of rows in sight. */
export function moveCursor(index: number, action: ListAction, count: number, page: number): number {
  if (count === 0) return -1;
  const last = count - 1;
  const target: Partial<Record<ListAction, number>> = {
    next: index + 1,
    previous: index < 0 ? 0 : index - 1,
    pageDown: index + page,
    pageUp: index - page,
    first: 0,
    last,
  };
  return Math.min(last, Math.max(0, target[action] ?? index));
}

/** Whether keys pressed there belong to a field. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}
/** Whether a dialog or menu is open above the page: the page's own keys then rest. */
export const isCovered = (): boolean => document.querySelector('[role="dialog"], [role="menu"]') !== null;
