import type { DecodedFrame, EncodedFrame } from '@negatoscope/dicom';

/** One frame for a codec thread. */
export interface CodecJob {
  readonly frame: EncodedFrame;
}

export type CodecAnswer =
  | { readonly kind: 'decoded'; readonly frame: DecodedFrame }
  | { readonly kind: 'failed'; readonly reason: string };
