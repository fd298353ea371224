import { type EmergencyEndReason, type Level, permissionsOf, type Role } from '@negatoscope/contract';
import type { Actor } from '../../../access/index.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { IdentityContext } from '../context.ts';
import { endAll, endAllAbout, endAllOf } from './rows.ts';

export interface Ending {
  /** Who did what ended it; nobody where it was the command line, the site's settings, or somebody by a link. */
  readonly actor: Actor | null;
  readonly because: EmergencyEndReason;
  readonly ip?: string | undefined;
}

type EndingContext = Pick<IdentityContext, 'audit' | 'clock'>;
type Ended = Awaited<ReturnType<typeof endAllAbout>>;

/** Ends what stands of one person, or of all, in the transaction of what ends it; the journal has each with the reason. Gives how many. */
export async function endEmergencies(context: EndingContext, tx: Tx, userId: string | 'all', ending: Ending): Promise<number> {
  const now = context.clock.now();
  return noteEnds(context, tx, await (userId === 'all' ? endAll(tx, now) : endAllOf(tx, userId, now)), ending);
}

/** The same of these records of patients, to whomever they are open. */
export const endEmergenciesAbout = async (
  context: EndingContext,
  tx: Tx,
  records: readonly string[],
  ending: Ending,
): Promise<number> => noteEnds(context, tx, await endAllAbout(tx, records, context.clock.now()), ending);

async function noteEnds({ audit }: EndingContext, tx: Tx, ended: Ended, { actor, because, ip }: Ending): Promise<number> {
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
