import type { DecoderName } from '@negatoscope/dicom';

declare global {
  interface Window {
    /** A worker that decodes frames, started before the application was here, until it is taken. */
    __negatoscopeEarlyDecoder?: Worker | undefined;
  }
}

/** Has the worker that decodes load a codec before it is needed; nothing is answered. */
export interface WarmJob {
  readonly warm: DecoderName;
}

/** The worker for decoding that was started before the application was here, once. */
export function takeEarlyDecoder(): Worker | undefined {
  if (typeof window === 'undefined') return undefined;
  const worker = window.__negatoscopeEarlyDecoder;
  window.__negatoscopeEarlyDecoder = undefined;
  return worker;
}
