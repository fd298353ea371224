import type { CsvCell } from '../../platform/csv.ts';
import { plainJson } from './one-line.ts';
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

export const cellsOf = (row: AuditRow): readonly CsvCell[] => [
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
  plainJson(row.details),
];
