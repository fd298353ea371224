import { storedAmong } from '../../../archive/records/studies.ts';
import { notFound } from '../../../kernel/failure.ts';
import type { Tx } from '../../../platform/db/database.ts';

/** Closes an import: instances that a DICOMDIR of it announced and nobody has are told. Closing twice changes nothing. */
export async function closeImport(tx: Tx, id: string, cancelled: boolean): Promise<void> {
  const row = await tx.first('SELECT status, group_id FROM imports WHERE id = $1 FOR UPDATE', [id]);
  if (row === undefined) throw notFound();
  if (row.status !== 'RUNNING') return;
  if (!cancelled) await reportMissing(tx, id, row.group_id);
  await tx.run('DELETE FROM import_announced WHERE import_id = $1', [id]);
  await tx.run('UPDATE imports SET status = $2, finished_at = now() WHERE id = $1', [id, cancelled ? 'CANCELLED' : 'DONE']);
}

async function reportMissing(tx: Tx, id: string, groupId: string | null): Promise<void> {
  const announced = await tx.rows(
    `SELECT a.sop_instance_uid AS uid, a.file_id AS file FROM import_announced a WHERE a.import_id = $1
       AND NOT EXISTS (SELECT FROM import_files f WHERE f.import_id = $1 AND f.sop_instance_uid = a.sop_instance_uid)
     ORDER BY a.file_id`,
    [id],
  );
  const stored = await storedAmong(
    tx,
    announced.map(({ uid }) => uid),
    groupId,
  );
  const absent = announced.filter(({ uid }) => !stored.has(uid));
  const missing = await tx.run(
    `INSERT INTO import_files (import_id, name, outcome, reason, sop_instance_uid)
     SELECT $1::uuid, name, 'rejected', 'ANNOUNCED_BUT_MISSING', uid
     FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS a(name, uid, place) ORDER BY place`,
    [id, absent.map(({ file }) => file), absent.map(({ uid }) => uid)],
  );
  await tx.run('UPDATE imports SET received = received + $2, rejected = rejected + $2 WHERE id = $1', [id, missing]);
}
