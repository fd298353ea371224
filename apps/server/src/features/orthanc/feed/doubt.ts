import type { OrthancDoubt } from '@negatoscope/contract';
import type { Tx } from '../../../platform/db/database.ts';

/** The comparison that goes on, if one does, has to be begun anew: another Orthanc may have answered it so far. What it finds is held, and so is what was only told. */
export async function noteDoubt(tx: Tx, feedId: number, doubt: OrthancDoubt): Promise<void> {
  await tx.run('UPDATE orthanc_feeds SET doubt = $2, doubts_next = true, compare_began = NULL, compare_from = 0 WHERE id = $1', [
    feedId,
    doubt,
  ]);
  await holdReleased(tx, feedId);
  await holdTold(tx, feedId);
}

/** What somebody released is held again: they did not know of this. */
const holdReleased = (tx: Tx, feedId: number): Promise<number> =>
  tx.run(
    "UPDATE orthanc_instances SET missing = 'held' WHERE feed_id = $1 AND missing_since IS NOT NULL AND missing = 'released'",
    [feedId],
  );

export const holdTold = (tx: Tx, feedId: number): Promise<number> =>
  tx.run("UPDATE orthanc_instances SET missing = 'held' WHERE feed_id = $1 AND missing_since IS NOT NULL AND missing = 'told'", [
    feedId,
  ]);
