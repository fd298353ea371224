import type { BodyOf, EmergencyAccess, openEmergency } from '@negatoscope/contract';
import { type Person, requirePermission, requireSession, scopeOf } from '../../../access/index.ts';
import { findExactly } from '../../../archive/records/emergency.ts';
import { findPatients } from '../../../archive/records/patients.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { Counter } from '../../../platform/shared-state/index.ts';
import type { IdentityContext } from '../context.ts';
import { mayOpen } from './end-with.ts';
import { findToTell, insertAccess, lockOpening } from './rows.ts';
import { ownAccesses } from './shown.ts';

export interface EmergencyPorts {
  /** How long access lasts; undefined where the site has none. */
  readonly hours: number | undefined;
  /** Tells people of it, by the patient's newest study. */
  readonly tell: (tx: Tx, people: readonly string[], studyId: string, accessId: string) => Promise<void>;
}

export interface EmergencyDeps extends EmergencyPorts {
  readonly context: IdentityContext;
  /** Tries of one person, those that find and those that don't. */
  readonly tries: Counter;
}

const HOUR_MS = 3_600_000;

type Asked = BodyOf<typeof openEmergency>;
type Match = Awaited<ReturnType<typeof findExactly>>[number];

/**
 * Opens every patient out of scope who has exactly this identifier and birth date. Whether there is nobody, or only who is in scope anyhow, or the site has none of
 * this: NOT_FOUND. Fails with RATE_LIMITED, whatever was found before, so that nobody tries identifiers.
 */
export async function open(deps: EmergencyDeps, actor: Person, asked: Asked): Promise<EmergencyAccess[]> {
  const { context, hours, tries } = deps;
  requirePermission(actor, 'patients.emergency');
  requireSession(actor);
  if (hours === undefined) throw notFound();
  const waitMs = await tries.take(actor.userId);
  if (waitMs > 0) throw new Failure('RATE_LIMITED', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  const found = await context.db.withSystem((tx) => findExactly(tx, asked.identifier, asked.birthDate));
  const outside = await outOfScope(context, actor, found);
  if (outside.length === 0) {
    await context.audit.note({ action: 'emergency.not-found', outcome: 'FAILURE', actor, entityType: 'patient' });
    throw notFound();
  }
  await context.db.withScope(scopeOf(actor), async (tx) => {
    const person = await lockOpening(tx, actor.userId);
    if (person === undefined) throw new Failure('NOT_AUTHENTICATED');
    if (!mayOpen(person)) throw new Failure('FORBIDDEN');
    for (const match of outside) await openOne({ ...deps, hours }, tx, actor, { match, reason: asked.reason });
  });
  context.cache.forget(actor.userId);
  return (await ownAccesses(context, actor)).filter(({ patientId }) => outside.some(({ id }) => id === patientId));
}

async function outOfScope({ db }: IdentityContext, actor: Person, found: readonly Match[]): Promise<Match[]> {
  if (found.length === 0) return [];
  const scope = scopeOf(actor);
  const ids = found.map(({ id }) => id);
  const seen = await db.reading(scope, (tx) => findPatients(tx, scope, { ids, recordNumbers: null, externalIds: null }));
  return found.filter(({ id }) => !seen.some((patient) => patient.id === id));
}

interface Opening {
  readonly match: Match;
  readonly reason: string;
}

async function openOne(
  { context, hours, tell }: EmergencyDeps & { readonly hours: number },
  tx: Tx,
  actor: Person,
  { match, reason }: Opening,
): Promise<void> {
  const now = context.clock.now();
  const until = new Date(now.getTime() + hours * HOUR_MS);
  const id = newId();
  // Asked twice at once, it is open once: the other would stand on when this one is ended.
  if ((await insertAccess(tx, { id, userId: actor.userId, patientId: match.id, reason, now, until })) === 0) return;
  await context.audit.record(tx, {
    ...{ action: 'emergency.opened', actor, entityType: 'emergency-access', entityId: id },
    ...{ patientId: match.id, groupId: match.group_id, details: { hours } },
  });
  await tell(tx, await findToTell(tx, match.group_id, actor.userId), match.study_id, id);
}
