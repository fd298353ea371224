import { ApiError } from '../api/error.ts';
import { onSession, renewSession, sessionStarted, sessionState } from '../api/session.ts';

/** What the browser does for the keeper; tests stand in for it. */
export interface Surroundings {
  /** End of the access token, ISO 8601, null for a personal token. Fails like every call of the API. */
  readonly expiresAt: () => Promise<string | null>;
  /** Path and query of the page. */
  readonly address: () => string;
  readonly reload: () => void;
  readonly goTo: (address: string) => void;
  readonly now: () => number;
  /** When the page was last loaded again because of a refused request, over reloads; 0 for never. */
  readonly lastReload: { get(): number; set(at: number): void };
}

/** A page that is refused again this soon after a reload is not helped by another one. */
const RELOAD_EVERY_MS = 60_000;

const isRefusal = (error: unknown): boolean => error instanceof ApiError && (error.status === 401 || error.status === 403);

/** The HTTP status in what OHIF's parts call an error: the client's, or the image loader's with its request. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('status' in error && typeof error.status === 'number') return error.status;
  return 'request' in error ? statusOf(error.request) : undefined;
}

/**
 * Keeps the session of a page that knows nothing of it: renewed at two thirds of the access token's life (one tab at a time, with
 * those of our own pages), on 401 renewed and loaded again; where it can't be renewed, the person signs in and comes back.
 */
export function keepSession(page: Surroundings): { readonly onHttpError: (error: unknown) => Promise<void> } {
  let isLeaving = false;
  function signIn(): void {
    if (isLeaving) return;
    isLeaving = true;
    page.goTo(`/login?next=${encodeURIComponent(page.address())}`);
  }
  onSession(() => {
    if (sessionState() === 'expired' || sessionState() === 'signed-out') signIn();
  });
  page.expiresAt().then(
    (expiresAt) => sessionStarted(expiresAt, false),
    (error: unknown) => isRefusal(error) && signIn(),
  );
  return {
    onHttpError: async (error) => {
      if (statusOf(error) !== 401) return;
      try {
        await renewSession();
      } catch (refused) {
        if (isRefusal(refused)) signIn();
        return;
      }
      if (isLeaving || page.now() - page.lastReload.get() < RELOAD_EVERY_MS) return;
      isLeaving = true;
      page.lastReload.set(page.now());
      page.reload();
    },
  };
}
