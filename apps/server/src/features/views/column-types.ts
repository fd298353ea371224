import type { ListViewContent } from '@negatoscope/contract';

declare module '../../platform/db/statements.ts' {
  interface ColumnTypes {
    'list_views.content': ListViewContent;
  }
}
