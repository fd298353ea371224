import { uidOfUuid } from '@negatoscope/dicom';
import type { StudyRow } from '../../../archive/records/study-rows.ts';
import { withdrawInstances } from '../../../archive/write/withdraw.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { Queue } from '../../../platform/queue/queue.ts';
import { KEEP_RESULT } from '../job-kinds.ts';
import type { PredictionRow } from '../repository.ts';
import * as repository from './repository.ts';

interface Standing {
  readonly row: PredictionRow;
  readonly study: StudyRow;
  readonly validationId: string;
  readonly now: Date;
}

/** A score stands by this decision: its report is to be made, in the place of the one before. */
export async function orderResult(
  { queue }: { readonly queue: Pick<Queue, 'send'> },
  tx: Tx,
  { row, study, validationId, now }: Standing,
): Promise<void> {
  const latest = await repository.findLatest(tx, row.id);
  const isThere = latest !== undefined && latest.withdrawn_at === null;
  const id = newId();
  await repository.insertResult(tx, {
    ...{ id, predictionId: row.id, studyId: study.id, groupId: row.group_id, validationId, now },
    seq: (latest?.seq ?? 0) + 1,
    seriesInstanceUid: latest?.series_instance_uid ?? uidOfUuid(newId()),
    sopInstanceUid: uidOfUuid(newId()),
    heatSeriesInstanceUid: latest?.heat_series_instance_uid ?? uidOfUuid(newId()),
    heatSopInstanceUid: isThere ? latest.heat_sop_instance_uid : uidOfUuid(newId()),
  });
  await queue.send(KEEP_RESULT, { resultId: id }, tx);
}

/** Nobody stands for a score any more: what says it leaves the study, in the transaction of that decision. Gives the objects that nothing names then. */
export async function withdrawResult(tx: Tx, { row, study, now }: Omit<Standing, 'validationId'>): Promise<string[]> {
  const rows = await repository.withdrawResults(tx, row.id, now);
  if (rows.length === 0) return [];
  return withdrawInstances(tx, { studyId: study.id, patientId: study.patient_id }, rows.flatMap(repository.uidsOf));
}
