import type { DicomJsonObject } from '../types.ts';
import { code, dcm, item, textItem } from './content.ts';
import { text } from './elements.ts';

/** A device that makes observations: a program. */
export interface MadeDevice {
  readonly uid: string;
  readonly manufacturer: string;
  readonly model: string;
}

/** Who observed: a person (PS3.16 TID 1002, TID 1003). */
export const observerItems = (name: string): DicomJsonObject[] => [
  code('HAS OBS CONTEXT', dcm('121005', 'Observer Type'), dcm('121006', 'Person')),
  item('HAS OBS CONTEXT', 'PNAME', dcm('121008', 'Person Observer Name'), {
    '0040A123': { vr: 'PN', Value: [{ Alphabetic: name }] },
  }),
];

/** Who observed: a device, by its UID and what it is (PS3.16 TID 1002, TID 1004). */
export const deviceItems = ({ uid, manufacturer, model }: MadeDevice): DicomJsonObject[] => [
  code('HAS OBS CONTEXT', dcm('121005', 'Observer Type'), dcm('121007', 'Device')),
  item('HAS OBS CONTEXT', 'UIDREF', dcm('121012', 'Device Observer UID'), { '0040A124': text('UI', uid) }),
  textItem('HAS OBS CONTEXT', dcm('121014', 'Device Observer Manufacturer'), manufacturer),
  textItem('HAS OBS CONTEXT', dcm('121015', 'Device Observer Model Name'), model),
];
