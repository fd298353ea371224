import type { DicomJsonObject } from '../types.ts';
import { codeItem, dcm } from './content.ts';
import { sequence, text } from './elements.ts';
import type { MadeDevice } from './observers.ts';
import { type InstanceReference, instanceItem } from './references.ts';

export interface MadeDerivation {
  /** Value 4 of Image Type (0008,0008). */
  readonly kind: string;
  /** In words (VR ST). */
  readonly description: string;
  readonly source: InstanceReference;
  readonly device: MadeDevice;
  /** Of the program: name and version of its parts (0018,1020). */
  readonly software: readonly string[];
}

/** Derivation, Source Image and Contributing Equipment (PS3.3 C.7.6.1, C.12.1; PS3.16 CID 7202, CID 7005). */
export const derivationOf = ({ description, source, device, software }: MadeDerivation): DicomJsonObject => ({
  '00082111': text('ST', description),
  '00082112': sequence({
    ...instanceItem(source),
    '0040A170': sequence(codeItem(dcm('121322', 'Source of Image Processing Operation'))),
  }),
  '0018A001': sequence({
    '00080070': text('LO', device.manufacturer),
    '00081090': text('LO', device.model),
    '00181002': text('UI', device.uid),
    '00181020': text('LO', ...software),
    '0040A170': sequence(codeItem(dcm('109102', 'Processing Equipment'))),
  }),
});
