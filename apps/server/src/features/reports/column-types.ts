import type { ReportDraft, ReportSections } from '@negatoscope/contract';

declare module '../../platform/db/statements.ts' {
  interface ColumnTypes {
    'report_documents.kind': 'PDF' | 'SR';
    'report_drafts.sections': ReportSections;
    'report_edits.sections': ReportSections;
    'report_drafts.language': ReportDraft['language'];
    'report_edits.language': ReportDraft['language'];
    'report_templates.sections': ReportSections;
    'report_templates.language': ReportDraft['language'];
    'report_phrases.language': ReportDraft['language'];
  }
}
