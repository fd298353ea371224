import type { DicomJsonObject } from '@negatoscope/dicom';
import { type Answer, SERVICE_CLASS, STATUS } from '@negatoscope/dimse';
import type { RetrieveKeys } from '../ask/archive.ts';
import { keyText } from '../ask/identifier.ts';
import { NO_SUCH_LEVEL } from './identifier.ts';

/** The unique key of each level (PS3.4 C.6.1.1, C.6.2.1). */
const UNIQUE_KEYS: ReadonlyMap<string, string> = new Map([
  ['PATIENT', '00100020'],
  ['STUDY', '0020000D'],
  ['SERIES', '0020000E'],
  ['IMAGE', '00080018'],
]);

const OF_PATIENTS: readonly string[] = [SERVICE_CLASS.PATIENT_ROOT_MOVE, SERVICE_CLASS.PATIENT_ROOT_GET];
const MOVES: readonly string[] = [SERVICE_CLASS.PATIENT_ROOT_MOVE, SERVICE_CLASS.STUDY_ROOT_MOVE];
const GETS: readonly string[] = [SERVICE_CLASS.PATIENT_ROOT_GET, SERVICE_CLASS.STUDY_ROOT_GET];

export const isMove = (abstractSyntax: string): boolean => MOVES.includes(abstractSyntax);
export const isGet = (abstractSyntax: string): boolean => GETS.includes(abstractSyntax);

/** A list of UIDs; undefined where there is none. */
function uidsOf(identifier: DicomJsonObject, tag: string): readonly string[] | undefined {
  const element = identifier[tag];
  const uids = element === undefined || element.vr === 'SQ' ? [] : keyText(element).split('\\').filter(Boolean);
  return uids.length === 0 ? undefined : uids;
}

function patientIdOf(identifier: DicomJsonObject): string | undefined {
  const element = identifier['00100020'];
  const id = element === undefined || element.vr === 'SQ' ? '' : keyText(element);
  return id === '' ? undefined : id;
}

/**
 * What a retrieval names, or the status of one that is none (PS3.4 C.4.2.1.4): its level's unique key has a value. Keys of the other levels narrow it where they have
 * one, and need none (as in relational retrievals). Nothing else is a key, and a wildcard is a character.
 */
export function retrievedBy(abstractSyntax: string, identifier: DicomJsonObject, level: string): RetrieveKeys | Answer {
  const unique = UNIQUE_KEYS.get(level);
  const isOfPatients = OF_PATIENTS.includes(abstractSyntax);
  if (unique === undefined || (level === 'PATIENT' && !isOfPatients)) return NO_SUCH_LEVEL;
  const keys = {
    patientId: isOfPatients ? patientIdOf(identifier) : undefined,
    studies: uidsOf(identifier, '0020000D'),
    series: uidsOf(identifier, '0020000E'),
    instances: uidsOf(identifier, '00080018'),
  };
  const named = { PATIENT: keys.patientId, STUDY: keys.studies, SERIES: keys.series, IMAGE: keys.instances }[level];
  if (named !== undefined) return keys;
  return { status: STATUS.DATASET_DOES_NOT_MATCH, OffendingElement: [unique], comment: 'The unique key of the level is missing' };
}
