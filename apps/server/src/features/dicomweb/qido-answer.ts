import { shownName } from '../../platform/coercion/index.ts';
import { INDEXED } from './attributes.ts';
import { pseudonymise } from './pseudonym.ts';
import type { QidoQuery } from './qido-query.ts';
import type { DicomJson, DicomJsonElement, QidoRow } from './qido-repository.ts';

const element = (vr: string, value: string | number | null | undefined): DicomJsonElement =>
  value === null || value === undefined || value === '' ? { vr } : { vr, Value: [value] };
const compactDate = (date: string | null): string | null => date?.replaceAll('-', '') ?? null;
const compactTime = (time: string | null): string | null => time?.replaceAll(':', '') ?? null;

/** PN as DICOM JSON (PS3.18 F.2.2): the groups of the value, empty ones left out. */
export function personName(value: string | null): DicomJsonElement {
  if (value === null || value === '') return { vr: 'PN' };
  const [alphabetic = '', ideographic = '', phonetic = ''] = value.split('=');
  const name = {
    ...(alphabetic === '' ? {} : { Alphabetic: alphabetic }),
    ...(ideographic === '' ? {} : { Ideographic: ideographic }),
    ...(phonetic === '' ? {} : { Phonetic: phonetic }),
  };
  return { vr: 'PN', Value: [name] };
}

type PatientColumns = Pick<
  QidoRow,
  'record_number' | 'external_id' | 'family_name' | 'given_name' | 'person_name' | 'birth_date' | 'sex'
>;

/** The patient as the index knows them: what every answer shows, whatever the stored file says. A pseudonym is the record number. */
export function patientElements(row: PatientColumns, identity: boolean): DicomJson {
  if (!identity) {
    return {
      '00100010': personName(row.record_number),
      '00100020': element('LO', row.record_number),
      '00100040': element('CS', sexOf(row.sex)),
    };
  }
  return {
    '00100010': personName(shownName(row)),
    '00100020': element('LO', row.external_id ?? row.record_number),
    '00100030': element('DA', compactDate(row.birth_date)),
    '00100040': element('CS', sexOf(row.sex)),
  };
}

/** The index keeps U for unknown, which PS3.3 C.2.3 has no code for: an empty value says it. */
const sexOf = (sex: string): string | null => (sex === 'U' ? null : sex);

function studyElements(row: QidoRow, base: string, identity: boolean): DicomJson {
  return {
    '00080020': element('DA', compactDate(row.study_date)),
    '00080030': element('TM', compactTime(row.study_time)),
    '00080050': element('SH', identity ? row.accession_number : null),
    '00080056': element('CS', 'ONLINE'),
    '00080061': row.modalities.length === 0 ? { vr: 'CS' } : { vr: 'CS', Value: row.modalities },
    '00080090': personName(identity ? row.referrer : null),
    '00081030': element('LO', row.study_description),
    '00081190': element('UR', `${base}/studies/${row.study_instance_uid}`),
    ...patientElements(row, identity),
    '0020000D': element('UI', row.study_instance_uid),
    '00200010': element('SH', row.study_id),
    '00201206': element('IS', row.study_series),
    '00201208': element('IS', row.study_instances),
  };
}

function seriesElements(row: QidoRow, base: string): DicomJson {
  return {
    '00080060': element('CS', row.modality),
    '0008103E': element('LO', row.series_description),
    '00081190': element('UR', `${base}/studies/${row.study_instance_uid}/series/${row.series_instance_uid}`),
    '00180015': element('CS', row.body_part),
    '0020000E': element('UI', row.series_instance_uid),
    '00200011': element('IS', row.series_number),
    '00201209': element('IS', row.series_instances),
  };
}

function instanceElements(row: QidoRow, base: string): DicomJson {
  return {
    '00080016': element('UI', row.sop_class_uid),
    '00080018': element('UI', row.sop_instance_uid),
    '00081190': element(
      'UR',
      `${base}/studies/${row.study_instance_uid}/series/${row.series_instance_uid}/instances/${row.sop_instance_uid}`,
    ),
    '00083002': element('UI', row.transfer_syntax_uid),
    '00200013': element('IS', row.instance_number),
    '00280008': row.frames === undefined || row.frames === 0 ? { vr: 'IS' } : element('IS', row.frames),
    '00280010': element('US', row.rows),
    '00280011': element('US', row.columns),
    '00280100': element('US', row.bits_allocated),
  };
}

const IDENTIFYING = new Set(INDEXED.filter((entry) => entry.identifying).map((entry) => entry.tag));

/** The part of a dataset that a path of tags names: the attribute, or within a sequence's items the attributes below. */
function picked(json: DicomJson, [tag = '', ...rest]: readonly string[]): DicomJson {
  const found = json[tag];
  if (found === undefined) return {};
  if (rest.length === 0 || found.vr !== 'SQ') return { [tag]: found };
  return { [tag]: { vr: 'SQ', Value: (found.Value ?? []).map((item) => picked(item as DicomJson, rest)) } }; // Items are datasets.
}

/** Kept attributes of the level and those above that the search asked for; without identity only what a pseudonymised answer may show. */
function included(row: QidoRow, query: QidoQuery, identity: boolean): DicomJson {
  if (!query.includeAll && query.include.length === 0) return {};
  const kept = { ...row.instance_attributes, ...row.study_attributes, ...row.series_attributes };
  const stored = identity ? kept : pseudonymise(kept);
  return query.includeAll ? stored : Object.assign({}, ...query.include.map((path) => picked(stored, path)));
}

/** What JSON writes as it stands: no control character, quotation mark, backslash or half of a surrogate pair. */
const PLAIN = /^[ !#-[\]-\uD7FF\uE000-\uFFFD]*$/;

function valueText(value: unknown): string {
  if (typeof value === 'string' && PLAIN.test(value)) return `"${value}"`;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : JSON.stringify(value ?? null);
}

function elementText(element: DicomJsonElement): string {
  const { vr, Value, BulkDataURI, InlineBinary } = element;
  if (BulkDataURI !== undefined || InlineBinary !== undefined) return JSON.stringify(element);
  if (Value === undefined) return `{"vr":"${vr}"}`;
  const text = vr === 'SQ' ? (item: unknown) => dicomJsonText(item as DicomJson) : valueText; // Items are datasets.
  return `{"vr":"${vr}","Value":[${Value.map(text).join(',')}]}`;
}

/** A dataset as text in ascending order of tags: objects would put `52009229` before `00080005`, because it looks like an index. */
export function dicomJsonText(json: DicomJson): string {
  const tags = Object.keys(json);
  if (tags.some((tag, index) => index > 0 && tag < (tags[index - 1] ?? ''))) tags.sort();
  return `{${tags.map((tag) => `"${tag}":${elementText(json[tag] ?? { vr: 'UN' })}`).join(',')}}`;
}

/** One result with the required and customary attributes of its level (PS3.18 Tables 10.6.3-3 to -5). */
export function qidoResult(row: QidoRow, query: QidoQuery, base: string, identity: boolean): DicomJson {
  const result: DicomJson = { ...included(row, query, identity), ...studyElements(row, base, identity) };
  if (query.level !== 'studies') Object.assign(result, seriesElements(row, base));
  if (query.level === 'instances') Object.assign(result, instanceElements(row, base));
  if (!identity) for (const tag of IDENTIFYING) if (tag !== '00100010' && tag !== '00100020') delete result[tag];
  return result;
}
