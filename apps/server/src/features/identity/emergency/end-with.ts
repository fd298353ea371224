import { type Level, permissionsOf, type Role } from '@negatoscope/contract';
import type { Actor } from '../../../access/index.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { IdentityContext } from '../context.ts';
import { endAll, endAllOf } from './rows.ts';

/**
 * Why what was open in an emergency ended otherwise than by somebody's word for that one: the account was suspended or deleted, may open none any more, has another password, lost its second factor, or the site
 * turned it off.
 */
export type EndedBecause = 'SUSPENDED' | 'DELETED' | 'RIGHTS' | 'PASSWORD' | 'FACTOR' | 'OFF';

export interface Ending {
  /** Who did what ended it; nobody where it was the command line, the site's settings, or somebody by a link. */
  readonly actor: Actor | null;
  readonly because: EndedBecause;
  readonly ip?: string | undefined;
}

/** Ends what stands of one person, or of all, in the transaction of what ends it; the journal has each with the reason. Gives how many. */
export async function endEmergencies(
  { audit, clock }: Pick<IdentityContext, 'audit' | 'clock'>,
  tx: Tx,
  userId: string | 'all',
  { actor, because, ip }: Ending,
): Promise<number> {
  const now = clock.now();
  const ended = await (userId === 'all' ? endAll(tx, now) : endAllOf(tx, userId, now));
  for (const { id, user_id: user, patient_id: patientId } of ended)
    await audit.record(tx, {
      ...{ action: 'emergency.ended', actor, entityType: 'emergency-access', entityId: id, patientId },
      ...(ip === undefined ? {} : { ip }),
      details: { because, ...(user === null ? {} : { user }) },
    });
  return ended.length;
}

/** Whether who is this may open anything in an emergency. */
export const mayOpen = ({ role, level }: { readonly role: Role; readonly level: Level }): boolean =>
  permissionsOf(role, level).has('patients.emergency');
