import type { DecodedFrame, EncodedFrame } from '@negatoscope/dicom';

export interface DecodeJob {
  readonly frame: EncodedFrame;
}

/** `isSpent`: the worker must not decode another frame. */
export type DecodeAnswer =
  | { readonly kind: 'decoded'; readonly frame: DecodedFrame }
  | { readonly kind: 'failed'; readonly reason: string; readonly isSpent: boolean };
