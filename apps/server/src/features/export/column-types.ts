import type { DeidProject, DeidProjectOption } from '@negatoscope/contract';

declare module '../../platform/db/statements.ts' {
  interface ColumnTypes {
    'deid_projects.options': DeidProjectOption[];
    'deid_projects.dates': DeidProject['dates'];
  }
}
