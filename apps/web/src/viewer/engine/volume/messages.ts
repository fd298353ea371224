import type { FrameValues } from '@negatoscope/dicom';
import type { PlaneRequest } from '../../model/volume.ts';
import type { VolumeGrid } from '../../model/volume-geometry.ts';

/** What the page tells the worker that holds a volume. */
export type VolumeJob =
  | { readonly kind: 'open'; readonly grid: VolumeGrid; readonly limitBytes: number }
  | {
      readonly kind: 'slice';
      readonly index: number;
      readonly values: FrameValues['values'];
      readonly padding: Uint8Array | undefined;
    }
  | { readonly kind: 'plane'; readonly id: number; readonly plane: PlaneRequest };

/** `tooLarge`: the volume has outgrown its limit, for its values need more room than was thought; nothing more is answered. */
export type VolumeAnswer =
  | { readonly kind: 'plane'; readonly id: number; readonly values: Float32Array<ArrayBuffer> }
  | { readonly kind: 'tooLarge'; readonly bytes: number };
