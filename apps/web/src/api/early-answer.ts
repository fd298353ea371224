/** An answer that was asked for before the application was here. */
export interface EarlyAnswer {
  readonly response: Promise<Response>;
  /** Nobody waits for it any more. */
  abort(): void;
}

declare global {
  interface Window {
    /** What `early.ts` has asked for, by address, until it is taken; null once it may offer no more. */
    __negatoscopeEarly?: Map<string, EarlyAnswer> | null | undefined;
  }
}

/** Another reader may have edited the study meanwhile; and what nobody reads holds a connection. */
const KEEP_MS = 60_000;

export function offerEarly(url: string, answer: EarlyAnswer): void {
  // Whoever takes it hears of a failure.
  answer.response.catch(() => undefined);
  if (window.__negatoscopeEarly === null) {
    answer.abort();
    return;
  }
  window.__negatoscopeEarly ??= new Map();
  const early = window.__negatoscopeEarly;
  early.set(url, answer);
  setTimeout(() => {
    if (early.get(url) === answer && early.delete(url)) answer.abort();
  }, KEEP_MS);
}

const all = (): Map<string, EarlyAnswer> | null | undefined =>
  typeof window === 'undefined' ? undefined : window.__negatoscopeEarly;

export const isAskedEarly = (url: string): boolean => all()?.has(url) === true;

/** The answer that was asked for before the application was here, once: it is as old as the page. Rejects as a request does, and when the signal aborts. */
export function takeEarly(url: string, signal?: AbortSignal): Promise<Response> | undefined {
  const answer = all()?.get(url);
  if (answer === undefined) return undefined;
  all()?.delete(url);
  const stop = (): void => answer.abort();
  if (signal?.aborted === true) stop();
  else signal?.addEventListener('abort', stop, { once: true });
  return answer.response;
}

const forgetting = new Set<() => void>();
/** What is made of early answers is forgotten with them where they turn out to be another session's. */
export function onEarlyLost(forget: () => void): void {
  forgetting.add(forget);
}

/** The session that has asked is not the one that this browser has by now. */
export function loseEarly(): void {
  for (const forget of forgetting) forget();
  forgetEarly();
}

/** Nothing that was asked for in one person's session is given to the next one, nor what is still on its way. */
export function forgetEarly(): void {
  for (const answer of all()?.values() ?? []) answer.abort();
  if (typeof window !== 'undefined') window.__negatoscopeEarly = null;
}
