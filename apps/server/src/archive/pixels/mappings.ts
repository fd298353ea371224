import type { SeriesMapping } from '@negatoscope/dicom';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import { notifyMapping } from '../notify.ts';

/** Packed series that were quiet since then and whose mapping was not found for their version. */
export const findUnmapped = (tx: ReadTx, quietSince: Date, limit: number) =>
  tx.rows(
    `SELECT id, version, metadata_object FROM series
     WHERE NOT is_mapped AND updated_at < $1 AND metadata_object IS NOT NULL ORDER BY updated_at LIMIT $2`,
    [quietSince, limit],
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
