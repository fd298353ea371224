import type { DecodedFrame, EncodedFrame, RenderedFrame, RenderPlan } from '@negatoscope/dicom';

/** One frame for a codec thread: decoded, or with a plan also rendered. */
export interface CodecJob {
  readonly frame: EncodedFrame;
  readonly plan?: RenderPlan;
}

/** `isSpent`: the thread must not decode another frame. */
export type CodecAnswer =
  | { readonly kind: 'decoded'; readonly frame: DecodedFrame }
  | { readonly kind: 'rendered'; readonly image: RenderedFrame }
  | { readonly kind: 'failed'; readonly reason: string; readonly isSpent: boolean };
