interface Early {
  readonly url: string;
  readonly answer: Promise<Response>;
}

declare global {
  interface Window {
    /** What `early.ts` has asked for, until it is taken. */
    __negatoscopeEarly?: Early | undefined;
  }
}

export function offerEarly(url: string, answer: Promise<Response>): void {
  window.__negatoscopeEarly = { url, answer };
  // Whoever takes it hears of a failure.
  answer.catch(() => undefined);
}

/** The answer that was asked for before the application was here, once: it is as old as the page. */
export function takeEarly(url: string): Promise<Response> | undefined {
  const early = typeof window === 'undefined' ? undefined : window.__negatoscopeEarly;
  if (early?.url !== url) return undefined;
  window.__negatoscopeEarly = undefined;
  return early.answer;
}

/** Nothing that was asked for in one person's session is given to the next one. */
export function forgetEarly(): void {
  if (typeof window !== 'undefined') window.__negatoscopeEarly = undefined;
}
