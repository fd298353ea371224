import type { Tx } from '../../platform/db/database.ts';

export type QidoLevel = 'studies' | 'series' | 'instances';
type Owner = 'patient' | 'study' | 'series' | 'instance';
/** How a key matches (PS3.4 C.2.2.2): single value, UID list, wildcard, date or time range, number, list of code strings. */
type Matching = 'uid' | 'text' | 'name' | 'date' | 'time' | 'integer' | 'codes';

export interface IndexedAttribute {
  readonly tag: string;
  readonly keyword: string;
  readonly vr: string;
  readonly owner: Owner;
  readonly matching: Matching;
  /** SQL expression over the aliases p, t (study), r (series), i. */
  readonly column: string;
  /** Whether it says who the patient is: pseudonymised answers leave it out and refuse to match it. */
  readonly identifying?: true;
}

const attribute = (
  tag: string,
  keyword: string,
  vr: string,
  owner: Owner,
  matching: Matching,
  column: string,
): IndexedAttribute => ({ tag, keyword, vr, owner, matching, column });
const identifying = (entry: IndexedAttribute): IndexedAttribute => ({ ...entry, identifying: true });

/** The attributes with a column of their own (PS3.18 Tables 10.6.1-3 and 10.6.3-3 to -5). */
export const INDEXED: readonly IndexedAttribute[] = [
  identifying(attribute('00100010', 'PatientName', 'PN', 'patient', 'name', 'p.name_key')),
  identifying(attribute('00100020', 'PatientID', 'LO', 'patient', 'text', 'coalesce(p.external_id, p.record_number)')),
  identifying(attribute('00100030', 'PatientBirthDate', 'DA', 'patient', 'date', 'p.birth_date')),
  attribute('00100040', 'PatientSex', 'CS', 'patient', 'text', 'p.sex'),
  attribute('0020000D', 'StudyInstanceUID', 'UI', 'study', 'uid', 't.study_instance_uid'),
  attribute('00080020', 'StudyDate', 'DA', 'study', 'date', 't.study_date'),
  attribute('00080030', 'StudyTime', 'TM', 'study', 'time', 't.study_time'),
  identifying(attribute('00080050', 'AccessionNumber', 'SH', 'study', 'text', 't.accession_number')),
  attribute('00080061', 'ModalitiesInStudy', 'CS', 'study', 'codes', 't.modalities'),
  identifying(attribute('00080090', 'ReferringPhysicianName', 'PN', 'study', 'text', 't.referrer')),
  attribute('00081030', 'StudyDescription', 'LO', 'study', 'text', 't.description'),
  attribute('00200010', 'StudyID', 'SH', 'study', 'text', 't.study_id'),
  attribute('00201206', 'NumberOfStudyRelatedSeries', 'IS', 'study', 'integer', 't.series_count'),
  attribute('00201208', 'NumberOfStudyRelatedInstances', 'IS', 'study', 'integer', 't.instance_count'),
  attribute('0020000E', 'SeriesInstanceUID', 'UI', 'series', 'uid', 'r.series_instance_uid'),
  attribute('00080060', 'Modality', 'CS', 'series', 'text', 'r.modality'),
  attribute('0008103E', 'SeriesDescription', 'LO', 'series', 'text', 'r.description'),
  attribute('00180015', 'BodyPartExamined', 'CS', 'series', 'text', 'r.body_part'),
  attribute('00200011', 'SeriesNumber', 'IS', 'series', 'integer', 'r.series_number'),
  attribute('00201209', 'NumberOfSeriesRelatedInstances', 'IS', 'series', 'integer', 'r.instance_count'),
  attribute('00080018', 'SOPInstanceUID', 'UI', 'instance', 'uid', 'i.sop_instance_uid'),
  attribute('00080016', 'SOPClassUID', 'UI', 'instance', 'uid', 'i.sop_class_uid'),
  attribute('00200013', 'InstanceNumber', 'IS', 'instance', 'integer', 'i.instance_number'),
  attribute('00280010', 'Rows', 'US', 'instance', 'integer', 'i.rows'),
  attribute('00280011', 'Columns', 'US', 'instance', 'integer', 'i.columns'),
  attribute('00280008', 'NumberOfFrames', 'IS', 'instance', 'integer', 'i.frames'),
  attribute('00280100', 'BitsAllocated', 'US', 'instance', 'integer', 'i.bits_allocated'),
];

const BY_NAME = new Map(INDEXED.flatMap((entry) => [[entry.tag, entry] as const, [entry.keyword, entry] as const]));

export const indexedAttribute = (name: string): IndexedAttribute | undefined =>
  BY_NAME.get(name) ?? BY_NAME.get(name.toUpperCase());

export interface StudyRow {
  readonly id: string;
  readonly group_id: string | null;
  readonly patient_id: string;
}

/**
 * The study that a UID names for this actor: its own group's first, then the ungrouped one. Administrators get every match, so
 * that an ambiguous UID can be refused.
 */
export const findStudies = (tx: Tx, studyInstanceUid: string, groupId: string | undefined): Promise<StudyRow[]> =>
  groupId === undefined
    ? tx.rows<StudyRow>(
        `SELECT t.id, t.group_id, t.patient_id FROM studies t JOIN patients p ON p.id = t.patient_id
         WHERE t.study_instance_uid = $1 AND t.deleted_at IS NULL AND p.deleted_at IS NULL ORDER BY t.group_id NULLS LAST`,
        [studyInstanceUid],
        'dicomweb-study',
      )
    : tx.rows<StudyRow>(
        `SELECT t.id, t.group_id, t.patient_id FROM studies t JOIN patients p ON p.id = t.patient_id
         WHERE t.study_instance_uid = $1 AND t.group_id = $2 AND t.deleted_at IS NULL AND p.deleted_at IS NULL`,
        [studyInstanceUid, groupId],
        'dicomweb-study-group',
      );
