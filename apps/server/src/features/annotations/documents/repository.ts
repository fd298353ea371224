import type { KeptDocumentKind } from '@negatoscope/contract';
import type { Scope } from '../../../access/index.ts';
import { inPartition, partitionValues } from '../../../archive/in-scope.ts';
import { nameOf } from '../../../archive/records/study-rows.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';

export type DocumentRow = FoundBy<typeof findLatest>;
export type PredecessorRow = FoundBy<typeof findPredecessor>;

/** The latest document of a kind, stored or about to be. */
export const findLatest = (tx: ReadTx, studyId: string, kind: KeptDocumentKind) =>
  tx.first(
    `SELECT seq, content_sha256, series_instance_uid, sop_instance_uid, author_id, made_at, is_stored FROM kept_documents
     WHERE study_id = $1 AND kind = $2 ORDER BY seq DESC LIMIT 1`,
    [studyId, kind],
  );

/** The document that a new one takes the place of: the last before it that was stored. */
export const findPredecessor = (tx: ReadTx, studyId: string, kind: KeptDocumentKind, seq: number) =>
  tx.first(
    `SELECT series_instance_uid, sop_instance_uid FROM kept_documents WHERE study_id = $1 AND kind = $2 AND seq < $3 AND is_stored
     ORDER BY seq DESC LIMIT 1`,
    [studyId, kind, seq],
  );

/** That of whoever first had a document of a kind made in a study, which names its series; French where they are gone. */
export const languageOfSeries = async (tx: ReadTx, studyId: string, kind: KeptDocumentKind) =>
  (
    await tx.first(
      `SELECT u.locale FROM kept_documents d JOIN users u ON u.id = d.author_id WHERE d.study_id = $1 AND d.kind = $2 ORDER BY d.seq LIMIT 1`,
      [studyId, kind],
    )
  )?.locale ?? 'fr';

/** The latest stored document of each kind. */
export const findKept = (tx: ReadTx, scope: Scope, studyId: string) => {
  return tx.rows(
    `SELECT DISTINCT ON (d.kind) d.kind, d.series_instance_uid, d.sop_instance_uid, d.made_at, (${nameOf('d.author_id')}) AS author_name
     FROM kept_documents d WHERE ${inPartition('d', 1)} AND d.study_id = $4 AND d.is_stored ORDER BY d.kind, d.seq DESC`,
    [...partitionValues(scope), studyId],
  );
};

export interface NewDocument {
  readonly studyId: string;
  readonly groupId: string | null;
  readonly kind: KeptDocumentKind;
  readonly seq: number;
  readonly sha256: Buffer;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly authorId: string;
  readonly now: Date;
}

/** Writes a document that is about to be stored; one that never was stored has its place taken. */
export const putDocument = (tx: Tx, of: NewDocument): Promise<number> =>
  tx.run(
    `INSERT INTO kept_documents (study_id, group_id, kind, seq, content_sha256, series_instance_uid, sop_instance_uid, author_id, made_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (study_id, kind, seq) DO UPDATE SET content_sha256 = excluded.content_sha256, sop_instance_uid = excluded.sop_instance_uid,
       author_id = excluded.author_id, made_at = excluded.made_at`,
    [of.studyId, of.groupId, of.kind, of.seq, of.sha256, of.seriesInstanceUid, of.sopInstanceUid, of.authorId, of.now],
  );

export const markStored = (tx: Tx, studyId: string, kind: KeptDocumentKind, sopInstanceUid: string): Promise<number> =>
  tx.run('UPDATE kept_documents SET is_stored = true WHERE study_id = $1 AND kind = $2 AND sop_instance_uid = $3', [
    studyId,
    kind,
    sopInstanceUid,
  ]);

/** Names of people, for what is made in their name. */
export const findPeople = (tx: ReadTx, ids: readonly string[]) =>
  tx.rows('SELECT id, last_name, first_name FROM users WHERE id = ANY($1::uuid[])', [ids]);
