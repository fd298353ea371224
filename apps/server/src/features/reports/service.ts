import type {
  BodyOf,
  ErrorCode,
  listReportEdits,
  ReportDraft,
  ReportSections,
  ResultOf,
  StudyReport,
  saveReport,
} from '@negatoscope/contract';
import { REPORT_SECTIONS } from '@negatoscope/contract';
import { can, type Person, scopeOf } from '../../access/index.ts';
import type { ArchiveWriter } from '../../archive/doors.ts';
import { holdStudy } from '../../archive/records/images.ts';
import { requireStudy, requireStudyToWrite } from '../../archive/records/studies.ts';
import { storableText } from '../../archive/search/index-list.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { Audit } from '../audit/index.ts';
import { mayDictateIn } from './letterhead/repository.ts';
import * as repository from './repository.ts';
import { draftOf, editOf, signedOf } from './shown.ts';

export interface ReportDeps {
  readonly db: ArchiveWriter;
  readonly audit: Audit;
  readonly clock: Clock;
  /** Whether a person is still to say what they see on a film of this study before anybody tells them. */
  readonly isBlind: (actor: Person, studyId: string) => Promise<boolean>;
  /** Fails with PROOF_REQUIRED where the site wants that who signs has just shown who they are. */
  readonly requireProof: (tx: Tx, actor: Person) => Promise<void>;
  /** The study is read: see `resultDecided` of studies. */
  readonly studyRead: (tx: Tx, actor: Person, studyId: string) => Promise<void>;
}

/** A study as a request names it. */
export interface StudyRef {
  readonly uid: string;
  readonly groupId: string | undefined;
}

/** Of what one person types in a row a text is kept for each of these times. */
const ONE_TEXT_MS = 20_000;
const MOST_EDITS = 5_000;

/** What there is of a study's report; its use is audited. Fails with NOT_FOUND for a study out of scope. */
export async function get(deps: ReportDeps, actor: Person, ref: StudyRef): Promise<StudyReport> {
  const scope = scopeOf(actor);
  const mayWrite = can(actor, 'reports.write');
  const { study, row, versions, isShared, mayDictate } = await deps.db.reading(scope, async (tx) => {
    const study = await requireStudy(tx, actor, ref.uid, ref.groupId);
    const row = mayWrite ? await repository.findDraft(tx, scope, study.id) : undefined;
    const isShared =
      row !== undefined && (await repository.hasOtherAuthors(tx, study.id, { userId: actor.userId, amends: row.amends }));
    const mayDictate = mayWrite && (await mayDictateIn(tx, study.group_id));
    return { study, row, isShared, mayDictate, versions: await repository.findVersions(tx, scope, study.id) };
  });
  await deps.audit.use(actor, { studyId: study.id, patientId: study.patient_id, groupId: study.group_id, kind: 'report' });
  const isDraftHidden = isShared && (await deps.isBlind(actor, study.id));
  return {
    patientId: study.patient_id,
    draft: row === undefined || isDraftHidden ? null : draftOf(row, study.patient_id),
    isDraftHidden,
    versions: versions.map((version) => signedOf(version, study.patient_id)),
    mayDictate,
  };
}

/** The texts that were sent; their use is audited. Fails with NOT_FOUND, OPINION_FIRST. */
export async function edits(deps: ReportDeps, actor: Person, ref: StudyRef): Promise<ResultOf<typeof listReportEdits>> {
  const scope = scopeOf(actor);
  const { study, rows } = await deps.db.reading(scope, async (tx) => {
    const study = await requireStudy(tx, actor, ref.uid, ref.groupId);
    return { study, rows: await repository.findEdits(tx, scope, study.id) };
  });
  await deps.audit.use(actor, { studyId: study.id, patientId: study.patient_id, groupId: study.group_id, kind: 'report' });
  const isOthers = rows.some(({ author_id }) => author_id !== actor.userId);
  if (isOthers && (await deps.isBlind(actor, study.id))) throw new Failure('OPINION_FIRST');
  return { items: rows.map(editOf) };
}

function requireText(sections: ReportSections): void {
  const bad = REPORT_SECTIONS.filter((name) => storableText(sections[name]) !== sections[name]);
  if (bad.length > 0)
    throw new Failure('VALIDATION_FAILED', { errors: bad.map((name) => ({ path: `sections.${name}`, message: 'Not a text.' })) });
}

interface Kept {
  readonly draft: ReportDraft | null;
  /** Why it did not become the draft. */
  readonly refused?: ErrorCode;
}

/**
 * Keeps what somebody typed and gives the draft as it stands; a text that was kept before changes nothing. What is refused is kept as well, beside the draft: with REPORT_CHANGED when
 * another came before it or the report was signed, with REPORT_OF_OTHER_PATIENT when the study is of somebody else than its author saw.
 */
export async function save(
  deps: ReportDeps,
  actor: Person,
  ref: StudyRef,
  body: BodyOf<typeof saveReport>,
): Promise<ReportDraft> {
  requireText(body.sections);
  if (body.authorId !== actor.userId) throw new Failure('OTHER_AUTHOR');
  const scope = scopeOf(actor);
  const { draft, refused, studyId } = await deps.db.withScope(scope, async (tx) => {
    const { id: studyId } = await requireStudyToWrite(tx, actor, ref.uid, ref.groupId);
    const held = await holdStudy(tx, studyId);
    if (held === undefined) throw notFound();
    const place = { studyId, groupId: held.group_id, patientId: held.patient_id };
    const known = await repository.findEdit(tx, studyId, body.editId);
    if (known !== undefined && known.author_id !== actor.userId) throw new Failure('CONFLICT');
    const kept: Kept =
      known === undefined
        ? await keep(deps, tx, actor, place, { ...body, now: deps.clock.now() })
        : { draft: await present(tx, actor, place), ...(known.version === null ? { refused: 'REPORT_CHANGED' as const } : {}) };
    return { ...kept, studyId };
  });
  const isOwn = draft !== null && draft.author?.id === actor.userId;
  if (refused === undefined && isOwn) return draft;
  // Thrown once what was refused is kept. A text of one's own that comes again brings nobody a colleague's, either.
  if (await deps.isBlind(actor, studyId)) throw new Failure('OPINION_FIRST');
  if (refused === undefined && draft !== null) return draft;
  throw new Failure(refused ?? 'REPORT_CHANGED', { current: draft });
}

type Held = repository.Place & { readonly patientId: string };

async function present(tx: Tx, actor: Person, { studyId, patientId }: Held): Promise<ReportDraft | null> {
  const row = await repository.findDraft(tx, scopeOf(actor), studyId);
  return row === undefined ? null : draftOf(row, patientId);
}

async function keep(deps: ReportDeps, tx: Tx, actor: Person, held: Held, text: repository.Text): Promise<Kept> {
  const { studyId, patientId, groupId } = held;
  if ((await repository.countEdits(tx, studyId)) >= MOST_EDITS)
    throw new Failure('UNPROCESSABLE', { detail: 'Too many texts of this report.' });
  const before = await repository.findDraft(tx, scopeOf(actor), studyId);
  const latest = await repository.findLatest(tx, studyId);
  const isLate = (before?.version ?? 0) !== text.baseVersion || (latest?.number ?? 0) !== text.amends;
  const refused = text.patientId !== patientId ? 'REPORT_OF_OTHER_PATIENT' : isLate ? 'REPORT_CHANGED' : undefined;
  const version = refused === undefined ? text.baseVersion + 1 : null;
  if (version !== null) {
    const since = new Date(text.now.getTime() - ONE_TEXT_MS);
    // Who begins to write over somebody else's text leaves that one where it is.
    await repository.deleteFormer(tx, { studyId, authorId: actor.userId, version: text.baseVersion, amends: text.amends, since });
    await repository.putDraft(tx, held, text, version);
  }
  await repository.insertEdit(tx, held, text, version);
  await deps.audit.record(tx, {
    ...{ action: version === null ? 'report.refused' : before === undefined ? 'report.begun' : 'report.changed', actor },
    ...{ outcome: version === null ? 'FAILURE' : 'SUCCESS', entityType: 'study', entityId: studyId, patientId, groupId },
    details: { version: version ?? before?.version ?? 0, amends: text.amends },
  });
  return { draft: await present(tx, actor, held), ...(refused === undefined ? {} : { refused }) };
}
