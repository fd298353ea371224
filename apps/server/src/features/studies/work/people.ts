import { LEVELS, permissionsOf, ROLES } from '@negatoscope/contract';
import { isColleague, isMember } from '../../../archive/records/members.ts';
import type { ReadTx } from '../../../platform/db/database.ts';

/** Roles with levels, `ROLE LEVEL`, by which somebody validates studies. */
const READING = ROLES.flatMap((role) =>
  LEVELS.filter((level) => permissionsOf(role, level).has('studies.validate')).map((level) => `${role} ${level}`),
);

/** Active people who validate studies, and who see those of this group; of no group everybody's. Of them the colleagues of who has these groups; all where they are null. */
export const findReadersOf = (tx: ReadTx, groupId: string | null, colleaguesOf: readonly string[] | null) =>
  tx.rows(
    `SELECT u.id, btrim(u.first_name || ' ' || u.last_name) AS name FROM users u
     WHERE u.status = 'ACTIVE' AND u.role || ' ' || u.level = ANY($1::text[]) AND ($2::uuid IS NULL OR ${isMember('u', '$2')}) AND ${isColleague('u', '$3::uuid[]')}
     ORDER BY u.last_name, u.first_name, u.id LIMIT 500`,
    [READING, groupId, colleaguesOf],
    'readers-of-group',
  );
