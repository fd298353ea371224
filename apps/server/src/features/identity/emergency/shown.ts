import type { EmergencyAccess, EmergencyEntry } from '@negatoscope/contract';
import { can, type Person, requirePermission, scopeOf } from '../../../access/index.ts';
import { namesOfPatients } from '../../../archive/records/emergency.ts';
import type { ReadTx } from '../../../platform/db/database.ts';
import type { IdentityContext } from '../context.ts';
import { findLatest, findOpen } from './rows.ts';

const MOST = 200;

interface AccessRow {
  readonly id: string;
  readonly patient_id: string;
  readonly opened_at: Date;
  readonly expires_at: Date;
}

/** Rows with the names of their patients; those who are gone meanwhile have none. */
async function withNames<R extends AccessRow>(tx: ReadTx, rows: readonly R[]) {
  const names = await namesOfPatients(
    tx,
    rows.map(({ patient_id: id }) => id),
  );
  const byId = new Map(names.map((name) => [name.id, name]));
  return rows.map((row) => {
    const name = byId.get(row.patient_id);
    const access: EmergencyAccess = {
      id: row.id,
      patientId: row.patient_id,
      lastName: name?.family_name ?? '',
      firstName: name?.given_name ?? '',
      recordNumber: name?.record_number ?? '',
      openedAt: row.opened_at.toISOString(),
      expiresAt: row.expires_at.toISOString(),
    };
    return { row, access };
  });
}

/**
 * What is open to a person now: nothing by a token, nor for who may not open any now. Names are read as the system: their scope of a moment ago may lack what has just
 * been opened.
 */
export async function ownAccesses({ db, clock }: IdentityContext, actor: Person): Promise<EmergencyAccess[]> {
  if (actor.via !== 'session' || !can(actor, 'patients.emergency')) return [];
  return db.withSystem(async (tx) =>
    (await withNames(tx, await findOpen(tx, actor.userId, clock.now()))).map(({ access }) => access),
  );
}

/** Everybody's, for who manages people; the journal notes that they were looked at. */
export async function allAccesses({ db, clock, audit }: IdentityContext, actor: Person): Promise<EmergencyEntry[]> {
  requirePermission(actor, 'users.manage');
  const now = clock.now();
  const items = await db.reading(scopeOf(actor), async (tx) =>
    (await withNames(tx, await findLatest(tx, MOST))).map(({ row, access }) => ({
      ...access,
      userId: row.user_id,
      userName: row.user_name,
      reason: row.reason,
      endedAt: row.ended_at?.toISOString() ?? null,
      isStanding: row.ended_at === null && row.expires_at > now,
    })),
  );
  const shown = items.map(({ patientId }) => patientId);
  await audit.show(actor, { action: 'emergency.listed', entityType: 'patient', shown, filters: [] });
  return items;
}
