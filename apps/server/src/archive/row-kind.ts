import type { Permission } from '@negatoscope/contract';

/** What a row can hang on. */
export type Level = 'patient' | 'study' | 'series' | 'instance';

/**
 * A kind of rows that hang on patients, studies, series or instances, declared once by the room that owns the table: from then on the archive
 * carries them along wherever what they hang on goes. A row in the trash needs nothing: it is out of sight with its study.
 */
export interface RowKind {
  readonly table: string;
  readonly level: Level;
  /** The column with the id of what the row hangs on. */
  readonly key: string;
  /** The column with the partition, which follows a move into another group; none where rows are somebody's own. */
  readonly group?: string;
  /**
   * Of rows that hang on a patient, when two records are merged: whether they go to the one that stays, by the column `id` of each, so that undoing brings
   * these very rows back. Others go with their study, and come back with it.
   */
  readonly merge: 'follows' | 'stays';
  /** When what they hang on is removed for good: deleted, let go (the key becomes NULL), or left as they are. */
  readonly purge: 'delete' | 'let-go' | 'stay';
  /**
   * Where purging leaves rows: what of them tells who somebody was, column by column with the SQL expression that it becomes when a patient is erased; none where nothing of them does, which
   * the reviewed list of the test says why.
   */
  readonly erase?: Readonly<Record<string, string>>;
  /** The object of the store that a row names: it is kept while the row is there and `while` (an SQL condition on it) holds, and deleted after it. */
  readonly object?: KindObject;
  /** Of what hangs on a study: the SOP Instance UIDs of what the server makes of the row, an SQL expression that may give several rows. It goes where the study goes: nobody brought it. */
  readonly instance?: string;
  /** Which rows' instances leave in no export, an SQL condition on the row `k`: what they say is not for who has the study now. */
  readonly instanceStays?: string;
  /** What of it leaves in an export: nothing, or its rows beside the study or patient that they hang on, each with its object. */
  readonly export: 'stays' | ExportedKind;
}

/** SQL expressions over a row's columns; the one of its object wants an index, for objects are looked up by it. */
export interface KindObject {
  readonly column: string;
  readonly while?: string;
  /** Size in bytes and SHA-256 (bytea) of the object as it was written: by them it is read through from time to time, and before it leaves. */
  readonly size: string;
  readonly sha256: string;
  /** As what it is told of when it is damaged. */
  readonly damagedAs: 'VERSION' | 'CONFLICT' | 'DERIVED';
}

export interface ExportedKind {
  /** What who asks must be allowed for these rows to be in their export. */
  readonly permission: Permission;
  /** Columns that leave, as `<table>.json`. */
  readonly columns: readonly string[];
  /** Fields that are no columns, SQL expressions on the row `k`. */
  readonly computed?: Readonly<Record<string, string>>;
  /** Which rows leave, an SQL condition on the row `k`; all without it. */
  readonly only?: string;
  /** Of the files that its objects leave as, `<table>/<object>.<extension>`. */
  readonly extension?: string;
}

/** Every kind there is, the archive's own and the features'. */
export type RowKinds = readonly RowKind[];

/** Rows that hang on nothing and name a study by its UID: what of them tells who somebody was, when the patient of that study is erased. */
export interface UidRows {
  readonly table: string;
  /** The column with the Study Instance UID. */
  readonly studyUid: string;
  readonly erase: Readonly<Record<string, string>>;
  /** Which rows, an SQL condition; all without it. */
  readonly only?: string;
}

/** Rows that hang on nothing, in which somebody may stand by a text that people typed or called a file: what becomes of them when a patient is erased whose identifier, or whose names, it has. */
export interface TextRows {
  readonly table: string;
  /** The text, an SQL expression on the row. */
  readonly text: string;
  readonly erase: Readonly<Record<string, string>> | 'delete';
  /** Which rows, an SQL condition; all without it. */
  readonly only?: string;
}
