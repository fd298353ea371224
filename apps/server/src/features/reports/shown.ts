import type { ReportDraft, ReportEdit, SignedReport } from '@negatoscope/contract';
import { SignedContent } from '@negatoscope/contract';
import { Failure } from '../../kernel/failure.ts';
import type { DraftRow, EditRow, VersionRow } from './repository.ts';

const authorOf = ({ author_id, author_name }: Pick<DraftRow, 'author_id' | 'author_name'>): ReportDraft['author'] =>
  author_id === null ? null : { id: author_id, name: author_name ?? '' };

/** A draft beside the patient in whose record the study is now. */
export const draftOf = (row: DraftRow, patientId: string): ReportDraft => ({
  version: row.version,
  amends: row.amends,
  writtenFor: row.written_for,
  isOfOtherPatient: row.written_for !== patientId,
  language: row.language,
  template: row.template,
  sections: row.sections,
  author: authorOf(row),
  changedAt: row.changed_at.toISOString(),
});

export const editOf = (row: EditRow): ReportEdit => ({
  editId: row.id,
  version: row.version,
  amends: row.amends,
  language: row.language,
  template: row.template,
  sections: row.sections,
  author: authorOf(row),
  at: row.made_at.toISOString(),
});

/** A signed version as its bytes say. Fails with OBJECT_DAMAGED where they are not the ones that were signed. */
export function signedOf(row: Omit<VersionRow, 'letterhead'>, patientId: string): SignedReport {
  if (row.is_whole !== true) throw new Failure('OBJECT_DAMAGED');
  return {
    content: SignedContent.parse(JSON.parse(row.content.toString('utf8'))),
    sha256: row.sha256.toString('hex'),
    isOfOtherPatient: row.written_for !== patientId,
  };
}
