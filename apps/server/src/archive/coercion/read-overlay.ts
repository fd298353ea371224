import type { ReadTx } from '../../platform/db/database.ts';

/** A patient as the index has them; columns of `patients`. */
export interface IndexedPatient {
  readonly record_number: string;
  readonly external_id: string | null;
  readonly family_name: string;
  readonly given_name: string;
  readonly person_name: string;
  readonly birth_date: string | null;
  readonly sex: string;
}

/** What the index says of a study's files, and since when (VR DT). */
export interface IndexValues extends IndexedPatient {
  readonly description: string | null;
  readonly modified_at: string;
}

/** The columns of `IndexValues`, of a study `t` and its patient `p`. */
export const INDEX_VALUES =
  `p.record_number, p.external_id, p.family_name, p.given_name, p.person_name, p.birth_date, p.sex, t.description,
       to_char(greatest(p.updated_at, t.updated_at) AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS') || '+0000' AS modified_at` as const;

/** Read once a study in the reader's scope; undefined when the study is not there. */
export const readIndexValues = (tx: ReadTx, studyId: string): Promise<IndexValues | undefined> =>
  tx.first(
    `SELECT ${INDEX_VALUES} FROM studies t JOIN patients p ON p.id = t.patient_id WHERE t.id = $1`,
    [studyId],
    'index-values',
  );

/** What the index says of a study's datasets, and which edition of it. */
export interface Overlay extends IndexedPatient {
  readonly description: string | null;
  /** Another one after every change of the patient or study. */
  readonly revision: string;
}

/** Read once a study in the reader's scope; undefined when the study is not there. */
export const readOverlay = (tx: ReadTx, studyId: string): Promise<Overlay | undefined> =>
  tx.first(
    `SELECT p.record_number, p.external_id, p.family_name, p.given_name, p.person_name, p.birth_date, p.sex, t.description,
       p.id::text || extract(epoch FROM p.updated_at)::text || extract(epoch FROM t.updated_at)::text AS revision
     FROM studies t JOIN patients p ON p.id = t.patient_id WHERE t.id = $1`,
    [studyId],
    'dicomweb-overlay',
  );
