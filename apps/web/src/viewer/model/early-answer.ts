import type { DecoderName } from '@negatoscope/dicom';
import type { StudyRef } from './study-url.ts';

/** An answer that was asked for before the application was here. */
export interface EarlyAnswer {
  readonly response: Promise<Response>;
  /** Nobody waits for it any more. */
  abort(): void;
}

declare global {
  interface Window {
    /** What `early.ts` has asked for, by address, until it is taken. */
    __negatoscopeEarly?: Map<string, EarlyAnswer> | undefined;
    /** A worker that decodes frames, started before the application was here, until it is taken. */
    __negatoscopeEarlyDecoder?: Worker | undefined;
  }
}

/** What the page tells the worker that asks. */
export type EarlyOrder =
  | {
      readonly kind: 'begin';
      readonly study: StudyRef;
      readonly seriesInstanceUid: string | undefined;
      readonly decoder: MessagePort;
    }
  | { readonly kind: 'abort'; readonly url: string };

/** Has the worker that decodes load a codec before it is needed; nothing is answered. */
export interface WarmJob {
  readonly warm: DecoderName;
}

/** Gives the worker that decodes a second way to be told of a codec that will be needed: from the one that asks. */
export interface PortJob {
  readonly port: MessagePort;
}

/** What that worker tells the page: of each address that it is asked for, then its head, its bytes as they come, and its end. */
export type EarlyNews =
  | { readonly kind: 'asked'; readonly url: string }
  | { readonly kind: 'head'; readonly url: string; readonly status: number; readonly headers: readonly [string, string][] }
  | { readonly kind: 'bytes'; readonly url: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'end'; readonly url: string }
  | { readonly kind: 'failed'; readonly url: string };

/** Another reader may have edited the study meanwhile; and what nobody reads holds a connection. */
const KEEP_MS = 60_000;

export function offerEarly(url: string, answer: EarlyAnswer): void {
  window.__negatoscopeEarly ??= new Map();
  const early = window.__negatoscopeEarly;
  early.set(url, answer);
  setTimeout(() => {
    if (early.get(url) === answer && early.delete(url)) answer.abort();
  }, KEEP_MS);
  // Whoever takes it hears of a failure.
  answer.response.catch(() => undefined);
}

const all = (): Map<string, EarlyAnswer> | undefined => (typeof window === 'undefined' ? undefined : window.__negatoscopeEarly);

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

/** The worker for decoding that was started before the application was here, once. */
export function takeEarlyDecoder(): Worker | undefined {
  if (typeof window === 'undefined') return undefined;
  const worker = window.__negatoscopeEarlyDecoder;
  window.__negatoscopeEarlyDecoder = undefined;
  return worker;
}

/** Nothing that was asked for in one person's session is given to the next one. */
export function forgetEarly(): void {
  for (const answer of all()?.values() ?? []) answer.abort();
  if (typeof window !== 'undefined') window.__negatoscopeEarly = undefined;
}
