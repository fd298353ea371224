import { NOTHING } from '../../access/index.ts';
import type { Db } from '../../platform/db/database.ts';
import { orderShown } from './repository.ts';

/** Lists of one transaction: some 40,000 rows of a search of everything, and a second. */
const BATCH = 20;

/** Puts whom long lists showed in the order of patients, until none waits; how many lists those were. */
export async function orderLists(db: Db, signal: AbortSignal | undefined): Promise<number> {
  let all = 0;
  for (;;) {
    const lists = await db.withScope(NOTHING, (tx) => orderShown(tx, BATCH));
    all += lists;
    if (lists < BATCH || signal?.aborted === true) return all;
  }
}
