import type { DicomJsonObject } from '../types.ts';

/** Keys of a type of directory record below a series (PS3.3 F.5), besides Instance Number, which all have. */
export interface RecordType {
  readonly name: string;
  /** Tag and VR; `1` where a value must be there. */
  readonly keys: readonly (readonly [tag: string, vr: string, type: 1 | 2 | '1C'])[];
}

const CONTENT = [
  ['00080023', 'DA', 1],
  ['00080033', 'TM', 1],
] as const;
const CONTENT_LABEL = [...CONTENT, ['00700080', 'CS', 1], ['00700081', 'LO', 2], ['00700084', 'PN', 2]] as const;
const TITLE = ['0040A043', 'SQ', 1] as const;

const IMAGE: RecordType = { name: 'IMAGE', keys: [] };
const WAVEFORM: RecordType = { name: 'WAVEFORM', keys: CONTENT };
const SR_DOCUMENT: RecordType = {
  name: 'SR DOCUMENT',
  keys: [['0040A491', 'CS', 1], ['0040A493', 'CS', 1], ...CONTENT, ['0040A030', 'DT', '1C'], TITLE],
};
const KEY_OBJECTS: RecordType = { name: 'KEY OBJECT DOC', keys: [...CONTENT, TITLE] };
const DOCUMENT: RecordType = {
  name: 'ENCAP DOC',
  keys: [
    ['00080023', 'DA', 2],
    ['00080033', 'TM', 2],
    ['0040A043', 'SQ', 2],
    ['00420010', 'ST', 2],
    ['0040E001', 'ST', '1C'],
    ['00420012', 'LO', 1],
  ],
};
const PRESENTATION: RecordType = {
  name: 'PRESENTATION',
  keys: [
    ['00700080', 'CS', 1],
    ['00700081', 'LO', 2],
    ['00700082', 'DA', 1],
    ['00700083', 'TM', 1],
    ['00700084', 'PN', 2],
    ['00081115', 'SQ', '1C'],
  ],
};
const DOSE: RecordType = { name: 'RT DOSE', keys: [['3004000A', 'CS', 1]] };
const STRUCTURES: RecordType = {
  name: 'RT STRUCTURE SET',
  keys: [
    ['30060002', 'SH', 1],
    ['30060008', 'DA', 2],
    ['30060009', 'TM', 2],
  ],
};
const PLAN: RecordType = {
  name: 'RT PLAN',
  keys: [
    ['300A0002', 'SH', 1],
    ['300A0006', 'DA', 2],
    ['300A0007', 'TM', 2],
  ],
};
const TREATMENT: RecordType = {
  name: 'RT TREAT RECORD',
  keys: [
    ['30080250', 'DA', 2],
    ['30080251', 'TM', 2],
  ],
};
const labelled = (name: string): RecordType => ({ name, keys: CONTENT_LABEL });

const STORAGE = '1.2.840.10008.5.1.4.1.1.';
/** SOP classes whose record is not that of an image, by what follows the root of storage classes (PS3.3 F.4, Table F.4-1; PS3.4 B.5). */
const TYPES: ReadonlyMap<string, RecordType> = new Map([
  ...['9.1.1', '9.1.2', '9.1.3', '9.2.1', '9.3.1', '9.4.1', '9.4.2', '9.5.1', '9.6.1', '9.6.2', '9.7.1', '9.7.2', '9.8.1'].map(
    (uid): [string, RecordType] => [uid, WAVEFORM],
  ),
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'].map((uid): [string, RecordType] => [
    `11.${uid}`,
    PRESENTATION,
  ]),
  ['66', { name: 'RAW DATA', keys: CONTENT }],
  ['66.1', labelled('REGISTRATION')],
  ['66.2', labelled('FIDUCIAL')],
  ['66.3', labelled('REGISTRATION')],
  ['66.5', labelled('SURFACE')],
  ['66.6', labelled('TRACT')],
  ['67', labelled('VALUE MAP')],
  ['88.59', KEY_OBJECTS],
  ...['1', '2', '3', '4', '5'].map((uid): [string, RecordType] => [`104.${uid}`, DOCUMENT]),
  ['4.2', { name: 'SPECTROSCOPY', keys: CONTENT }],
  ['481.2', DOSE],
  ['481.3', STRUCTURES],
  ['481.5', PLAN],
  ['481.8', PLAN],
  ...['4', '6', '7', '9'].map((uid): [string, RecordType] => [`481.${uid}`, TREATMENT]),
  ['77.1.5.3', { name: 'STEREOMETRIC', keys: [] }],
]);

/** The type of record that names an instance; undefined for what is no image and has no type here: that can't stand in a directory. */
export function recordTypeOf(sopClassUid: string, json: DicomJsonObject): RecordType | undefined {
  const own = sopClassUid.startsWith(STORAGE) ? sopClassUid.slice(STORAGE.length) : undefined;
  const known = own === undefined ? undefined : (TYPES.get(own) ?? (own.startsWith('88.') ? SR_DOCUMENT : undefined));
  return known ?? ('00280010' in json ? IMAGE : undefined);
}
