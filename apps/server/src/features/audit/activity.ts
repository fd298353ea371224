import type { ReadTx } from '../../platform/db/database.ts';
import { TAKEN_OUT } from './warnings/counted.ts';

/** What each person did in a time, by what the journal says: studies for what is of one, times for what left in their hands. Who did nothing of it is not there. */
export const findActivity = (tx: ReadTx, from: Date, until: Date) =>
  tx.rows(
    `SELECT e.actor_id, btrim(u.first_name || ' ' || u.last_name) AS name, u.role,
       (count(DISTINCT e.entity_id) FILTER (WHERE e.action = 'study.reading-began'))::int AS opened,
       (count(DISTINCT e.entity_id) FILTER (WHERE e.action = 'study.updated'))::int AS read,
       (count(*) FILTER (WHERE e.action = 'report.signed'))::int AS reported,
       (count(*) FILTER (WHERE e.action = 'report.amended'))::int AS amended,
       (count(DISTINCT e.entity_id) FILTER (WHERE e.action = 'study.import'))::int AS imported,
       (count(*) FILTER (WHERE e.action = ANY($3::text[])))::int AS exported
     FROM audit_events e LEFT JOIN users u ON u.id = e.actor_id
     WHERE e.action = ANY(ARRAY['study.reading-began', 'study.updated', 'report.signed', 'report.amended', 'study.import'] || $3::text[])
       AND e.occurred_at >= $1 AND e.occurred_at < $2 AND e.outcome = 'SUCCESS' AND e.actor_id IS NOT NULL
       AND (e.action <> 'study.updated' OR e.details->>'status' = 'VALIDATED')
     GROUP BY e.actor_id, u.first_name, u.last_name, u.role ORDER BY 2, 1`,
    [from, until, TAKEN_OUT],
    'audit-activity',
  );
