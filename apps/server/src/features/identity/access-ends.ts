import type { Tx } from '../../platform/db/database.ts';
import { type Ending, endEmergencies } from './emergency/end-with.ts';

/** Any constant that no other part uses. */
const ADMINISTRATORS_LOCK = 7_264_392;

/** Links that were sent to somebody count no longer. */
export const withdrawLinks = (tx: Tx, userId: string): Promise<number> =>
  tx.run('DELETE FROM account_links WHERE user_id = $1', [userId]);

type EndingContext = Parameters<typeof endEmergencies>[0];
export interface AccessEnding extends Ending {
  /** The one session that stays. */
  readonly keptSessionId?: string | null;
}

/** Ends every session, token, link and open emergency of a person, but the one session that is kept: what was opened may have been by whom this shuts out. */
export async function endAccess(
  context: EndingContext,
  tx: Tx,
  userId: string,
  { keptSessionId = null, ...ending }: AccessEnding,
): Promise<void> {
  const now = context.clock.now();
  await tx.run(
    'UPDATE user_sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $3::uuid',
    [userId, now, keptSessionId],
  );
  await withdrawLinks(tx, userId);
  await tx.run('UPDATE api_tokens SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL', [userId, now]);
  await endEmergencies(context, tx, userId, ending);
}

/** Until the transaction ends, nobody else adds the first administrator or takes rights from one. */
export const lockAdministrators = (tx: Tx): Promise<number> => tx.run('SELECT pg_advisory_xact_lock($1)', [ADMINISTRATORS_LOCK]);

/** Whether someone else than this person is an administrator who can sign in and manage users. */
export async function hasOtherAdministrator(tx: Tx, userId: string): Promise<boolean> {
  const other = await tx.first(
    "SELECT id FROM users WHERE role = 'ADMIN' AND level = 'ADMIN' AND status = 'ACTIVE' AND id <> $1 LIMIT 1",
    [userId],
  );
  return other !== undefined;
}
