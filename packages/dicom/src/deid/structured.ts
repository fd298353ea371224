import { jsonItems, jsonString } from '../json-access.ts';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { cleanedText } from './descriptors.ts';
import type { Identity } from './identity.ts';
import type { DeidOption } from './types.ts';

export const CONTENT_SEQUENCE = '0040A730';
export const TEXT_VALUE = '0040A160';
/** Types of content items that say nothing in words (PS3.3 C.17.3.2.1). */
const KEPT = new Set('CONTAINER NUM CODE IMAGE COMPOSITE WAVEFORM SCOORD SCOORD3D TCOORD UIDREF'.split(' '));
const DATES = new Set(['DATE', 'TIME', 'DATETIME']);
/** Subject Birth Date, Subject Age: of the patient, not of the measurement. */
const OF_SUBJECT = new Set(['121031', '121033']);

/** What stands for a content that was not to be cleaned (code D). */
export const DUMMY_CONTENT: DicomJsonElement = {
  vr: 'SQ',
  Value: [
    {
      '0040A010': { vr: 'CS', Value: ['CONTAINS'] },
      '0040A040': { vr: 'CS', Value: ['TEXT'] },
      '0040A043': {
        vr: 'SQ',
        Value: [
          {
            '00080100': { vr: 'SH', Value: ['121071'] },
            '00080102': { vr: 'SH', Value: ['DCM'] },
            '00080104': { vr: 'LO', Value: ['Finding'] },
          },
        ],
      },
      '0040A160': { vr: 'UT', Value: ['ANONYMIZED'] },
    },
  ],
};

/** Whether an item of content stays, to be cleaned attribute by attribute: measures, codes, references; text of known words; no person. */
export function isKeptContent(item: DicomJsonObject, options: ReadonlySet<DeidOption>, identity: Identity): boolean {
  const type = jsonString(item, '0040A040');
  const concept = jsonItems(item, '0040A043')[0];
  const code = concept === undefined ? undefined : jsonString(concept, '00080100');
  if (type === undefined || (code !== undefined && OF_SUBJECT.has(code))) return false;
  if (DATES.has(type)) return options.has('retainFullDates') || options.has('retainModifiedDates');
  if (type === 'TEXT') return keptTextValue(item[TEXT_VALUE], identity) !== undefined;
  return KEPT.has(type);
}

/** Text of known words. */
export const keptTextValue = (element: DicomJsonElement | undefined, identity: Identity): DicomJsonElement | undefined =>
  element === undefined ? undefined : cleanedText(element, identity);
