import type { Plans } from '../../platform/db/database.ts';
import { type RowOf, type Statement, statement } from '../../platform/db/statements.ts';
import type { QidoLevel } from './attributes.ts';

/** One matching key as the database's qido_condition() reads it (migration 0041). */
export type QidoKey = Readonly<Record<string, string | readonly string[]>>;

/** What to look for, by columns and kept attributes of the index. */
export interface QidoSearch {
  readonly level: QidoLevel;
  readonly keys: readonly QidoKey[];
  readonly limit: number;
  readonly offset: number;
  /** Only what stands behind this in the order of the answer; `offset` is 0 then. */
  readonly after?: QidoPlace;
  /** Whether all studies behind a place may be read along the index of dates: for who sees most of those that stand there. */
  readonly along?: boolean;
  /** Whether the rows have the attributes that are kept as DICOM JSON: those with a column of their own are in every one. */
  readonly withKept: boolean;
  /** The attributes that are put together of the rows, where these are few: what none of them needs is not read. */
  readonly tags?: ReadonlySet<string>;
}

/** The place of a row in the order of its level: the newest study first, those without a date last, series and instances by their numbers. */
export interface QidoPlace {
  /** null where the study has none. */
  readonly date: string | null;
  /** Ids of rows. */
  readonly study: string;
  readonly seriesNumber?: number | null | undefined;
  readonly series?: string | undefined;
  readonly instanceNumber?: number | null | undefined;
  readonly instance?: string | undefined;
}

export interface DicomJsonElement {
  readonly vr: string;
  readonly Value?: readonly unknown[];
  readonly BulkDataURI?: string;
  readonly InlineBinary?: string;
}
export type DicomJson = Record<string, DicomJsonElement>;

/** One row of a search with the columns of its level and the levels above, as far as it asked for them. */
export interface QidoRow {
  readonly group_id?: string | null;
  readonly record_number: string;
  /** What the files say or a person gave; null where neither did, and the record number where a person took away what the files say. */
  readonly patient_id: string | null;
  readonly family_name: string;
  readonly given_name: string;
  readonly person_name: string;
  readonly birth_date?: string | null;
  readonly sex?: string;
  /** Of the patient's record. */
  readonly patient_row: string;
  readonly study_row: string;
  readonly study_instance_uid: string;
  readonly study_date: string | null;
  readonly study_time?: string | null;
  readonly study_id?: string | null;
  readonly accession_number?: string | null;
  readonly study_description?: string | null;
  /** The name as received, its groups separated by equals signs (PS3.5 6.2.1). */
  readonly referrer?: string | null;
  readonly modalities?: string[];
  readonly study_series?: number;
  readonly study_instances?: number;
  /** Kept attributes are read only when the search asks for some. */
  readonly study_attributes?: DicomJson;
  readonly series_row?: string;
  readonly series_instance_uid?: string;
  readonly modality?: string;
  readonly series_number?: number | null;
  readonly series_description?: string | null;
  readonly body_part?: string | null;
  readonly series_instances?: number;
  readonly series_attributes?: DicomJson;
  readonly instance_id?: string;
  /** Of the stored instance, where the search asked for such. */
  readonly instance_attributes?: DicomJson;
  readonly sop_instance_uid?: string;
  readonly sop_class_uid?: string;
  readonly transfer_syntax_uid?: string;
  readonly instance_number?: number | null;
  readonly rows?: number | null;
  readonly columns?: number | null;
  readonly frames?: number;
  readonly bits_allocated?: number | null;
}

/** Who it is, and when: what a list of a scanner or a workstation shows. Of thousands of rows the writing and reading of columns is most of what they cost. */
const LEAST_STUDY_COLUMNS = `p.record_number, p.family_name, p.given_name, p.person_name,
  coalesce(p.external_id, CASE WHEN t.received_identity->>'patientId' = '' THEN NULL ELSE p.record_number END) AS patient_id,
  p.id AS patient_row, t.id AS study_row, t.study_instance_uid, t.study_date`;
const FEW_STUDY_COLUMNS = `${LEAST_STUDY_COLUMNS}, p.birth_date, p.sex`;
/** Attributes that need no others, beside those that are the same in every answer. */
const LEAST_TAGS: readonly string[] = ['00080020', '0020000D', '00100010', '00100020'];
const FEW_TAGS: readonly string[] = [...LEAST_TAGS, '00100030', '00100040'];
/** Referring Physician's Name, which is read from what is kept as DICOM JSON: that takes longer than all others. */
const REFERRER = '00080090';
const PLAIN_STUDY_COLUMNS = `${FEW_STUDY_COLUMNS}, t.group_id, t.study_time, t.study_id, t.accession_number, t.description AS study_description, t.modalities,
  t.series_count AS study_series, t.instance_count AS study_instances`;
const STUDY_COLUMNS = `${PLAIN_STUDY_COLUMNS}, qido_said(t.attributes #> '{00080090,Value,0}') AS referrer`;
const SERIES_COLUMNS = `r.id AS series_row, r.series_instance_uid, r.modality, r.series_number, r.description AS series_description, r.body_part,
  r.instance_count AS series_instances`;
const INSTANCE_COLUMNS =
  'i.id AS instance_id, i.sop_instance_uid, i.sop_class_uid, i.transfer_syntax_uid, i.instance_number, i.rows, i.columns, i.frames, i.bits_allocated';

const COLUMNS = {
  studies: STUDY_COLUMNS,
  series: `${STUDY_COLUMNS}, ${SERIES_COLUMNS}`,
  instances: `${STUDY_COLUMNS}, ${SERIES_COLUMNS}, ${INSTANCE_COLUMNS}`,
} as const;
const STUDY_KEPT = ', t.attributes AS study_attributes';
const SERIES_KEPT = ', t.attributes AS study_attributes, r.attributes AS series_attributes';

/** Of long ranges a small group may have few: there the statistics know better than a plan for any dates. */
const MOST_DAYS = 31;

/** First and last day of a search for the studies of some days and nothing else. */
function daysOf(level: QidoLevel, keys: readonly QidoKey[]): readonly [string, string] | undefined {
  const [key] = keys;
  if (level !== 'studies' || keys.length !== 1 || key?.op !== 'date' || key.tag !== '00080020') return undefined;
  const { from, to } = key;
  if (typeof from !== 'string' || typeof to !== 'string') return undefined;
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  return days >= 0 && days <= MOST_DAYS ? [from, to] : undefined;
}

const STUDY_ORDER = 't.study_date DESC NULLS LAST, t.id';

/** Comparisons of dates are leakproof: under row-level security as well they find their index, and the rows are read on the way. */
const ofDays = <const C extends string>(columns: C) =>
  `SELECT ${columns} FROM studies t JOIN patients p ON p.id = t.patient_id
   WHERE t.study_date >= $1 AND t.study_date <= $2 AND ($6::uuid IS NULL OR t.study_date < $2 OR t.id > $6) AND t.deleted_at IS NULL AND p.deleted_at IS NULL AND ($3::uuid IS NULL OR t.group_id = $3)
   ORDER BY ${STUDY_ORDER} LIMIT $4 OFFSET $5` as const;

/**
 * All studies behind a place, read on the way: nothing is matched by which the index of dates were lost. Never more than so many of all partitions ($3) are walked
 * past, for of those that are not in sight the policies know only when they are read.
 */
const alongDatesOf = <const C extends string>(columns: C) =>
  `SELECT ${columns} FROM studies t JOIN patients p ON p.id = t.patient_id
   WHERE t.study_date <= $1 AND (t.study_date < $1 OR t.id > $2) AND t.study_date > (SELECT qido_until($1, $2, $3)) AND t.deleted_at IS NULL AND p.deleted_at IS NULL AND ($4::uuid IS NULL OR t.group_id = $4)
   ORDER BY ${STUDY_ORDER} LIMIT $5` as const;
const ALONG_DATES = { least: alongDatesOf(LEAST_STUDY_COLUMNS), few: alongDatesOf(FEW_STUDY_COLUMNS) } as const;

/**
 * Ids are found by the owner's function within the transaction's scope, for text has no leakproof index; the rows are read under its policies. A subquery, or
 * the planner would run the function to know how many it finds, and then read every patient for two thousand of them.
 */
const ofKeys = <const C extends string, const F extends string>(columns: C, from: F) =>
  `SELECT ${columns} FROM unnest((SELECT qido_search($1, $2))) WITH ORDINALITY AS found (id, place) JOIN ${from} ORDER BY found.place` as const;
const STUDIES = 'studies t ON t.id = found.id JOIN patients p ON p.id = t.patient_id';
const SERIES = 'series r ON r.id = found.id JOIN studies t ON t.id = r.study_id JOIN patients p ON p.id = t.patient_id';
const INSTANCES =
  'instances i ON i.id = found.id JOIN series r ON r.id = i.series_id JOIN studies t ON t.id = r.study_id JOIN patients p ON p.id = t.patient_id';

/** The statements of each level, without and with the attributes that are kept as DICOM JSON. */
const BY_KEYS = {
  studies: ofKeys(COLUMNS.studies, STUDIES),
  series: ofKeys(COLUMNS.series, SERIES),
  instances: ofKeys(COLUMNS.instances, INSTANCES),
} as const;
const BY_KEYS_WITH_KEPT = {
  studies: ofKeys(`${COLUMNS.studies}${STUDY_KEPT}`, STUDIES),
  series: ofKeys(`${COLUMNS.series}${SERIES_KEPT}`, SERIES),
  instances: ofKeys(`${COLUMNS.instances}${SERIES_KEPT}`, INSTANCES),
} as const;
const BY_PLAIN_KEYS = {
  studies: ofKeys(PLAIN_STUDY_COLUMNS, STUDIES),
  series: ofKeys(`${PLAIN_STUDY_COLUMNS}, ${SERIES_COLUMNS}`, SERIES),
  instances: ofKeys(`${PLAIN_STUDY_COLUMNS}, ${SERIES_COLUMNS}, ${INSTANCE_COLUMNS}`, INSTANCES),
} as const;
const BY_FEW_KEYS = ofKeys(FEW_STUDY_COLUMNS, STUDIES);
const BY_LEAST_KEYS = ofKeys(LEAST_STUDY_COLUMNS, STUDIES);
const BY_DAYS = ofDays(COLUMNS.studies);
const BY_DAYS_WITH_KEPT = ofDays(`${COLUMNS.studies}${STUDY_KEPT}`);
export type QidoStatement = Statement<
  | (typeof BY_KEYS)[QidoLevel]
  | (typeof BY_KEYS_WITH_KEPT)[QidoLevel]
  | (typeof BY_PLAIN_KEYS)[QidoLevel]
  | typeof BY_FEW_KEYS
  | typeof BY_LEAST_KEYS
  | typeof BY_DAYS
  | typeof BY_DAYS_WITH_KEPT
  | (typeof ALONG_DATES)[keyof typeof ALONG_DATES]
>;

export const placeOf = (row: QidoRow): QidoPlace => ({
  date: row.study_date,
  study: row.study_row,
  seriesNumber: row.series_number,
  series: row.series_row,
  instanceNumber: row.instance_number,
  instance: row.instance_id,
});

/** The statement of a level, and what its name ends with. */
function ofLevel({ level, withKept, tags }: QidoSearch) {
  if (withKept) return { text: BY_KEYS_WITH_KEPT[level], ending: '-kept' };
  if (tags === undefined || tags.has(REFERRER)) return { text: BY_KEYS[level], ending: '' };
  const isOf = (some: readonly string[]): boolean => level === 'studies' && [...tags].every((tag) => some.includes(tag));
  if (isOf(LEAST_TAGS)) return { text: BY_LEAST_KEYS, ending: '-least' };
  return isOf(FEW_TAGS) ? { text: BY_FEW_KEYS, ending: '-few' } : { text: BY_PLAIN_KEYS[level], ending: '-plain' };
}

/** A run of all there is, behind a place; undefined for what matches or shows more, and behind the last that has a date. */
function alongDates(search: QidoSearch, groupId: string | undefined) {
  const { level, keys, limit, after, along } = search;
  if (along !== true || level !== 'studies' || keys.length > 0 || after?.date == null) return undefined;
  const { text } = ofLevel(search);
  const values = [after.date, after.study, 2 * limit, groupId ?? null, limit + 1] as const;
  if (text === BY_LEAST_KEYS) return statement(ALONG_DATES.least, values, 'qido-along-least');
  return text === BY_FEW_KEYS ? statement(ALONG_DATES.few, values, 'qido-along') : undefined;
}

/** What is asked of the database, in which order of plans. */
function statementOf(search: QidoSearch, groupId: string | undefined): { asked: QidoStatement; plans: Plans } {
  const { level, keys, limit, offset, after, withKept } = search;
  // One more than asked for tells whether something was cut.
  const most = limit + 1;
  const days = daysOf(level, keys);
  if (days !== undefined) {
    const values = [days[0], after?.date ?? days[1], groupId ?? null, most, offset, after?.study ?? null] as const;
    const name = withKept ? 'qido-days-kept' : 'qido-days';
    return { asked: statement(withKept ? BY_DAYS_WITH_KEPT : BY_DAYS, values, name), plans: 'in-order' };
  }
  const { text, ending } = ofLevel(search);
  const wanted = JSON.stringify({ keys, limit: most, offset, after, ...(groupId === undefined ? {} : { groupId }) });
  return { asked: statement(text, [level, wanted], `qido-${level}${ending}`), plans: 'once' };
}

/** Rows of a search. */
export interface QidoRows {
  readonly rows: QidoRow[];
  /** Whether more stand behind the limit; where `isThin`, whether there are any is to be asked. */
  readonly more: boolean;
  /** A walk along the index ended before it had found enough: what follows is found sooner without one. */
  readonly isThin?: true;
}

/**
 * Rows of the search and whether more stand behind the limit. `ask` runs the one statement in a transaction of the actor's scope, planned
 * as it says. `groupId` narrows the view to one partition.
 */
export async function searchRows(
  ask: (statement: QidoStatement, plans: Plans) => Promise<RowOf<QidoStatement>[]>,
  search: QidoSearch,
  groupId: string | undefined,
): Promise<QidoRows> {
  const { limit } = search;
  const walk = alongDates(search, groupId);
  const { asked, plans } = walk === undefined ? statementOf(search, groupId) : { asked: walk, plans: 'in-order' as const };
  const rows: QidoRow[] = await ask(asked, plans);
  const isCut = rows.length > limit;
  const isThin = walk !== undefined && !isCut;
  // A copy would have to be emptied as well (`searchIndex`).
  if (isCut) rows.pop();
  return { rows, more: isCut || isThin, ...(isThin ? { isThin } : {}) };
}
