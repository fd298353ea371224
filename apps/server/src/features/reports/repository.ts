import type { BodyOf, saveReport } from '@negatoscope/contract';
import type { Scope } from '../../access/index.ts';
import { inPartition, partitionValues } from '../../archive/in-scope.ts';
import { nameOf } from '../../archive/records/study-rows.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';

export type DraftRow = FoundBy<typeof findDraft>;
export type DocumentRow = FoundBy<typeof findDocuments>;
export type EditRow = FoundBy<typeof findEdits>;
export type VersionRow = FoundBy<typeof findVersions>;

export const findDraft = (tx: ReadTx, scope: Scope, studyId: string) =>
  tx.first(
    `SELECT d.version, d.amends, d.written_for, d.language, d.template, d.sections, d.author_id, (${nameOf('d.author_id')}) AS author_name, d.changed_at
     FROM report_drafts d WHERE ${inPartition('d', 1)} AND d.study_id = $4`,
    [...partitionValues(scope), studyId],
  );

/** Signed versions, the latest first. */
export const findVersions = (tx: ReadTx, scope: Scope, studyId: string) =>
  tx.rows(
    `SELECT v.number, v.written_for, v.content, v.sha256, v.letterhead, sha256(v.content) = v.sha256 AS is_whole FROM report_versions v
     WHERE ${inPartition('v', 1)} AND v.study_id = $4 ORDER BY v.number DESC`,
    [...partitionValues(scope), studyId],
  );

/** The latest signed version; undefined before the first. */
export const findLatest = (tx: ReadTx, studyId: string) =>
  tx.first('SELECT number, sha256 FROM report_versions WHERE study_id = $1 ORDER BY number DESC LIMIT 1', [studyId]);

/** Whether somebody else has written to what is being written now. */
export const hasOtherAuthors = async (tx: ReadTx, studyId: string, { userId, amends }: { userId: string; amends: number }) =>
  (await tx.first(
    'SELECT 1 AS found FROM report_edits WHERE study_id = $1 AND author_id IS DISTINCT FROM $2::uuid AND amends = $3 LIMIT 1',
    [studyId, userId, amends],
  )) !== undefined;

const MOST_EDITS = 100;
export const findEdits = (tx: ReadTx, scope: Scope, studyId: string) =>
  tx.rows(
    `SELECT e.id, e.version, e.amends, e.language, e.template, e.sections, e.author_id, (${nameOf('e.author_id')}) AS author_name, e.made_at
     FROM report_edits e WHERE ${inPartition('e', 1)} AND e.study_id = $4 ORDER BY e.made_at DESC, e.id DESC LIMIT ${MOST_EDITS}`,
    [...partitionValues(scope), studyId],
  );

/** A text that came before, by the id that its client gave it. */
export const findEdit = (tx: ReadTx, studyId: string, editId: string) =>
  tx.first('SELECT author_id, version FROM report_edits WHERE study_id = $1 AND id = $2', [studyId, editId]);

/** Where a text is written: the study is held, and this is its partition. */
export interface Place {
  readonly studyId: string;
  readonly groupId: string | null;
}
export type Text = BodyOf<typeof saveReport> & { readonly now: Date };

export const putDraft = (tx: Tx, { studyId, groupId }: Place, text: Text, version: number): Promise<number> =>
  tx.run(
    `INSERT INTO report_drafts (study_id, group_id, written_for, version, amends, language, template, sections, author_id, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10)
     ON CONFLICT (study_id) DO UPDATE SET written_for = excluded.written_for, version = excluded.version, language = excluded.language,
       template = excluded.template, sections = excluded.sections, author_id = excluded.author_id, changed_at = excluded.changed_at`,
    [
      ...([studyId, groupId, text.patientId, version, text.amends, text.language, text.template] as const),
      ...([JSON.stringify(text.sections), text.authorId, text.now] as const),
    ],
  );

/** What one person types in a row is thinned out: a text goes when another of them, this fresh, stands before it. */
export const deleteFormer = (
  tx: Tx,
  of: {
    readonly studyId: string;
    readonly authorId: string;
    readonly version: number;
    readonly amends: number;
    readonly since: Date;
  },
): Promise<number> =>
  tx.run(
    `DELETE FROM report_edits e WHERE e.study_id = $1 AND e.author_id = $2 AND e.version = $3 AND e.amends = $4
       AND EXISTS (SELECT FROM report_edits b WHERE b.study_id = e.study_id AND b.author_id = e.author_id AND b.amends = e.amends
         AND b.version < e.version AND b.made_at > $5)`,
    [of.studyId, of.authorId, of.version, of.amends, of.since],
  );

/** Keeps a text; `version` is what it made, null where it was refused. */
export const insertEdit = (tx: Tx, { studyId, groupId }: Place, text: Text, version: number | null): Promise<number> =>
  tx.run(
    `INSERT INTO report_edits (study_id, id, group_id, written_for, base_version, version, amends, language, template, sections, author_id, made_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $12)`,
    [
      ...([studyId, text.editId, groupId, text.patientId, text.baseVersion, version, text.amends] as const),
      ...([text.language, text.template, JSON.stringify(text.sections), text.authorId, text.now] as const),
    ],
  );

export const countEdits = async (tx: ReadTx, studyId: string): Promise<number> =>
  (await tx.first('SELECT count(*)::int AS n FROM report_edits WHERE study_id = $1', [studyId]))?.n ?? 0;

export const deleteDraft = (tx: Tx, studyId: string): Promise<number> =>
  tx.run('DELETE FROM report_drafts WHERE study_id = $1', [studyId]);

export interface NewVersion extends Place {
  readonly id: string;
  readonly number: number;
  readonly writtenFor: string;
  readonly content: Buffer;
  readonly sha256: Buffer;
  readonly signedBy: string;
  /** The letterhead that stands above it from now on. */
  readonly letterhead: Buffer;
  readonly now: Date;
}
export const insertVersion = (tx: Tx, of: NewVersion): Promise<number> =>
  tx.run(
    `INSERT INTO report_versions (id, study_id, number, group_id, written_for, content, sha256, signed_by, signed_at, letterhead)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [of.id, of.studyId, of.number, of.groupId, of.writtenFor, of.content, of.sha256, of.signedBy, of.now, of.letterhead],
  );

/** The name of a person, for what is signed in it. */
export const findName = async (tx: ReadTx, id: string): Promise<string> =>
  (await tx.first("SELECT btrim(u.first_name || ' ' || u.last_name) AS name FROM users u WHERE u.id = $1", [id]))?.name ?? '';

/** Instances that signed versions are, stored or about to be, the latest version first. */
export const findDocuments = (tx: ReadTx, studyId: string) =>
  tx.rows(
    `SELECT number, kind, series_instance_uid, sop_instance_uid, is_stored FROM report_documents WHERE study_id = $1 ORDER BY number DESC, kind`,
    [studyId],
  );

export const insertDocument = (
  tx: Tx,
  { studyId, groupId }: Place,
  of: {
    readonly number: number;
    readonly kind: 'PDF' | 'SR';
    readonly seriesInstanceUid: string;
    readonly sopInstanceUid: string;
  },
): Promise<number> =>
  tx.run(
    'INSERT INTO report_documents (study_id, number, kind, group_id, series_instance_uid, sop_instance_uid) VALUES ($1, $2, $3, $4, $5, $6)',
    [studyId, of.number, of.kind, groupId, of.seriesInstanceUid, of.sopInstanceUid],
  );

export const markStored = (tx: Tx, studyId: string, number: number, kind: 'PDF' | 'SR'): Promise<number> =>
  tx.run('UPDATE report_documents SET is_stored = true WHERE study_id = $1 AND number = $2 AND kind = $3', [
    studyId,
    number,
    kind,
  ]);
