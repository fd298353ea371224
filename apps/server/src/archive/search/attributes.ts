export type QidoLevel = 'studies' | 'series' | 'instances';
type Owner = 'patient' | 'study' | 'series' | 'instance';
/** How a key matches (PS3.4 C.2.2.2): single value, UID list, wildcard, date or time range, number, code, list of codes. */
type Matching = 'uid' | 'text' | 'name' | 'date' | 'time' | 'integer' | 'code' | 'codes';

export interface IndexedAttribute {
  readonly tag: string;
  readonly keyword: string;
  readonly vr: string;
  readonly owner: Owner;
  readonly matching: Matching;
  /** Whether it says who the patient is, or is text that may: pseudonymised answers leave it out and refuse to match it. */
  readonly identifying?: true;
}

const attribute = (tag: string, keyword: string, vr: string, owner: Owner, matching: Matching): IndexedAttribute => ({
  tag,
  keyword,
  vr,
  owner,
  matching,
});
const identifying = (entry: IndexedAttribute): IndexedAttribute => ({ ...entry, identifying: true });

/** The attributes with a column of their own (PS3.18 Tables 10.6.1-3 and 10.6.3-3 to -5); their columns are in qido_column(), migration 0041. */
export const INDEXED: readonly IndexedAttribute[] = [
  identifying(attribute('00100010', 'PatientName', 'PN', 'patient', 'name')),
  identifying(attribute('00100020', 'PatientID', 'LO', 'patient', 'text')),
  identifying(attribute('00100030', 'PatientBirthDate', 'DA', 'patient', 'date')),
  identifying(attribute('00100040', 'PatientSex', 'CS', 'patient', 'code')),
  attribute('0020000D', 'StudyInstanceUID', 'UI', 'study', 'uid'),
  attribute('00080020', 'StudyDate', 'DA', 'study', 'date'),
  attribute('00080030', 'StudyTime', 'TM', 'study', 'time'),
  identifying(attribute('00080050', 'AccessionNumber', 'SH', 'study', 'text')),
  attribute('00080061', 'ModalitiesInStudy', 'CS', 'study', 'codes'),
  identifying(attribute('00080090', 'ReferringPhysicianName', 'PN', 'study', 'name')),
  identifying(attribute('00081030', 'StudyDescription', 'LO', 'study', 'text')),
  identifying(attribute('00200010', 'StudyID', 'SH', 'study', 'text')),
  attribute('00201206', 'NumberOfStudyRelatedSeries', 'IS', 'study', 'integer'),
  attribute('00201208', 'NumberOfStudyRelatedInstances', 'IS', 'study', 'integer'),
  attribute('0020000E', 'SeriesInstanceUID', 'UI', 'series', 'uid'),
  attribute('00080060', 'Modality', 'CS', 'series', 'code'),
  identifying(attribute('0008103E', 'SeriesDescription', 'LO', 'series', 'text')),
  attribute('00180015', 'BodyPartExamined', 'CS', 'series', 'code'),
  attribute('00200011', 'SeriesNumber', 'IS', 'series', 'integer'),
  attribute('00201209', 'NumberOfSeriesRelatedInstances', 'IS', 'series', 'integer'),
  attribute('00080018', 'SOPInstanceUID', 'UI', 'instance', 'uid'),
  attribute('00080016', 'SOPClassUID', 'UI', 'instance', 'uid'),
  attribute('00083002', 'AvailableTransferSyntaxUID', 'UI', 'instance', 'uid'),
  attribute('00200013', 'InstanceNumber', 'IS', 'instance', 'integer'),
  attribute('00280010', 'Rows', 'US', 'instance', 'integer'),
  attribute('00280011', 'Columns', 'US', 'instance', 'integer'),
  attribute('00280008', 'NumberOfFrames', 'IS', 'instance', 'integer'),
  attribute('00280100', 'BitsAllocated', 'US', 'instance', 'integer'),
];

const BY_NAME = new Map(INDEXED.flatMap((entry) => [[entry.tag, entry] as const, [entry.keyword, entry] as const]));

export const indexedAttribute = (name: string): IndexedAttribute | undefined =>
  BY_NAME.get(name) ?? BY_NAME.get(name.toUpperCase());

const LEVELS: Readonly<Record<QidoLevel, readonly Owner[]>> = {
  studies: ['patient', 'study'],
  series: ['patient', 'study', 'series'],
  instances: ['patient', 'study', 'series', 'instance'],
};

/** Whether a search of this level may match the attribute: its own level's or one above. */
export const isOfLevel = (attribute: IndexedAttribute, level: QidoLevel): boolean => LEVELS[level].includes(attribute.owner);

/** What ingest keeps of a study and its series as DICOM JSON besides the columns. */
const KEPT_OF_STUDY = new Set(
  '00080051 00080201 00081032 00081048 00081060 00100021 00100032 00101010 00101020 00101030'.split(' '),
);
const KEPT_OF_SERIES = new Set(
  '00080021 00080031 00080070 00081010 00081050 00081090 00181000 00181030 00200052 00200060 00400244 00400245 00400275'.split(
    ' ',
  ),
);

export const isKept = (tag: string, level: QidoLevel): boolean =>
  KEPT_OF_STUDY.has(tag) || (level !== 'studies' && KEPT_OF_SERIES.has(tag));
