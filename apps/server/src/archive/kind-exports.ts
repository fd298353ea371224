import type { Permission } from '@negatoscope/contract';
import type { ReadTx } from '../platform/db/database.ts';
import { composed } from '../platform/db/statements.ts';
import type { ExportedKind, Level, RowKind, RowKinds } from './row-kind.ts';

/** A row of a kind that leaves: the columns that its kind names, and by `hangsOn` what it hangs on, a UID or record number. */
export interface ExportedRow {
  readonly json: Readonly<Record<string, unknown>>;
  readonly object: { readonly id: string; readonly sizeBytes: number; readonly sha256: Buffer } | undefined;
}

/** All rows of one kind that leave beside a patient or study. */
export interface ExportedRows {
  readonly table: string;
  readonly extension: string | undefined;
  readonly rows: readonly ExportedRow[];
}

/** What rows of each level are told to hang on, and how they are found from the patient (rows of patients) or study (all others) that is `$1`. */
const HANGS: Readonly<Record<Level, { readonly on: string; readonly join: string }>> = {
  patient: { on: 'p.record_number', join: 'JOIN patients p ON p.id = k.KEY WHERE p.id = $1' },
  study: { on: 't.study_instance_uid', join: 'JOIN studies t ON t.id = k.KEY WHERE t.id = $1' },
  series: { on: 's.series_instance_uid', join: 'JOIN series s ON s.id = k.KEY WHERE s.study_id = $1' },
  instance: {
    on: 'i.sop_instance_uid',
    join: 'JOIN instances i ON i.id = k.KEY JOIN series s ON s.id = i.series_id WHERE s.study_id = $1',
  },
};

/** The kinds whose rows who asks may read: an export holds nothing else of what hangs there. */
export const kindsFor = (kinds: RowKinds, may: (permission: Permission) => boolean): RowKinds =>
  kinds.filter(({ export: leaves }) => leaves !== 'stays' && may(leaves.permission));

/** The shape of what any kind gives. */
const LIKE = `SELECT to_jsonb(i) AS json, NULL::uuid AS object, NULL::bigint AS size, NULL::bytea AS sha256 FROM instances i`;

function textOf({ table, level, key, object }: RowKind, { columns, computed = {}, only = 'true' }: ExportedKind): string {
  const { on, join } = HANGS[level];
  const fields = [...columns.map((column) => [column, `k.${column}`] as const), ...Object.entries(computed)];
  const json = `jsonb_build_object(${['$2::text', on, ...fields.flatMap(([name, value]) => [`'${name}'`, value])].join(', ')})`;
  const kept = object?.while === undefined ? '' : `WHERE ${object.while}`;
  const named =
    object === undefined ? 'NULL::uuid AS object, NULL::bigint AS size, NULL::bytea AS sha256' : `o.object, o.size, o.sha256`;
  const objects =
    object === undefined
      ? ''
      : `LEFT JOIN (SELECT id, ${object.column} AS object, ${object.size} AS size, ${object.sha256} AS sha256 FROM ${table} ${kept}) o ON o.id = k.id`;
  const [joined = '', where = ''] = join.replace('KEY', key).split(' WHERE ');
  return `SELECT ${json} AS json, ${named} FROM ${table} k ${joined} ${objects} WHERE ${where} AND ${only} ORDER BY k.id`;
}

/**
 * What of declared kinds leaves with a patient (what hangs on the patient itself) or with a study (all that hangs below it), in the transaction's scope.
 * The rows of one kind and study are read at once: they are made by people, not by scanners.
 */
export async function exportedRows(tx: ReadTx, kinds: RowKinds, of: 'patient' | 'study', id: string): Promise<ExportedRows[]> {
  const found: ExportedRows[] = [];
  for (const kind of kinds) {
    if (kind.export === 'stays' || (kind.level === 'patient') !== (of === 'patient')) continue;
    const rows = await tx.rows(composed({ text: textOf(kind, kind.export), values: [id, 'hangsOn'] }, LIKE));
    if (rows.length === 0) continue;
    found.push({ table: kind.table, extension: kind.export.extension, rows: rows.map(rowOf) });
  }
  return found;
}

/** SOP Instance UIDs of what was made of rows that hang on a study, and leaves in no export of it. */
export async function stayingInstances(tx: ReadTx, kinds: RowKinds, studyId: string): Promise<ReadonlySet<string>> {
  const texts = kinds.flatMap(({ table, key, instance, instanceStays: stays }) =>
    instance === undefined || stays === undefined
      ? []
      : [`SELECT ${instance} AS uid FROM ${table} k WHERE k.${key} = $1 AND ${stays}`],
  );
  if (texts.length === 0) return new Set();
  const rows = await tx.rows(composed({ text: texts.join(' UNION ALL '), values: [studyId] }, 'SELECT NULL::text AS uid'));
  return new Set(rows.flatMap(({ uid }) => uid ?? []));
}

interface FoundRow {
  readonly json: unknown;
  readonly object: string | null;
  readonly size: number | null;
  readonly sha256: Buffer | null;
}

const rowOf = ({ json, object, size, sha256 }: FoundRow): ExportedRow => ({
  json: { ...(json as object), ...(object === null ? {} : { object }) }, // Of jsonb_build_object.
  object: object === null || size === null || sha256 === null ? undefined : { id: object, sizeBytes: size, sha256 },
});
