import { furtherGroups } from '../../../archive/records/members.ts';
import type { ReadTx } from '../../../platform/db/database.ts';

const MOST = 20_000;

/** Everybody who may sign in, with what decides whose patients they see. */
export const findReaders = (tx: ReadTx) =>
  tx.rows(
    `SELECT id, first_name, last_name, role, group_id, ${furtherGroups('users')} AS further_groups FROM users WHERE status = 'ACTIVE' ORDER BY last_name, first_name, id LIMIT ${MOST}`,
  );
