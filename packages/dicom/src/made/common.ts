import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import type { Writer } from '../write/file-start.ts';
import { empty, text } from './elements.ts';

/** What every instance that is made here needs to know. UIDs are the caller's to make (PS3.5 9). */
export interface MadeInstance {
  /** The study's DICOM JSON: of it patient and study are copied, so that the instance names whom the study names. Needs Study Instance UID (0020,000D). */
  readonly study: DicomJsonObject;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly seriesNumber: number;
  readonly instanceNumber: number;
  readonly seriesDescription?: string;
  /** When the content was made: `YYYYMMDD` and `HHMMSS`. */
  readonly contentDate: string;
  readonly contentTime: string;
  readonly manufacturer: string;
  /** (0002,0012) and (0002,0013) of the file. */
  readonly implementation: Writer['implementation'];
}

/** Patient, study and equipment attributes of type 1 and 2 (PS3.3 C.7.1.1, C.7.2.1, C.7.5.1), with the VR of those that may be empty. */
const COPIED: Readonly<Record<string, string>> = {
  '00080020': 'DA',
  '00080030': 'TM',
  '00080050': 'SH',
  '00080090': 'PN',
  '00081030': 'LO',
  '00100010': 'PN',
  '00100020': 'LO',
  '00100021': 'LO',
  '00100030': 'DA',
  '00100040': 'CS',
  '0020000D': 'UI',
  '00200010': 'SH',
};
/** Of these an absent one is not added: they are of type 3. */
const OPTIONAL = new Set(['00081030', '00100021']);

/** Everything of an instance but its content. */
export function commonOf(made: MadeInstance, sopClassUid: string, modality: string): DicomJsonObject {
  const copied = Object.entries(COPIED).flatMap(([tag, vr]): [string, DicomJsonElement][] => {
    const element = made.study[tag];
    if (element === undefined && OPTIONAL.has(tag)) return [];
    return [[tag, element ?? empty(vr)]];
  });
  return {
    ...Object.fromEntries(copied),
    '00080016': text('UI', sopClassUid),
    '00080018': text('UI', made.sopInstanceUid),
    '00080023': text('DA', made.contentDate),
    '00080033': text('TM', made.contentTime),
    '00080060': text('CS', modality),
    '00080070': text('LO', made.manufacturer),
    ...(made.seriesDescription === undefined ? {} : { '0008103E': text('LO', made.seriesDescription) }),
    '0020000E': text('UI', made.seriesInstanceUid),
    '00200011': { vr: 'IS', Value: [made.seriesNumber] },
    '00200013': { vr: 'IS', Value: [made.instanceNumber] },
  };
}
