import { concat } from '../concat.ts';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { type DatasetWriteOptions, writeDataset } from '../write/part10.ts';

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
  readonly implementation: DatasetWriteOptions['implementation'];
}

/** A code of a coding scheme (PS3.3 8). */
export interface Code {
  readonly value: string;
  readonly scheme: string;
  readonly meaning: string;
}

/** An instance that is referred to, and where it stands. */
export interface InstanceReference {
  readonly seriesInstanceUid: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** One-based numbers of the frames that are meant; all when absent. */
  readonly frames?: readonly number[];
}

export const text = (vr: string, ...values: readonly string[]): DicomJsonElement => ({ vr, Value: values });
export const empty = (vr: string): DicomJsonElement => ({ vr });
export const sequence = (...items: readonly DicomJsonObject[]): DicomJsonElement => ({ vr: 'SQ', Value: items });

export const codeItem = ({ value, scheme, meaning }: Code): DicomJsonObject => ({
  '00080100': text('SH', value),
  '00080102': text('SH', scheme),
  '00080104': text('LO', meaning),
});

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

/** The evidence that a document refers to, by study and series (PS3.3 C.17.2.3, Hierarchical SOP Instance Reference Macro). */
export function evidenceOf(made: MadeInstance, references: readonly InstanceReference[]): DicomJsonObject {
  if (references.length === 0) return {};
  const series = [...new Set(references.map(({ seriesInstanceUid }) => seriesInstanceUid))].map((uid) => {
    const own = references.filter(({ seriesInstanceUid }) => seriesInstanceUid === uid);
    const unique = [...new Map(own.map((one) => [one.sopInstanceUid, one])).values()];
    return { '0020000E': text('UI', uid), '00081199': sequence(...unique.map(instanceItem)) };
  });
  const study = made.study['0020000D'] ?? empty('UI');
  return { '0040A375': sequence({ '0020000D': study, '00081115': sequence(...series) }) };
}

export const instanceItem = ({ sopClassUid, sopInstanceUid }: InstanceReference): DicomJsonObject => ({
  '00081150': text('UI', sopClassUid),
  '00081155': text('UI', sopInstanceUid),
});

/** A content item that shows an instance (PS3.3 C.18.4). */
export const imageItem = (reference: InstanceReference, relation = 'CONTAINS'): DicomJsonObject => ({
  '0040A010': text('CS', relation),
  '0040A040': text('CS', 'IMAGE'),
  '00081199': sequence({
    ...instanceItem(reference),
    ...(reference.frames === undefined ? {} : { '00081160': { vr: 'IS', Value: reference.frames } }),
  }),
});

export const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });

/** Relations of content items (PS3.3 C.17.3.2.4) that are made here. */
export type Relation = 'CONTAINS' | 'HAS OBS CONTEXT' | 'HAS CONCEPT MOD' | 'INFERRED FROM' | 'SELECTED FROM';
export const item = (relation: Relation, type: string, concept: Code | undefined, more: DicomJsonObject): DicomJsonObject => ({
  '0040A010': text('CS', relation),
  '0040A040': text('CS', type),
  ...(concept === undefined ? {} : { '0040A043': sequence(codeItem(concept)) }),
  ...more,
});
export const code = (relation: Relation, concept: Code, value: Code): DicomJsonObject =>
  item(relation, 'CODE', concept, { '0040A168': sequence(codeItem(value)) });
export const children = (...items: readonly DicomJsonObject[]): DicomJsonObject =>
  items.length === 0 ? {} : { '0040A730': sequence(...items) };

export const textItem = (relation: Relation, concept: Code, words: string): DicomJsonObject =>
  item(relation, 'TEXT', concept, { '0040A160': text('UT', words) });

const SEPARATE_ITEMS = { '0040A050': text('CS', 'SEPARATE') };
/** A container of a template, where it is of one, within a document. */
export const container = (concept: Code, template: string | undefined, items: readonly DicomJsonObject[]): DicomJsonObject =>
  item('CONTAINS', 'CONTAINER', concept, {
    ...SEPARATE_ITEMS,
    ...(template === undefined ? {} : templateOf(template)),
    ...children(...items),
  });
/** The root of a document: a container of a name (PS3.3 C.17.3). */
export const rootOf = (title: Code, items: readonly DicomJsonObject[]): DicomJsonObject => ({
  '0040A040': text('CS', 'CONTAINER'),
  '0040A043': sequence(codeItem(title)),
  ...SEPARATE_ITEMS,
  '0040A730': sequence(...items),
});

/** Content Template Sequence (PS3.3 C.18.8.1.2): the template of PS3.16 by which a container is made. */
export const templateOf = (identifier: string): DicomJsonObject => ({
  '0040A504': sequence({ '00080105': text('CS', 'DCMR'), '0040DB00': text('CS', identifier) }),
});

/** A document of the same study that a new one takes the place of. */
export interface Predecessor {
  readonly seriesInstanceUid: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/** Predecessor Documents Sequence (PS3.3 C.17.2.2). */
export function predecessorsOf(made: MadeInstance, predecessor: Predecessor | undefined): DicomJsonObject {
  if (predecessor === undefined) return {};
  const study = made.study['0020000D'] ?? empty('UI');
  const series = { '0020000E': text('UI', predecessor.seriesInstanceUid), '00081199': sequence(instanceItem(predecessor)) };
  return { '0040A360': sequence({ '0020000D': study, '00081115': sequence(series) }) };
}

const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/** The file, explicit VR little endian; `bulk` are the bytes that elements name by a BulkDataURI. Fails with DatasetWriteError. */
export function fileOf(made: MadeInstance, json: DicomJsonObject, bulk: Readonly<Record<string, Uint8Array>> = {}): Uint8Array {
  const parts = writeDataset(json, {
    transferSyntaxUid: EXPLICIT_LITTLE_ENDIAN,
    implementation: made.implementation,
    bulk: (uri) => (bulk[uri] === undefined ? undefined : [bulk[uri].length]),
  }).map((part) => (part instanceof Uint8Array ? part : (bulk[part.bulk] ?? new Uint8Array(0))));
  return concat(parts);
}
