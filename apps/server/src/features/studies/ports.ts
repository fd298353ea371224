import type { Patient } from '@negatoscope/contract';
import type { Actor } from '../../access/index.ts';
import type { Tx } from '../../platform/db/database.ts';

/** Whose a study's images say they are, which ingest knows how to compare. */
export interface IdentityRules {
  /** The identity by which a study's images contradict a patient, or undefined. */
  studyContradicts(tx: Tx, studyId: string, patientId: string): Promise<object | undefined>;
}

/** What the one search field needs of patients: those found by a text, inside the same transaction. */
export interface PatientSearch {
  search(tx: Tx, actor: Actor, q: string, limit: number): Promise<Patient[]>;
}
