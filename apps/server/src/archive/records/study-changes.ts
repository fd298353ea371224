import type { Tx } from '../../platform/db/database.ts';
import { moveStudyRows } from '../kinds.ts';
import type { RowKinds } from '../row-kind.ts';
import type { ReadingTimes } from './reading-status.ts';
import type { StudyRow } from './study-rows.ts';

export interface StudyChange {
  readonly status: StudyRow['status'];
  readonly times: ReadingTimes;
  readonly description: string | null;
  readonly textUncertain: boolean;
}

export const updateStudyRow = (tx: Tx, id: string, change: StudyChange, now: Date): Promise<number> =>
  tx.run(
    `UPDATE studies SET status = $2, first_opened_at = $3, read_at = $4, validated_at = $5, description = $6, updated_at = $7,
       text_uncertain = $8 WHERE id = $1`,
    [
      id,
      change.status,
      change.times.firstOpenedAt,
      change.times.readAt,
      change.times.validatedAt,
      change.description,
      now,
      change.textUncertain,
    ],
  );

/** Who is to read a study, how soon, and whether anybody is; counted, so that who decides upon an older state is told. */
export const updateWorkRow = (
  tx: Tx,
  id: string,
  { assigneeId, urgency, isPrior }: { assigneeId: string | null; urgency: StudyRow['urgency']; isPrior: boolean },
  now: Date,
): Promise<number> =>
  tx.run(
    'UPDATE studies SET assignee_id = $2, urgency = $3, is_prior = $4, work_version = work_version + 1, updated_at = $5 WHERE id = $1',
    [id, assigneeId, urgency, isPrior, now],
  );

/** Gives a study to another patient; its rows follow into that patient's partition. Fails with UNIQUE_VIOLATION when a UID is there already. */
export async function moveStudy(
  tx: Tx,
  kinds: RowKinds,
  study: Pick<StudyRow, 'id' | 'group_id'>,
  { patientId, groupId, mismatch }: { patientId: string; groupId: string | null; mismatch: object | null },
): Promise<void> {
  await tx.run(
    'UPDATE studies SET patient_id = $2, group_id = $3, identity_mismatch = $4::jsonb, updated_at = now() WHERE id = $1',
    [study.id, patientId, groupId, mismatch === null ? null : JSON.stringify(mismatch)],
  );
  if (groupId !== study.group_id) await moveStudyRows(tx, kinds, study.id, groupId);
}

/** Says who first reported a study and when; later versions of its report change nothing. */
export const markReported = (tx: Tx, id: string, by: string, now: Date): Promise<number> =>
  tx.run('UPDATE studies SET reported_at = $3, reported_by = $2 WHERE id = $1 AND reported_at IS NULL', [id, by, now]);
