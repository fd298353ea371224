import type { ErasureElsewhere } from '@negatoscope/contract';
import type { ReadTx } from '../../../platform/db/database.ts';
import { findErasings } from './repository.ts';

/** How it stands with erasures in the Orthanc at this address, by their ids; none for those that it had nothing to do with. */
export async function erasedThere(
  tx: ReadTx,
  url: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ErasureElsewhere>> {
  const rows = await findErasings(tx, url, ids);
  return new Map(
    rows.map(({ erasure_id, failure, deleted: studies, shared, done_at }) => [
      erasure_id,
      {
        state: done_at !== null ? 'DONE' : failure === null ? 'PENDING' : 'FAILED',
        failure,
        studies,
        shared,
        doneAt: done_at?.toISOString() ?? null,
      },
    ]),
  );
}
