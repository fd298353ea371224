import type { Patient } from '@negatoscope/contract';
import type { Actor } from '../../access/index.ts';
import type { ReadTx } from '../../platform/db/database.ts';

/** What the one search field needs of patients: those found by a text, inside the same transaction. */
export interface PatientSearch {
  search(tx: ReadTx, actor: Actor, q: string, limit: number): Promise<Patient[]>;
}
