import type { SeriesMapping } from '@negatoscope/dicom';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import { notifyMapping } from '../notify.ts';
import { SAMPLES } from './series-mappings.ts';

/** Packed series that were quiet since then and whose mapping was not found for their version. */
export const findUnmapped = (tx: ReadTx, quietSince: Date, limit: number) =>
  tx.rows(
    `SELECT id, version, metadata_object FROM series
     WHERE NOT is_mapped AND updated_at < $1 AND metadata_object IS NOT NULL ORDER BY updated_at LIMIT $2`,
    [quietSince, limit],
  );

/**
 * Keeps of packed series of so few frames that `samplePlaces` has them all that they were looked at: what they have together is found when somebody asks, and nothing
 * is to be told. Gives their number.
 */
export const passShort = (tx: Tx, quietSince: Date, limit: number): Promise<number> =>
  tx.run(
    `UPDATE series SET mapping_lower = NULL, mapping_upper = NULL, mapping_version = version WHERE id IN (
       SELECT s.id FROM series s WHERE NOT s.is_mapped AND s.updated_at < $1 AND s.metadata_object IS NOT NULL AND s.instance_count <= $3
         AND (SELECT coalesce(sum(i.frames), 0) FROM instances i WHERE i.series_id = s.id) <= $3 LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)`,
    [quietSince, limit, SAMPLES],
  );

/** Keeps the mapping of a series' version, undefined where it needs none. Nothing is kept of a series that has changed meanwhile: it is looked at again. */
export async function keepMapping(
  tx: Tx,
  { id, version }: { readonly id: string; readonly version: number },
  mapping: SeriesMapping | undefined,
): Promise<void> {
  await tx.run(
    'UPDATE series SET mapping_lower = $3, mapping_upper = $4, mapping_version = version WHERE id = $1 AND version = $2',
    [id, version, mapping?.lower ?? null, mapping?.upper ?? null],
  );
  if (mapping !== undefined) await notifyMapping(tx, id);
}
