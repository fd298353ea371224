import type { Person } from '../../../access/index.ts';
import { studiesOfPatients } from '../../../archive/records/emergency.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { ReadTx } from '../../../platform/db/database.ts';

/** Studies of one patient, open to somebody until then. */
export interface Emergency {
  readonly until: Date;
  readonly studyIds: readonly string[];
}

/** Whether a person `u` may have something open, as an SQL condition; whether it is over is for the server's clock to say. */
export const HAS_EMERGENCY = `EXISTS (SELECT FROM emergency_accesses e
    WHERE e.user_id = u.id AND e.ended_at IS NULL AND e.expires_at > now() - interval '1 day')`;

/** What was opened to a person and not ended, with the studies that there are now. */
export async function emergenciesOf(tx: ReadTx, userId: string): Promise<Emergency[]> {
  const rows = await tx.rows(
    `SELECT patient_id, expires_at FROM emergency_accesses
     WHERE user_id = $1 AND ended_at IS NULL AND expires_at > now() - interval '1 day'`,
    [userId],
  );
  const studies = await studiesOfPatients(
    tx,
    rows.map(({ patient_id: id }) => id),
  );
  return rows.map(({ patient_id: patient, expires_at: until }) => ({
    until,
    studyIds: studies.filter((study) => study.patient_id === patient).map(({ id }) => id),
  }));
}

/** The studies of those that are not over. */
export const openNow = (emergencies: readonly Emergency[], now: Date): readonly string[] => [
  ...new Set(emergencies.filter(({ until }) => until > now).flatMap(({ studyIds }) => studyIds)),
];

/** What a person has open beyond their own scope, asked anew each time, and when the first of it ends. */
export function openedBy(emergencies: readonly Emergency[], clock: Clock): Pick<Person, 'opened' | 'openedUntil'> {
  const now = clock.now();
  const ends = emergencies.flatMap(({ until }) => (until > now ? [until.getTime()] : []));
  if (ends.length === 0) return {};
  return { opened: () => openNow(emergencies, clock.now()), openedUntil: new Date(Math.min(...ends)) };
}
