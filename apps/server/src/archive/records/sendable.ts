import type { ReadTx } from '../../platform/db/database.ts';
import { isPersonal } from '../partitions.ts';

/** An instance that may leave for another archive, with its study: not in the trash, and in nobody's own partition, where it waits to be filed. */
export const findSendable = (tx: ReadTx, id: string) =>
  tx.first(
    `SELECT i.size_bytes, i.group_id, s.id AS study_id, s.patient_id FROM instances i JOIN series e ON e.id = i.series_id
     JOIN studies s ON s.id = e.study_id JOIN patients p ON p.id = s.patient_id
     WHERE i.id = $1 AND s.deleted_at IS NULL AND p.deleted_at IS NULL AND NOT ${isPersonal('i.group_id')}`,
    [id],
    'sendable-instance',
  );
