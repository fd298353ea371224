import type { RowScope, Tx } from '../../platform/db/database.ts';
import type { QidoLevel } from './attributes.ts';
import type { QidoQuery } from './qido-query.ts';
import { addConditions, SqlBuilder } from './qido-sql.ts';

export interface DicomJsonElement {
  readonly vr: string;
  readonly Value?: readonly unknown[];
  readonly BulkDataURI?: string;
  readonly InlineBinary?: string;
}
export type DicomJson = Record<string, DicomJsonElement>;

/** One row of a search with the columns of its level and the levels above. */
export interface QidoRow {
  readonly group_id: string | null;
  readonly record_number: string;
  readonly external_id: string | null;
  readonly family_name: string;
  readonly given_name: string;
  readonly person_name: string;
  readonly birth_date: string | null;
  readonly sex: string;
  readonly study_instance_uid: string;
  readonly study_date: string | null;
  readonly study_time: string | null;
  readonly study_id: string | null;
  readonly accession_number: string | null;
  readonly study_description: string | null;
  readonly referrer: string | null;
  readonly modalities: string[];
  readonly study_series: number;
  readonly study_instances: number;
  readonly study_attributes: DicomJson;
  readonly series_instance_uid?: string;
  readonly modality?: string;
  readonly series_number?: number | null;
  readonly series_description?: string | null;
  readonly body_part?: string | null;
  readonly series_instances?: number;
  readonly series_attributes?: DicomJson;
  readonly sop_instance_uid?: string;
  readonly sop_class_uid?: string;
  readonly instance_number?: number | null;
  readonly rows?: number | null;
  readonly columns?: number | null;
  readonly frames?: number;
  readonly bits_allocated?: number | null;
}

const STUDY_COLUMNS = `t.group_id, p.record_number, p.external_id, p.family_name, p.given_name, p.person_name, p.birth_date, p.sex,
  t.study_instance_uid, t.study_date, t.study_time, t.study_id, t.accession_number, t.description AS study_description, t.referrer, t.modalities,
  t.series_count AS study_series, t.instance_count AS study_instances, t.attributes AS study_attributes`;
const SERIES_COLUMNS = `r.series_instance_uid, r.modality, r.series_number, r.description AS series_description, r.body_part,
  r.instance_count AS series_instances, r.attributes AS series_attributes`;
const INSTANCE_COLUMNS = 'i.sop_instance_uid, i.sop_class_uid, i.instance_number, i.rows, i.columns, i.frames, i.bits_allocated';

const FROM: Record<QidoLevel, string> = {
  studies: 'studies t JOIN patients p ON p.id = t.patient_id',
  series: 'series r JOIN studies t ON t.id = r.study_id JOIN patients p ON p.id = t.patient_id',
  instances:
    'instances i JOIN series r ON r.id = i.series_id JOIN studies t ON t.id = r.study_id JOIN patients p ON p.id = t.patient_id',
};
const COLUMNS: Record<QidoLevel, string> = {
  studies: STUDY_COLUMNS,
  series: `${STUDY_COLUMNS}, ${SERIES_COLUMNS}`,
  instances: `${STUDY_COLUMNS}, ${SERIES_COLUMNS}, ${INSTANCE_COLUMNS}`,
};
const ORDER: Record<QidoLevel, string> = {
  studies: 't.study_date DESC NULLS LAST, t.id',
  series: 't.study_date DESC NULLS LAST, t.id, r.series_number NULLS LAST, r.id',
  instances: 't.study_date DESC NULLS LAST, t.id, r.series_number NULLS LAST, r.id, i.instance_number NULLS LAST, i.id',
};

/** Rows of the search and whether more stand behind the limit. `groupId` narrows an administrator's view to one partition. */
export async function searchRows(
  tx: Tx,
  query: QidoQuery,
  scope: RowScope,
  groupId: string | undefined,
): Promise<{ rows: QidoRow[]; more: boolean }> {
  const sql = new SqlBuilder();
  addConditions(sql, query, scope);
  if (groupId !== undefined) sql.where(`t.group_id = ${sql.param(groupId)}`);
  const rows = await tx.rows<QidoRow>(
    `SELECT ${COLUMNS[query.level]} FROM ${FROM[query.level]} WHERE ${sql.conditions.join(' AND ')}
     ORDER BY ${ORDER[query.level]} LIMIT ${sql.param(query.limit + 1)} OFFSET ${sql.param(query.offset)}`,
    sql.values,
  );
  return { rows: rows.slice(0, query.limit), more: rows.length > query.limit };
}
