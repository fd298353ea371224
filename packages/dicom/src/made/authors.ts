import type { DicomJsonObject } from '../types.ts';
import { empty, sequence, text } from './elements.ts';
import type { MadeDevice } from './observers.ts';

/** Author Observer Sequence (PS3.3 C.17.2): a person, by a PN value. */
export const authorOf = (name: string): DicomJsonObject => ({
  '0040A078': sequence({
    '00080080': empty('LO'),
    '00080082': empty('SQ'),
    '0040A084': text('CS', 'PSN'),
    '0040A123': { vr: 'PN', Value: [{ Alphabetic: name }] },
    '00401101': empty('SQ'),
  }),
});

/** Author Observer Sequence (PS3.3 C.17.2): a device. */
export const authorDevice = ({ uid, manufacturer, model }: MadeDevice): DicomJsonObject => ({
  '0040A078': sequence({
    '00080070': text('LO', manufacturer),
    '00080080': empty('LO'),
    '00080082': empty('SQ'),
    '00081010': empty('SH'),
    '00081090': text('LO', model),
    '00181002': text('UI', uid),
    '0040A084': text('CS', 'DEV'),
  }),
});

/** Who stands for a document: a PN value, of what organisation, and when (VR DT). */
export interface Verified {
  readonly by: string;
  readonly organization: string;
  readonly at: string;
}

/** Verifying Observer Sequence (PS3.3 C.17.2). */
export const verifierOf = ({ by, organization, at }: Verified): DicomJsonObject => ({
  '0040A073': sequence({
    '0040A027': text('LO', organization),
    '0040A030': text('DT', at),
    '0040A075': { vr: 'PN', Value: [{ Alphabetic: by }] },
    '0040A088': empty('SQ'),
  }),
  '0040A493': text('CS', 'VERIFIED'),
});
