import type { OrthancStatus } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../../access/index.ts';
import type { Db } from '../../../platform/db/database.ts';
import { countWaiting } from '../send/outbox.ts';
import * as repository from './repository.ts';

const LISTED = 20;

interface Place {
  readonly url: string;
  readonly send: boolean;
}

/** How it stands with the Orthanc of these settings, for administrators. */
export async function statusOf(db: Pick<Db, 'reading'>, actor: Person, place: Place | undefined): Promise<OrthancStatus> {
  if (place === undefined) return { url: null, feed: null, sending: null };
  const { url } = place;
  return db.reading(scopeOf(actor), async (tx) => {
    const sending = place.send ? ((await countWaiting(tx)) ?? null) : null;
    const row = await repository.readStatus(tx, url);
    if (row === undefined) return { url, feed: null, sending };
    const waiting = row.waiting === null || row.waiting === 0 ? [] : await repository.listWaiting(tx, row.id, LISTED);
    return {
      url,
      sending,
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
