import { NOTHING } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Db } from '../../../platform/db/database.ts';
import { countWaiting } from '../send/outbox.ts';
import * as repository from './repository.ts';

/** How it stands with the Orthanc of these settings, in numbers; undefined where there is none. Seconds are those that have passed. */
export async function orthancFigures(
  { db, clock }: { readonly db: Pick<Db, 'reading'>; readonly clock: Clock },
  place: { readonly url: string; readonly send: boolean } | undefined,
) {
  if (place === undefined) return undefined;
  const { feed, sending } = await db.reading(NOTHING, async (tx) => ({
    feed: await repository.readStatus(tx, place.url),
    sending: place.send ? await countWaiting(tx) : undefined,
  }));
  const since = (at: Date | null | undefined): number | undefined =>
    at === null || at === undefined ? undefined : Math.max(0, (clock.now().getTime() - at.getTime()) / 1000);
  return {
    unreachedSeconds: since(feed?.reached_at),
    failingSeconds: since(feed?.failing_since) ?? 0,
    waiting: feed?.waiting ?? 0,
    unsent: (sending ?? []).reduce((sum, { count }) => sum + count, 0),
  };
}
