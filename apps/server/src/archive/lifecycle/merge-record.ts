/** Ids of rows by the column that named the merged patient, `table.column`. */
export type MovedRows = Readonly<Record<string, readonly string[]>>;

/** What a merge changed, as it was before: by it the merge is undone. */
export interface MergeRecord {
  readonly before: {
    readonly identityStatus: 'CONFIRMED' | 'IDENTITY_REVIEW';
    readonly suspectId: string | null;
  };
  readonly studies: readonly string[];
  /** Identifiers that the other record did not have. */
  readonly identifiers: readonly { readonly issuer: string; readonly value: string }[];
  /** Patients who were thought to be this one, and records that were merged into it before. */
  readonly suspects: readonly string[];
  readonly pointers: readonly string[];
  readonly rows: MovedRows;
}
