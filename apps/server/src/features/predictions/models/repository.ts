import type { ModelReason } from '@negatoscope/contract';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';
import type { Manifest } from './manifest.ts';

export type ModelRow = FoundBy<typeof findModel>;
export type ChoiceRow = FoundBy<typeof findChoices>;

const COLUMNS = 'id, name, version, digest, manifest, card, state, reason, installed_at, checked_at';

export const findModels = (tx: ReadTx): Promise<ModelRow[]> =>
  tx.rows(`SELECT ${COLUMNS} FROM models ORDER BY name, installed_at DESC`, []);
export const findModel = (tx: ReadTx, id: string) => tx.first(`SELECT ${COLUMNS} FROM models WHERE id = $1`, [id]);
export const findModelOf = (tx: ReadTx, name: string, version: string): Promise<ModelRow | undefined> =>
  tx.first(`SELECT ${COLUMNS} FROM models WHERE name = $1 AND version = $2`, [name, version]);

/** From which age on models may be asked of somebody; of those that are not installed any more nothing. */
export const findLeastAges = (tx: ReadTx, names: readonly string[]) =>
  tx.rows("SELECT name, version, (manifest->'gates'->>'minAgeYears')::float8 AS years FROM models WHERE name = ANY($1::text[])", [
    names,
  ]);

interface NewModel {
  readonly id: string;
  readonly manifest: Manifest;
  readonly digest: string;
  readonly card: string;
  readonly by: string;
  readonly now: Date;
}

/** Fails with UNIQUE_VIOLATION where that version is there. */
export const insertModel = (tx: Tx, { id, manifest, digest, card, by, now }: NewModel): Promise<number> =>
  tx.run(
    "INSERT INTO models (id, name, version, digest, manifest, card, state, installed_by, installed_at) VALUES ($1, $2, $3, $4, $5::jsonb, $6, 'CHECKING', $7, $8)",
    [id, manifest.name, manifest.version, digest, JSON.stringify(manifest), card, by, now],
  );

export const setChecked = (tx: Tx, id: string, reason: ModelReason | null, now: Date): Promise<number> =>
  tx.run(
    "UPDATE models SET state = CASE WHEN $2::text IS NULL THEN 'READY' ELSE 'REFUSED' END, reason = $2, checked_at = $3 WHERE id = $1",
    [id, reason, now],
  );

export const deleteModel = (tx: Tx, id: string): Promise<number> => tx.run('DELETE FROM models WHERE id = $1', [id]);

export const findChoices = (tx: ReadTx) =>
  tx.rows(
    'SELECT site_id, question, model_name, model_version, chosen_at FROM model_choices ORDER BY question, site_id NULLS FIRST',
    [],
  );

/** The choice of a site, or else that of all that have none. */
export const findChoice = (tx: ReadTx, question: string, siteId: string | null) =>
  tx.first(
    `SELECT site_id, question, model_name, model_version, chosen_at FROM model_choices WHERE question = $1 AND (site_id IS NULL OR site_id = $2)
     ORDER BY site_id NULLS LAST LIMIT 1`,
    [question, siteId],
  );

export const isChosen = async (tx: ReadTx, name: string, version: string): Promise<boolean> =>
  (await tx.first('SELECT 1 FROM model_choices WHERE model_name = $1 AND model_version = $2 LIMIT 1', [name, version])) !==
  undefined;

export interface NewChoice {
  readonly siteId: string | null;
  readonly question: string;
  readonly modelName: string;
  readonly modelVersion: string;
  readonly by: string;
  readonly now: Date;
}

export const putChoice = (tx: Tx, of: NewChoice): Promise<number> =>
  tx.run(
    `INSERT INTO model_choices (site_id, question, model_name, model_version, chosen_by, chosen_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (site_id, question) DO UPDATE SET model_name = excluded.model_name, model_version = excluded.model_version,
       chosen_by = excluded.chosen_by, chosen_at = excluded.chosen_at`,
    [of.siteId, of.question, of.modelName, of.modelVersion, of.by, of.now],
  );

export const deleteChoice = (tx: Tx, question: string, siteId: string | null) =>
  tx.first(
    'DELETE FROM model_choices WHERE question = $1 AND site_id IS NOT DISTINCT FROM $2::uuid RETURNING model_name, model_version',
    [question, siteId],
  );

export type ThresholdRow = FoundBy<typeof findThresholds>;

export const findThresholds = (tx: ReadTx) =>
  tx.rows(
    'SELECT site_id, model_name, model_version, threshold, set_at FROM model_thresholds ORDER BY model_name, model_version, site_id NULLS FIRST',
    [],
  );

/** That of a site for a version, or else that of all that have none; undefined where the model's own counts. */
export const findThreshold = async (
  tx: ReadTx,
  of: { readonly siteId: string | null; readonly name: string; readonly version: string },
): Promise<number | undefined> =>
  (
    await tx.first(
      `SELECT threshold FROM model_thresholds WHERE model_name = $1 AND model_version = $2 AND (site_id IS NULL OR site_id = $3)
       ORDER BY site_id NULLS LAST LIMIT 1`,
      [of.name, of.version, of.siteId],
    )
  )?.threshold;

interface OfSite {
  readonly siteId: string | null;
  readonly modelName: string;
  readonly modelVersion: string;
}

/** Holds the setting of thresholds until the transaction ends, so that whoever sets one sets it on what they have seen. */
export const holdThresholds = (tx: Tx): Promise<number> => tx.run('LOCK TABLE model_thresholds IN SHARE ROW EXCLUSIVE MODE', []);

export const ownThreshold = async (tx: ReadTx, of: OfSite): Promise<number | null> =>
  (
    await tx.first(
      'SELECT threshold FROM model_thresholds WHERE site_id IS NOT DISTINCT FROM $1::uuid AND model_name = $2 AND model_version = $3',
      [of.siteId, of.modelName, of.modelVersion],
    )
  )?.threshold ?? null;

export const putThreshold = (
  tx: Tx,
  of: OfSite & { readonly threshold: number; readonly by: string; readonly now: Date },
): Promise<number> =>
  tx.run(
    `INSERT INTO model_thresholds (site_id, model_name, model_version, threshold, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (site_id, model_name, model_version) DO UPDATE SET threshold = excluded.threshold, set_by = excluded.set_by, set_at = excluded.set_at`,
    [of.siteId, of.modelName, of.modelVersion, of.threshold, of.by, of.now],
  );

export const deleteThreshold = (tx: Tx, of: OfSite): Promise<number> =>
  tx.run('DELETE FROM model_thresholds WHERE site_id IS NOT DISTINCT FROM $1::uuid AND model_name = $2 AND model_version = $3', [
    of.siteId,
    of.modelName,
    of.modelVersion,
  ]);

/** Of a version that is removed: one that comes under its name may be another. */
export const deleteThresholdsOf = (tx: Tx, name: string, version: string): Promise<number> =>
  tx.run('DELETE FROM model_thresholds WHERE model_name = $1 AND model_version = $2', [name, version]);
