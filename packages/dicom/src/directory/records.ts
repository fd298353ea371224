import { jsonElement, jsonString } from '../json-access.ts';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import type { RecordType } from './record-types.ts';

/** A file of a file-set. */
export interface DirectoryFile {
  /** Components of its File ID: 1 to 8 of 1 to 8 of `A-Z`, `0-9` and `_` (PS3.10 8.2). */
  readonly path: readonly string[];
  /** Its header as it stands in the file. */
  readonly json: DicomJsonObject;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUid: string;
}

const copied = (json: DicomJsonObject, tag: string, vr: string): DicomJsonElement => {
  const element = jsonElement(json, tag);
  return element?.vr === vr && element.BulkDataURI === undefined && element.InlineBinary === undefined ? element : { vr };
};
const hasValue = (element: DicomJsonElement | undefined): boolean => {
  const [value] = element?.Value ?? [];
  return value !== undefined && value !== null && value !== '';
};
/** The first of several attributes that has a value. */
const firstOf = (json: DicomJsonObject, vr: string, ...tags: readonly string[]): DicomJsonElement =>
  tags.map((tag) => copied(json, tag, vr)).find(hasValue) ?? { vr };
const orNumber = (element: DicomJsonElement, number: number): DicomJsonElement =>
  hasValue(element) ? element : { vr: element.vr, Value: [element.vr === 'IS' ? number : String(number)] };

/** Keys of a PATIENT record (PS3.3 F.5.1). */
export const patientKeys = (json: DicomJsonObject): DicomJsonObject => ({
  '00100010': copied(json, '00100010', 'PN'),
  '00100020': orNumber(copied(json, '00100020', 'LO'), 1),
  '00100030': copied(json, '00100030', 'DA'),
  '00100040': copied(json, '00100040', 'CS'),
});

/** Keys of a STUDY record (PS3.3 F.5.2). A file without a date of its study has that of its series, acquisition or content here; without a Study ID, its number. */
export const studyKeys = (json: DicomJsonObject, number: number): DicomJsonObject => ({
  '00080020': firstOf(json, 'DA', '00080020', '00080021', '00080022', '00080023'),
  '00080030': firstOf(json, 'TM', '00080030', '00080031', '00080032', '00080033'),
  '00080050': copied(json, '00080050', 'SH'),
  '00081030': copied(json, '00081030', 'LO'),
  '0020000D': copied(json, '0020000D', 'UI'),
  '00200010': orNumber(copied(json, '00200010', 'SH'), number),
});

/** Keys of a SERIES record (PS3.3 F.5.3). */
export const seriesKeys = (json: DicomJsonObject, number: number): DicomJsonObject => ({
  '00080060': jsonString(json, '00080060') === undefined ? { vr: 'CS', Value: ['OT'] } : copied(json, '00080060', 'CS'),
  '0008103E': copied(json, '0008103E', 'LO'),
  '0020000E': copied(json, '0020000E', 'UI'),
  '00200011': orNumber(copied(json, '00200011', 'IS'), number),
});

/** What a record says of the file that it names (PS3.3 F.3.2.2), and the keys of its type. */
export function instanceKeys({ name, keys }: RecordType, file: DirectoryFile, number: number): DicomJsonObject {
  const { path, json } = file;
  const own = keys.flatMap(([tag, vr, type]): [string, DicomJsonElement][] => {
    const value = copied(json, tag, vr);
    return type === '1C' && !hasValue(value) ? [] : [[tag, value]];
  });
  return {
    '00041430': { vr: 'CS', Value: [name] },
    '00041500': { vr: 'CS', Value: path },
    '00041510': { vr: 'UI', Value: [file.sopClassUid] },
    '00041511': { vr: 'UI', Value: [file.sopInstanceUid] },
    '00041512': { vr: 'UI', Value: [file.transferSyntaxUid] },
    '00200013': orNumber(copied(json, '00200013', 'IS'), number),
    ...Object.fromEntries(own),
  };
}
