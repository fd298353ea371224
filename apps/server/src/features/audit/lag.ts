import { NOTHING } from '../../access/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import { findLag } from './repository.ts';

/** How far the chain of events is behind the events: with a sequencer that works, a second. */
export async function auditLag({ db, clock }: { readonly db: Pick<Db, 'reading'>; readonly clock: Clock }): Promise<{
  readonly pending: number;
  readonly lagSeconds: number;
}> {
  const row = await db.reading(NOTHING, findLag);
  const oldest = row?.oldest ?? null;
  const lagSeconds = oldest === null ? 0 : Math.max(0, (clock.now().getTime() - oldest.getTime()) / 1000);
  return { pending: row?.pending ?? 0, lagSeconds };
}
