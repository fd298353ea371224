import type { ReadTx } from '../../../platform/db/database.ts';

/** The secrets of all second factors, as they are sealed. The start reads it as the owner, and loads nothing else of this feature. */
export const SEALED_FACTORS = 'SELECT user_id AS id, secret AS sealed FROM second_factors';

export const findSealedFactors = (tx: ReadTx) => tx.rows(SEALED_FACTORS, []);
