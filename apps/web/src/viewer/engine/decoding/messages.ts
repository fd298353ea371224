import type { DecodedFrame, DecoderName, EncodedFrame } from '@negatoscope/dicom';

export interface DecodeJob {
  readonly frame: EncodedFrame;
}

/** Loads a codec before it is needed; nothing is answered. */
export interface WarmJob {
  readonly warm: DecoderName;
}

/** `isSpent`: the worker must not decode another frame. */
export type DecodeAnswer =
  | { readonly kind: 'decoded'; readonly frame: DecodedFrame }
  | { readonly kind: 'failed'; readonly reason: string; readonly isSpent: boolean };
