import type { FileReason } from '@negatoscope/contract';

/** Texts that the server alone writes. */
declare module '../../platform/db/statements.ts' {
  interface ColumnTypes {
    'import_files.reason': FileReason;
  }
}
