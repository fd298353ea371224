import type { Patient } from '@negatoscope/contract';
import type { Tx } from '../../platform/db/database.ts';
import type { Actor } from '../access/index.ts';

/** What the one search field needs of patients: those found by a text, inside the same transaction. */
export interface PatientSearch {
  search(tx: Tx, actor: Actor, q: string, limit: number): Promise<Patient[]>;
}
