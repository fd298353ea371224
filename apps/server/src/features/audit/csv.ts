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

/** Quotes every cell and disarms formulas (`=`, `+`, `-`, `@`, tab, carriage return at the start). */
export function csvCell(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(csvCell).join(',')}\r\n`;

export const csvOf = (row: AuditRow): string =>
  csvLine([
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
  ]);
