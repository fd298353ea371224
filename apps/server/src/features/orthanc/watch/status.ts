import type { OrthancStatus } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../../access/index.ts';
import type { Db } from '../../../platform/db/database.ts';
import * as repository from './repository.ts';

const LISTED = 20;

/** How it stands with the Orthanc of these settings, for administrators. */
export async function statusOf(db: Pick<Db, 'reading'>, actor: Person, url: string | undefined): Promise<OrthancStatus> {
  if (url === undefined) return { url: null, feed: null };
  return db.reading(scopeOf(actor), async (tx) => {
    const row = await repository.readStatus(tx, url);
    if (row === undefined) return { url, feed: null };
    const waiting = row.waiting === null || row.waiting === 0 ? [] : await repository.listWaiting(tx, row.id, LISTED);
    return {
      url,
      feed: {
        lastChange: row.last_seq,
        reachedAt: row.reached_at?.toISOString() ?? null,
        failingSince: row.failing_since?.toISOString() ?? null,
        failure: row.failure,
        version: row.version,
        warnings: [...row.warnings],
        checkedAt: row.checked_at?.toISOString() ?? null,
        waiting: row.waiting ?? 0,
        items: waiting.map(({ orthanc_id, reason, attempts, retry_at }) => ({
          orthancId: orthanc_id,
          reason: reason ?? 'ERROR',
          attempts,
          retryAt: retry_at?.toISOString() ?? null,
        })),
      },
    };
  });
}
