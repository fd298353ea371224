import type { Permission } from '@negatoscope/contract';

/** Texts that the server alone writes. */
declare module '../../platform/db/statements.ts' {
  interface ColumnTypes {
    'api_tokens.permissions': Permission[];
  }
}
