import type { Figures } from './reports/kept.ts';

/** The details of an event: an object, whose members each action decides. */
declare module '../../platform/db/statements.ts' {
  interface ColumnTypes {
    'audit_reports.figures': Figures;
    'audit_events.details': Readonly<Record<string, unknown>>;
  }
}
