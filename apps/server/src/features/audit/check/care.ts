import { auditCare, type ResultOf } from '@negatoscope/contract';
import { NOTHING } from '../../../access/index.ts';
import type { Router } from '../../../access/router.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Db } from '../../../platform/db/database.ts';
import { findCheck } from './state.ts';

const toInstant = (at: Date | null | undefined): string | null => at?.toISOString() ?? null;

export const registerChainCare = (router: Router, { db }: { readonly db: Db }): void =>
  router.handle(auditCare, async (): Promise<ResultOf<typeof auditCare>> => {
    const row = await db.reading(NOTHING, findCheck);
    return {
      checkedAt: toInstant(row?.checked_at),
      checkedEvents: row?.sequence ?? 0,
      wholeAt: toInstant(row?.pass_ended_at),
      bad:
        row?.problem == null
          ? null
          : { sequence: row.bad_sequence, eventId: row.bad_event, problem: row.problem, foundAt: toInstant(row.found_at) },
    };
  });

/** How the chain stands, for who watches and for `npm run doctor`. */
export async function chainFigures({ db, clock }: { readonly db: Pick<Db, 'reading'>; readonly clock: Clock }) {
  const row = await db.reading(NOTHING, findCheck);
  const at = row?.checked_at?.getTime();
  return {
    holds: row?.checked_at == null ? undefined : row.problem === null,
    badSequence: row?.bad_sequence ?? undefined,
    problem: row?.problem ?? undefined,
    checkedSeconds: at === undefined ? undefined : (clock.now().getTime() - at) / 1000,
  };
}
