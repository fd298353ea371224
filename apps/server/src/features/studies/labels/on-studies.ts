import type { StudyRow } from '../../../archive/records/study-rows.ts';
import type { Tx } from '../../../platform/db/database.ts';
import * as repository from './repository.ts';

interface Change {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** Puts labels on a study and takes others off, its row being held; whether that changed anything. A label is of the study's group or of the installation. */
export async function changeLabels(
  tx: Tx,
  study: Pick<StudyRow, 'id' | 'group_id'>,
  { add, remove }: Change,
): Promise<boolean | 'NO_SUCH_LABEL'> {
  if (add.length + remove.length === 0) return false;
  const known = await repository.countFitting(tx, add, study.group_id);
  if (known < new Set(add).size) return 'NO_SUCH_LABEL';
  const [put, taken] = [
    add.length === 0 ? 0 : await repository.putOn(tx, study, add),
    remove.length === 0 ? 0 : await repository.takeOff(tx, study.id, remove),
  ];
  return put + taken > 0;
}
