/** Where the files of an import go, and what becomes of those that carry another identity than the chosen patient's. */
export interface ImportTarget {
  readonly patientId?: string | undefined;
  readonly groupId?: string | undefined;
  readonly onMismatch?: 'owner' | 'apart' | undefined;
  readonly acceptMismatch?: boolean | undefined;
  readonly mismatchReason?: string | undefined;
}
