import { endEmergency, listEmergencies, listOwnEmergencies, openEmergency } from '@negatoscope/contract';
import { can, type Person, scopeOf } from '../../../access/index.ts';
import type { Router } from '../../../access/router.ts';
import { notFound } from '../../../kernel/failure.ts';
import type { Counters } from '../../../platform/shared-state/index.ts';
import { endEmergencies } from './end-with.ts';
import { type EmergencyDeps, open } from './open.ts';
import { endAccess } from './rows.ts';
import { allAccesses, ownAccesses } from './shown.ts';

export type { EmergencyPorts } from './open.ts';

/** So often in an hour one person may ask for a patient, found or not. */
export const emergencyTries = (counters: Counters) => counters('emergency', 6, 3600);

async function end({ context }: EmergencyDeps, actor: Person, id: string): Promise<void> {
  const { db, clock, audit, cache } = context;
  const whose = can(actor, 'users.manage') ? null : actor.userId;
  const ended = await db.withScope(scopeOf(actor), async (tx) => {
    const row = await endAccess(tx, id, { whose, by: actor.userId, now: clock.now() });
    if (row === undefined) throw notFound();
    const { patient_id: patientId } = row;
    await audit.record(tx, { action: 'emergency.ended', actor, entityType: 'emergency-access', entityId: id, patientId });
    return row;
  });
  if (ended.user_id !== null) cache.forget(ended.user_id);
}

/** A site that has turned it off wants none of it from then on, whatever was opened before. */
async function endWhereOff({ context, hours }: EmergencyDeps): Promise<void> {
  const { db, log } = context;
  if (hours !== undefined) return;
  try {
    const ended = await db.withSystem((tx) => endEmergencies(context, tx, 'all', { actor: null, because: 'OFF' }));
    if (ended > 0) log.warn({ ended }, 'access in an emergency is off here: what was open is ended');
  } catch (error) {
    log.warn({ err: error }, 'access in an emergency is off here, and what was open is not ended');
  }
}

export function registerEmergency(router: Router, deps: EmergencyDeps): void {
  const { context } = deps;
  const hours = deps.hours ?? null;
  void endWhereOff(deps);
  router.handle(listOwnEmergencies, async ({ actor }) => ({ hours, items: await ownAccesses(context, actor) }));
  router.handle(openEmergency, async ({ actor, body, reply }) => {
    const items = await open(deps, actor, body);
    void reply.code(201);
    return { items };
  });
  router.handle(endEmergency, async ({ actor, params }) => {
    await end(deps, actor, params.id);
    return undefined;
  });
  router.handle(listEmergencies, async ({ actor }) => ({ hours, items: await allAccesses(context, actor) }));
}
