import { documentKindOf, TRANSFER_SYNTAXES } from '@negatoscope/dicom';
import { type InstanceEntry, isDecodable } from '../../../archive/pixels/index.ts';

/** As what an instance without images is rendered (PS3.18 8.7.4). */
export type RenderedForm =
  | { readonly kind: 'stored'; readonly type: string }
  | { readonly kind: 'report' }
  | { readonly kind: 'waveform' }
  /** As the first image that it is for. */
  | { readonly kind: 'state' };

/** Undefined for images, and for what has no form but its file. */
export function renderedFormOf({ sopClassUid, transferSyntaxUid }: InstanceEntry): RenderedForm | undefined {
  const mediaType = TRANSFER_SYNTAXES.get(transferSyntaxUid)?.mediaType;
  if (mediaType?.startsWith('video/') === true) return { kind: 'stored', type: mediaType };
  switch (documentKindOf(sopClassUid)) {
    case 'pdf':
      return { kind: 'stored', type: 'application/pdf' };
    case 'report':
      return { kind: 'report' };
    case 'waveform':
      return { kind: 'waveform' };
    case 'presentation':
      return { kind: 'state' };
    default:
      return undefined;
  }
}

/** Whether an instance has no frame to draw, by what its row says. */
export const isNoImage = (entry: InstanceEntry): boolean =>
  !isDecodable(entry.transferSyntaxUid) || entry.rows === null || entry.columns === null || entry.frames === 0;
