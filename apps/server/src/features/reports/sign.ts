import { createHash } from 'node:crypto';
import type { BodyOf, SignedContent, SignedReport, signReport } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../access/index.ts';
import { lockStudy, requireStudy, requireStudyToWrite } from '../../archive/records/studies.ts';
import { markReported } from '../../archive/records/study-changes.ts';
import type { StudyRow } from '../../archive/records/study-rows.ts';
import { Failure } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../platform/db/database.ts';
import { canonical } from './canonical.ts';
import { type DocumentDeps, keepDocuments, planDocuments } from './documents.ts';
import { letterheadToSign } from './letterhead/letterhead.ts';
import * as repository from './repository.ts';
import type { StudyRef } from './service.ts';
import { draftOf } from './shown.ts';

/**
 * Makes of a draft a version that never changes, and validates the study. Fails with NOT_FOUND for a study that has gone, REPORT_OF_OTHER_PATIENT for one that is of somebody else than its author saw,
 * CONFLICT while it moves, REPORT_CHANGED for another draft than the one before its author, REPORT_EMPTY, OPINION_FIRST, PROOF_REQUIRED.
 */
export async function sign(
  deps: DocumentDeps,
  actor: Person,
  ref: StudyRef,
  { version, patientId }: BodyOf<typeof signReport>,
): Promise<SignedReport> {
  const scope = scopeOf(actor);
  const seen = await deps.db.reading(scope, (tx) => requireStudyToWrite(tx, actor, ref.uid, ref.groupId));
  if (await deps.isBlind(actor, seen.id)) throw new Failure('OPINION_FIRST');
  const signed = await deps.db.withScope(scope, async (tx) => {
    const asked = await requireStudy(tx, actor, ref.uid, ref.groupId);
    if (asked.patient_id !== patientId) throw new Failure('REPORT_OF_OTHER_PATIENT');
    if (!(await lockStudy(tx, asked, []))) throw new Failure('CONFLICT');
    // Read again while it is held: what is signed names the patient and the study as they are called now.
    const study = await requireStudy(tx, actor, ref.uid, ref.groupId);
    const draft = await repository.findDraft(tx, scope, study.id);
    if (draft?.version !== version)
      throw new Failure('REPORT_CHANGED', { current: draft === undefined ? null : draftOf(draft, patientId) });
    if (draft.written_for !== patientId) throw new Failure('REPORT_OF_OTHER_PATIENT');
    if (draft.sections.impression.trim() === '') throw new Failure('REPORT_EMPTY');
    await deps.requireProof(tx, actor);
    return write(deps, tx, actor, study, draft);
  });
  // What is signed is signed: an instance that could not be kept now is kept when that is asked for again.
  await keepDocuments(deps, actor, ref).catch(() => undefined);
  return signed;
}

async function write(
  deps: DocumentDeps,
  tx: Tx,
  actor: Person,
  study: StudyRow,
  draft: repository.DraftRow,
): Promise<SignedReport> {
  const now = deps.clock.now();
  const before = await repository.findLatest(tx, study.id);
  const signer = { id: actor.userId, name: await repository.findName(tx, actor.userId) };
  const content = contentOf(study, draft, { before, signer, now });
  const bytes = Buffer.from(canonical(content));
  const sha256 = createHash('sha256').update(bytes).digest();
  const { id: studyId, group_id: groupId, patient_id: patientId } = study;
  await repository.insertVersion(tx, {
    ...{ id: newId(), studyId, groupId, number: content.number, writtenFor: patientId },
    ...{ content: bytes, sha256, signedBy: actor.userId, now },
    letterhead: await letterheadToSign(tx, groupId, deps.installation),
  });
  await planDocuments(tx, { studyId, groupId }, content.number);
  await repository.deleteDraft(tx, studyId);
  await markReported(tx, studyId, actor.userId, now);
  await deps.studyRead(tx, actor, studyId);
  await deps.audit.record(tx, {
    ...{ action: before === undefined ? 'report.signed' : 'report.amended', actor },
    ...{ entityType: 'study', entityId: studyId, patientId, groupId },
    details: { number: content.number, sha256: sha256.toString('hex') },
  });
  return { content, sha256: sha256.toString('hex'), isOfOtherPatient: false };
}

interface Signing {
  readonly before: { readonly number: number; readonly sha256: Buffer } | undefined;
  readonly signer: SignedContent['signedBy'];
  readonly now: Date;
}

const contentOf = (study: StudyRow, draft: repository.DraftRow, { before, signer, now }: Signing): SignedContent => ({
  format: 'negatoscope-report/1',
  number: (before?.number ?? 0) + 1,
  amends: before === undefined ? null : { number: before.number, sha256: before.sha256.toString('hex') },
  study: {
    studyInstanceUid: study.study_instance_uid,
    date: study.study_date,
    accessionNumber: study.accession_number,
    description: study.description,
    modalities: study.modalities,
  },
  patient: {
    id: study.patient_id,
    recordNumber: study.p_record_number,
    lastName: study.family_name,
    firstName: study.given_name,
    birthDate: study.birth_date,
    sex: study.sex,
  },
  language: draft.language,
  template: draft.template,
  sections: draft.sections,
  signedBy: signer,
  signedAt: now.toISOString(),
});
