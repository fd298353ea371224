import { csrfFrom } from './csrf.ts';

/**
 * A page that comes back from the browser's cache of pages is as it was left: with what the session of then was shown. In another session, or in none, it is emptied and begins
 * anew. Call once.
 */
export function watchRestored(reload = (): void => location.reload()): void {
  let left: string | undefined;
  window.addEventListener('pagehide', () => {
    left = csrfFrom(document.cookie);
  });
  window.addEventListener('pageshow', ({ persisted }) => {
    if (!persisted || (left !== undefined && csrfFrom(document.cookie) === left)) return;
    document.body.replaceChildren();
    reload();
  });
}
