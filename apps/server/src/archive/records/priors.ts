import type { Scope } from '../../access/index.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import { inScope, scopeValues } from '../in-scope.ts';

export type ComparedRow = FoundBy<typeof findCompared>;

/**
 * A study and the others of its patient, in one snapshot: itself first, then those that are not later, the newest first, then the later ones; at most
 * `limit`. Whose a study is, is its patient's row: what was moved or merged counts where it is now. With what its series say of the body, each value once.
 */
export const findCompared = (tx: ReadTx, scope: Scope, studyId: string, limit: number) =>
  tx.rows(
    `WITH current AS (SELECT c.id, c.patient_id, c.study_moment FROM studies c
       WHERE c.id = $1 AND c.deleted_at IS NULL AND ${inScope('studies', 'c', 2)}),
     wanted AS MATERIALIZED (SELECT s.id, s.study_instance_uid, s.group_id, s.study_date, s.study_time, s.study_moment, s.description,
         s.modalities, s.series_count, s.status, s.identity_mismatch FROM studies s
       WHERE s.patient_id = (SELECT patient_id FROM current) AND s.deleted_at IS NULL AND ${inScope('studies', 's', 2)}
       ORDER BY s.id <> $1, s.study_moment > (SELECT study_moment FROM current), s.study_moment DESC, s.id DESC LIMIT $6)
     SELECT s.id, s.study_instance_uid, s.group_id, s.study_date, s.study_time, s.description, s.modalities, s.series_count, s.status, s.identity_mismatch,
       CASE WHEN s.study_date IS NOT NULL THEN s.study_moment::text END AS moment,
       ARRAY(SELECT DISTINCT e.body_part FROM series e WHERE e.study_id = s.id AND e.body_part IS NOT NULL AND ${inScope('series', 'e', 2)}) AS body_parts,
       ARRAY(SELECT DISTINCT e.attributes->'00200060'->'Value'->>0 FROM series e WHERE e.study_id = s.id AND e.attributes ? '00200060' AND ${inScope('series', 'e', 2)}) AS sides,
       ARRAY(SELECT DISTINCT left(e.description, 100) FROM series e WHERE e.study_id = s.id AND e.description IS NOT NULL AND ${inScope('series', 'e', 2)} LIMIT 6) AS descriptions
     FROM wanted s ORDER BY s.id <> $1, s.study_moment DESC, s.id DESC`,
    [studyId, ...scopeValues(scope), limit],
    'priors',
  );
