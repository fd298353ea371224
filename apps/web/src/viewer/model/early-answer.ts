declare global {
  interface Window {
    /** What `early.ts` has asked for, by address, until it is taken. */
    __negatoscopeEarly?: Map<string, Promise<Response>> | undefined;
  }
}

/** Another reader may have edited the study meanwhile; and what nobody reads holds a connection. */
const KEEP_MS = 60_000;

export function offerEarly(url: string, answer: Promise<Response>): void {
  window.__negatoscopeEarly ??= new Map();
  const early = window.__negatoscopeEarly;
  early.set(url, answer);
  setTimeout(() => {
    if (early.delete(url)) answer.then((response) => response.body?.cancel()).catch(() => undefined);
  }, KEEP_MS);
  // Whoever takes it hears of a failure.
  answer.catch(() => undefined);
}

/** The answer that was asked for before the application was here, once: it is as old as the page. */
export function takeEarly(url: string): Promise<Response> | undefined {
  const early = typeof window === 'undefined' ? undefined : window.__negatoscopeEarly;
  const answer = early?.get(url);
  early?.delete(url);
  return answer;
}

/** Nothing that was asked for in one person's session is given to the next one. */
export function forgetEarly(): void {
  if (typeof window !== 'undefined') window.__negatoscopeEarly = undefined;
}
