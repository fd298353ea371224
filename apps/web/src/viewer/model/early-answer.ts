declare global {
  interface Window {
    /** What `early.ts` has asked for, by address, until it is taken. */
    __negatoscopeEarly?: Map<string, Promise<Response>> | undefined;
  }
}

export function offerEarly(url: string, answer: Promise<Response>): void {
  window.__negatoscopeEarly ??= new Map();
  window.__negatoscopeEarly.set(url, answer);
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
