import type { DecoderName } from '@negatoscope/dicom';
import type { StudyRef } from './study-url.ts';

declare global {
  interface Window {
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

/** The worker for decoding that was started before the application was here, once. */
export function takeEarlyDecoder(): Worker | undefined {
  if (typeof window === 'undefined') return undefined;
  const worker = window.__negatoscopeEarlyDecoder;
  window.__negatoscopeEarlyDecoder = undefined;
  return worker;
}
