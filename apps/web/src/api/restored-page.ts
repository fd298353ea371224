import { csrfFrom } from './csrf.ts';

/**
 * A page that comes back from the browser's cache of pages is as it was left: with what the session of then was shown. In another session, or in none, it is emptied and begins
 * anew. Until the returned function is called.
 */
export function watchRestored(reload = (): void => location.reload()): () => void {
  const over = new AbortController();
  const { signal } = over;
  let left: string | undefined;
  const leave = (): void => {
    left = csrfFrom(document.cookie);
  };
  window.addEventListener('pagehide', leave, { signal });
  const show = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted || (left !== undefined && csrfFrom(document.cookie) === left)) return;
    document.body.replaceChildren();
    reload();
  };
  window.addEventListener('pageshow', show, { signal });
  return () => over.abort();
}
