import { type Column, type ColumnValue, type DicomJsonElement, type DicomJsonObject, isKnownCode } from '@negatoscope/dicom';
import { shownName } from '../../../archive/coercion/index.ts';
import { INDEXED, type QidoLevel } from '../../../archive/search/attributes.ts';
import type { DicomJson, QidoRow } from '../../../archive/search/qido-repository.ts';

/** One attribute of an answer, as DICOM JSON or as bytes: where its value is in a row. A name is text with its groups separated by equals signs (PS3.5 6.2.1). */
interface Element<Row> {
  readonly tag: string;
  readonly vr: string;
  readonly of: (row: Row, base: string) => ColumnValue;
}

type PatientColumns = Pick<
  QidoRow,
  'record_number' | 'patient_id' | 'family_name' | 'given_name' | 'person_name' | 'birth_date' | 'sex'
>;

const compactDate = (date: string | null | undefined): string | null => date?.replaceAll('-', '') ?? null;
const compactTime = (time: string | null | undefined): string | null => time?.replaceAll(':', '') ?? null;
/** A name has three groups, and no delimiters behind the last that is not empty (PS3.5 6.2.1.1). */
const groupsOf = (name: string | null | undefined): string | null =>
  (name?.includes('=') ? name.split('=', 3).join('=').replace(/=+$/, '') : name) ?? null;
/** The index keeps U for unknown, which PS3.3 C.2.3 has no code for: an empty value says it. */
const sexOf = ({ sex }: PatientColumns): string | null | undefined => (sex === 'U' ? null : sex);

const PATIENT: readonly Element<PatientColumns>[] = [
  { tag: '00100010', vr: 'PN', of: (row) => groupsOf(shownName(row)) },
  { tag: '00100020', vr: 'LO', of: (row) => row.patient_id },
  { tag: '00100030', vr: 'DA', of: (row) => compactDate(row.birth_date) },
  { tag: '00100040', vr: 'CS', of: sexOf },
];
/** A pseudonym is the record number; the sex is empty, as the Basic Profile leaves it (PS3.15 Table E.1-1). */
const PSEUDONYM: readonly Element<Pick<PatientColumns, 'record_number'>>[] = [
  { tag: '00100010', vr: 'PN', of: (row) => row.record_number },
  { tag: '00100020', vr: 'LO', of: (row) => row.record_number },
  { tag: '00100040', vr: 'CS', of: () => null },
];
const STUDY: readonly Element<QidoRow>[] = [
  { tag: '00080020', vr: 'DA', of: (row) => compactDate(row.study_date) },
  { tag: '00080030', vr: 'TM', of: (row) => compactTime(row.study_time) },
  { tag: '00080050', vr: 'SH', of: (row) => row.accession_number },
  { tag: '00080056', vr: 'CS', of: () => 'ONLINE' },
  { tag: '00080061', vr: 'CS', of: (row) => row.modalities },
  { tag: '00080090', vr: 'PN', of: (row) => groupsOf(row.referrer) },
  { tag: '00081030', vr: 'LO', of: (row) => row.study_description },
  { tag: '00081190', vr: 'UR', of: (row, base) => `${base}/studies/${row.study_instance_uid}` },
  { tag: '0020000D', vr: 'UI', of: (row) => row.study_instance_uid },
  { tag: '00200010', vr: 'SH', of: (row) => row.study_id },
  { tag: '00201206', vr: 'IS', of: (row) => row.study_series },
  { tag: '00201208', vr: 'IS', of: (row) => row.study_instances },
];
const SERIES: readonly Element<QidoRow>[] = [
  { tag: '00080060', vr: 'CS', of: (row) => row.modality },
  { tag: '0008103E', vr: 'LO', of: (row) => row.series_description },
  { tag: '00081190', vr: 'UR', of: (row, base) => `${base}/studies/${row.study_instance_uid}/series/${row.series_instance_uid}` },
  { tag: '00180015', vr: 'CS', of: (row) => row.body_part },
  { tag: '0020000E', vr: 'UI', of: (row) => row.series_instance_uid },
  { tag: '00200011', vr: 'IS', of: (row) => row.series_number },
  { tag: '00201209', vr: 'IS', of: (row) => row.series_instances },
];
const INSTANCE: readonly Element<QidoRow>[] = [
  { tag: '00080016', vr: 'UI', of: (row) => row.sop_class_uid },
  { tag: '00080018', vr: 'UI', of: (row) => row.sop_instance_uid },
  {
    tag: '00081190',
    vr: 'UR',
    of: (row, base) =>
      `${base}/studies/${row.study_instance_uid}/series/${row.series_instance_uid}/instances/${row.sop_instance_uid}`,
  },
  { tag: '00083002', vr: 'UI', of: (row) => row.transfer_syntax_uid },
  { tag: '00200013', vr: 'IS', of: (row) => row.instance_number },
  { tag: '00280008', vr: 'IS', of: (row) => (row.frames === 0 ? null : row.frames) },
  { tag: '00280010', vr: 'US', of: (row) => row.rows },
  { tag: '00280011', vr: 'US', of: (row) => row.columns },
  { tag: '00280100', vr: 'US', of: (row) => row.bits_allocated },
];
const BELOW: Record<QidoLevel, readonly (readonly Element<QidoRow>[])[]> = {
  studies: [],
  series: [SERIES],
  instances: [SERIES, INSTANCE],
};

export const IDENTIFYING: ReadonlySet<string> = new Set(INDEXED.filter((entry) => entry.identifying).map((entry) => entry.tag));

/** With the constant beginning of its text. */
interface Headed extends Element<QidoRow> {
  readonly head: string;
}

/** A code string that is none is empty for who sees pseudonyms: a file may have anything in its place. */
function asCode(element: Element<QidoRow>): Element<QidoRow> {
  if (element.vr !== 'CS') return element;
  const codeOf = (value: ColumnValue): ColumnValue =>
    typeof value === 'object' && value !== null ? value.filter(isKnownCode) : isKnownCode(String(value ?? '')) ? value : null;
  return { ...element, of: (row, base) => codeOf(element.of(row, base)) };
}

/** Ascending by tag; where two levels have an attribute (RetrieveURL), the lower one's. */
function elementsOf(level: QidoLevel, identity: boolean): readonly Headed[] {
  const own = [STUDY, ...BELOW[level]].flat();
  const all = identity ? [...own, ...PATIENT] : [...own.filter(({ tag }) => !IDENTIFYING.has(tag)).map(asCode), ...PSEUDONYM];
  const byTag = new Map(all.map((element) => [element.tag, element]));
  const sorted = [...byTag.values()].sort((a, b) => (a.tag < b.tag ? -1 : 1));
  return sorted.map((element, at) => ({ ...element, head: `${at === 0 ? '{' : ','}"${element.tag}":{"vr":"${element.vr}"` }));
}
const LEVELS: readonly QidoLevel[] = ['studies', 'series', 'instances'];
const listsOf = (identity: boolean): ReadonlyMap<QidoLevel, readonly Headed[]> =>
  new Map(LEVELS.map((level) => [level, elementsOf(level, identity)]));
const [NAMED, UNNAMED] = [listsOf(true), listsOf(false)];
const shownAt = (level: QidoLevel, identity: boolean): readonly Headed[] => (identity ? NAMED : UNNAMED).get(level) ?? [];

/** PN as DICOM JSON (PS3.18 F.2.2): the groups of the value, empty ones left out. */
function personName(value: string): Record<string, string> {
  const [alphabetic = '', ideographic = '', phonetic = ''] = value.split('=');
  return {
    ...(alphabetic === '' ? {} : { Alphabetic: alphabetic }),
    ...(ideographic === '' ? {} : { Ideographic: ideographic }),
    ...(phonetic === '' ? {} : { Phonetic: phonetic }),
  };
}

const isEmpty = (value: ColumnValue): value is null | undefined =>
  value === null || value === undefined || value === '' || (typeof value === 'object' && value.length === 0);

function jsonOf<Row>(elements: readonly Element<Row>[], row: Row, base: string): DicomJson {
  const json: DicomJson = {};
  for (const { tag, vr, of } of elements) {
    const value = of(row, base);
    if (isEmpty(value)) json[tag] = { vr };
    else if (typeof value === 'object') json[tag] = { vr, Value: value };
    else json[tag] = { vr, Value: [vr === 'PN' ? personName(String(value)) : value] };
  }
  return json;
}

/** The patient as who sees pseudonyms has them, whatever the stored file says. */
export const pseudonymElements = (row: Pick<PatientColumns, 'record_number'>): DicomJson => jsonOf(PSEUDONYM, row, '');

/** Who the patient is, by which what of the index is shown without identity is judged. */
export const patientElements = (row: PatientColumns): DicomJsonObject => jsonOf(PATIENT, row, '') as DicomJsonObject; // Names and texts alone.

/** The required and customary attributes of a level and those above it (PS3.18 Tables 10.6.3-3 to -5). */
export const levelElements = (row: QidoRow, level: QidoLevel, base: string, identity: boolean): DicomJson =>
  jsonOf(shownAt(level, identity), row, base);

/** An attribute as the rows of a level have it for who sees identities: with a column of its own, or kept as DICOM JSON, whose VR is the row's. */
export function columnOf(level: QidoLevel, tag: string): Pick<Column<QidoRow>, 'of'> & { readonly vr?: string } {
  const shown = shownAt(level, true).find((element) => element.tag === tag);
  if (shown !== undefined) return { vr: shown.vr, of: (row) => shown.of(row, '') };
  // Written by ingest: values of DICOM JSON.
  return { of: (row) => (row.series_attributes?.[tag] ?? row.study_attributes?.[tag]) as DicomJsonElement | undefined };
}

/** What JSON writes as it stands: no control character, quotation mark, backslash or half of a surrogate pair. */
const PLAIN = /^[ !#-[\]-\uD7FF\uE000-\uFFFD]*$/;

export function valueText(value: unknown): string {
  if (typeof value === 'string' && PLAIN.test(value)) return `"${value}"`;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : JSON.stringify(value ?? null);
}

function shownText(vr: string, value: string | number | readonly string[]): string {
  if (typeof value === 'object') return value.map(valueText).join(',');
  if (vr !== 'PN') return valueText(value);
  const name = String(value);
  return name.includes('=') ? JSON.stringify(personName(name)) : `{"Alphabetic":${valueText(name)}}`;
}

/** The text of `levelElements`, put together at once: most answers are nothing else, and worklists have thousands of rows. */
export function levelText(row: QidoRow, level: QidoLevel, base: string, identity: boolean): string {
  let text = '';
  for (const { head, vr, of } of shownAt(level, identity)) {
    const value = of(row, base);
    text += isEmpty(value) ? `${head}}` : `${head},"Value":[${shownText(vr, value)}]}`;
  }
  return `${text}}`;
}
