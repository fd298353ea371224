import type { OrthancDeletions, OrthancStatus } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../../access/index.ts';
import type { Db } from '../../../platform/db/database.ts';
import { countMissing } from '../compare/repository.ts';
import { countWaiting } from '../send/outbox.ts';
import * as repository from './repository.ts';

const LISTED = 20;

interface Place {
  readonly url: string;
  readonly send: boolean;
  readonly deletions: OrthancDeletions;
}

/** How it stands with the Orthanc of these settings, for administrators. */
export async function statusOf(db: Pick<Db, 'reading'>, actor: Person, place: Place | undefined): Promise<OrthancStatus> {
  if (place === undefined) return { url: null, deletions: null, feed: null, sending: null };
  const { url, deletions } = place;
  return db.reading(scopeOf(actor), async (tx) => {
    const sending = place.send ? sendingOf(await countWaiting(tx)) : null;
    const row = await repository.readStatus(tx, url);
    if (row === undefined) return { url, deletions, feed: null, sending };
    const waiting = row.waiting === null || row.waiting === 0 ? [] : await repository.listWaiting(tx, row.id, LISTED);
    const { missing = 0, held = 0 } = (await countMissing(tx, row.id)) ?? {};
    return {
      url,
      deletions,
      sending,
      feed: {
        lastChange: row.last_seq,
        reachedAt: row.reached_at?.toISOString() ?? null,
        failingSince: row.failing_since?.toISOString() ?? null,
        failure: row.failure,
        version: row.version,
        warnings: [...row.warnings],
        checkedAt: row.checked_at?.toISOString() ?? null,
        compared: { at: row.compared_at?.toISOString() ?? null, there: row.known_there, missing, held, doubt: row.doubt },
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

function sendingOf(rows: readonly { failure: string | null; count: number }[]): NonNullable<OrthancStatus['sending']> {
  const reasons = rows.flatMap(({ failure, count }) => (failure === null ? [] : [{ reason: failure, count }]));
  const sum = (some: readonly { count: number }[]): number => some.reduce((total, { count }) => total + count, 0);
  return { waiting: sum(rows), failing: sum(reasons), reasons };
}
