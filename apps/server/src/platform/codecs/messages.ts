import type {
  DecodedFrame,
  EncodedFrame,
  FrameMeasure,
  Region,
  RegionStatistics,
  RenderedFrame,
  RenderPlan,
  TextBox,
  ValuePlan,
} from '@negatoscope/dicom';

/** One frame for a codec thread: decoded, with a plan also rendered or measured, as a whole or in regions, with a transfer syntax encoded again. */
export interface CodecJob {
  readonly frame: EncodedFrame;
  readonly plan?: RenderPlan;
  readonly measure?: ValuePlan;
  /** Parts of it whose values are asked for, by `measure`. */
  readonly regions?: readonly Region[];
  readonly encodeTo?: string;
  /** Where it looks as if something was written is asked for. */
  readonly text?: true;
}

/** A frame in another transfer syntax, and the colour space that the dataset must announce with it. */
export interface EncodedPicture {
  readonly bytes: Uint8Array;
  readonly photometricInterpretation: string;
}

/** Why a frame failed when it is no picture that the wanted transfer syntax can hold. */
export const NOT_ENCODABLE = 'not encodable';

/** `isSpent`: the thread must not decode another frame. */
export type CodecAnswer =
  | { readonly kind: 'decoded'; readonly frame: DecodedFrame }
  | { readonly kind: 'rendered'; readonly image: RenderedFrame }
  | { readonly kind: 'measured'; readonly measure: FrameMeasure }
  | { readonly kind: 'regions'; readonly statistics: readonly (RegionStatistics | undefined)[] }
  | { readonly kind: 'encoded'; readonly picture: EncodedPicture }
  | { readonly kind: 'text'; readonly boxes: readonly TextBox[] | undefined }
  | { readonly kind: 'failed'; readonly reason: string; readonly isSpent: boolean };
