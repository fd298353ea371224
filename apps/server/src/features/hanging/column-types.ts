import type { HangingLayout, HangingRegion } from '@negatoscope/contract';

declare module '../../platform/db/statements.ts' {
  interface ColumnTypes {
    'hanging_rules.layout': HangingLayout;
    'hanging_rules.region': HangingRegion;
  }
}
