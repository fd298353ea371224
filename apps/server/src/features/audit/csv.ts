import { stringify } from 'csv-stringify/sync';
import type { AuditRow } from './repository.ts';

export const CSV_HEADER = [
  'sequence',
  'occurredAt',
  'action',
  'outcome',
  'actorId',
  'actorName',
  'entityType',
  'entityId',
  'patientId',
  'groupId',
  'ip',
  'details',
];

type Cell = string | number | null;

/** Every cell quoted, lines ended as RFC 4180 has them, and what a table program would take for a formula disarmed by an apostrophe. */
const OPTIONS = { quoted: true, quoted_empty: true, escape_formulas: true, record_delimiter: '\r\n' } as const;

/** Lines of a table, with the end of each. */
export const csvLines = (rows: readonly (readonly Cell[])[]): string => stringify(rows as Cell[][], OPTIONS); // It changes no row.

export const cellsOf = (row: AuditRow): readonly Cell[] => [
  row.sequence,
  row.occurred_at.toISOString(),
  row.action,
  row.outcome,
  row.actor_id,
  row.actor_name,
  row.entity_type,
  row.entity_id,
  row.patient_id,
  row.group_id,
  row.ip,
  JSON.stringify(row.details),
];
