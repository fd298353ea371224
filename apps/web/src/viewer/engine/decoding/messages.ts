import type { DecodedFrame, EncodedFrame } from '@negatoscope/dicom';

export interface DecodeJob {
  readonly frame: EncodedFrame;
}

/** `isSpent`: the worker must not decode another frame. */
export type DecodeAnswer =
  | { readonly kind: 'decoded'; readonly frame: DecodedFrame }
  | { readonly kind: 'failed'; readonly reason: string; readonly isSpent: boolean };

/** The pixels in a buffer of their own, so that it can be given away, and holds nothing but them. */
export const owned = (pixels: Uint8Array): Uint8Array<ArrayBuffer> =>
  pixels.buffer instanceof ArrayBuffer && pixels.byteLength === pixels.buffer.byteLength
    ? new Uint8Array(pixels.buffer)
    : Uint8Array.from(pixels);
