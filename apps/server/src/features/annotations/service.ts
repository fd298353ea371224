import type { Annotation, AnnotationEdit, annotationHistory, listAnnotations, ResultOf } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../access/index.ts';
import type { ArchiveWriter } from '../../archive/doors.ts';
import { holdStudy } from '../../archive/records/images.ts';
import { requireStudy, requireStudyToWrite } from '../../archive/records/studies.ts';
import type { StudyRow } from '../../archive/records/study-rows.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { LiveEvents } from '../../platform/shared-state/index.ts';
import type { Audit, AuditRecord } from '../audit/index.ts';
import * as repository from './repository.ts';
import { MOST_COORDINATES, requirePlace, requireRoom, requireSamePlace, requireText, requireTextNear } from './requirements.ts';
import { annotationOf, versionOf } from './shown.ts';

export interface AnnotationDeps {
  readonly db: ArchiveWriter;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly events: Pick<LiveEvents, 'publish' | 'subscribe'>;
}

/** A study as a request names it. */
export interface StudyRef {
  readonly uid: string;
  readonly groupId: string | undefined;
}

interface Saved {
  readonly annotation: Annotation;
  readonly isRefused: boolean;
}

type Held = repository.HeldStudy & { readonly patientId: string };

/** What has changed since `after`; its use is audited. Fails with NOT_FOUND for a study out of scope. */
export async function list(
  deps: AnnotationDeps,
  actor: Person,
  study: StudyRef,
  after: number,
): Promise<ResultOf<typeof listAnnotations>> {
  const { found, items, seq } = await read(deps, actor, study, after);
  await noteUse(deps, actor, found);
  return { items, seq };
}

/** The id of the study whose changes somebody will listen to; its use is audited. Fails with NOT_FOUND for a study out of scope. */
export async function listen(deps: AnnotationDeps, actor: Person, study: StudyRef): Promise<string> {
  const found = await deps.db.reading(scopeOf(actor), (tx) => requireStudy(tx, actor, study.uid, study.groupId));
  await noteUse(deps, actor, found);
  return found.id;
}

/** The same for who asks again and again. */
export async function since(
  deps: AnnotationDeps,
  actor: Person,
  study: StudyRef,
  after: number,
): Promise<ResultOf<typeof listAnnotations>> {
  const { items, seq } = await read(deps, actor, study, after);
  return { items, seq };
}

async function read({ db }: AnnotationDeps, actor: Person, study: StudyRef, after: number) {
  const scope = scopeOf(actor);
  return db.reading(scope, async (tx) => {
    const found = await requireStudy(tx, actor, study.uid, study.groupId);
    const rows = await repository.findAnnotations(tx, scope, found.id, after);
    return { found, items: rows.map((row) => annotationOf(row, actor)), seq: rows.at(-1)?.seq ?? after };
  });
}

const noteUse = (
  { audit }: AnnotationDeps,
  actor: Person,
  { id: studyId, patient_id: patientId, group_id: groupId }: StudyRow,
): Promise<void> => audit.use(actor, { studyId, patientId, groupId, kind: 'annotations' });

/** Keeps an edit and gives what stands then; one that was kept before changes nothing. Fails with ANNOTATION_CHANGED when another came before it. */
export async function save(
  deps: AnnotationDeps,
  actor: Person,
  study: StudyRef,
  edit: AnnotationEdit & { readonly id: string },
): Promise<Annotation> {
  requireText(edit);
  if (edit.authorId !== actor.userId) throw new Failure('OTHER_AUTHOR');
  const { annotation, isRefused } = await deps.db.withScope(scopeOf(actor), async (tx) => {
    const found = await requireStudyToWrite(tx, actor, study.uid, study.groupId);
    const held = await holdStudy(tx, found.id);
    if (held === undefined) throw notFound();
    const place = { studyId: found.id, groupId: held.group_id, patientId: held.patient_id };
    const known = await repository.findEdit(tx, found.id, edit.editId);
    if (known === undefined) return keep(deps, tx, actor, place, { ...edit, now: deps.clock.now() });
    if (known.annotation_id !== edit.id || known.author_id !== actor.userId) throw new Failure('CONFLICT');
    return { annotation: await present(tx, actor, found.id, edit.id), isRefused: known.version === null };
  });
  // Thrown once what was refused is kept.
  if (isRefused) throw new Failure('ANNOTATION_CHANGED', { current: annotation });
  return annotation;
}

async function keep(
  { audit, events }: AnnotationDeps,
  tx: Tx,
  actor: Person,
  held: Held,
  change: AnnotationEdit & { id: string; now: Date },
): Promise<Saved> {
  const before = await repository.findAnnotation(tx, scopeOf(actor), held.studyId, change.id);
  if (before === undefined) await requirePlace(tx, actor, held.studyId, change);
  else if (before.author_id !== actor.userId) throw new Failure('FORBIDDEN');
  else requireSamePlace(before, change);
  const isRefused = before !== undefined && before.version !== change.baseVersion;
  if (!change.isDeleted) await requireTextNear(tx, actor, held.studyId, change);
  await requireRoom(tx, held.studyId, change, before);
  if (before === undefined) await repository.insertAnnotation(tx, held, change);
  else if (!isRefused) await repository.updateAnnotation(tx, held, change);
  const version = isRefused ? null : (before?.version ?? 0) + 1;
  await repository.insertEdit(tx, held, change, version);
  await audit.record(tx, eventOf(actor, held, change, { before, isRefused }));
  if (!isRefused) await events.publish('annotations-changed', held.studyId, tx);
  return { annotation: await present(tx, actor, held.studyId, change.id), isRefused };
}

async function present(tx: Tx, actor: Person, studyId: string, id: string): Promise<Annotation> {
  const row = await repository.findAnnotation(tx, scopeOf(actor), studyId, id);
  if (row === undefined) throw notFound();
  return annotationOf(row, actor);
}

/** The versions of one annotation; its use is audited. */
export async function history(
  deps: AnnotationDeps,
  actor: Person,
  study: StudyRef,
  id: string,
): Promise<ResultOf<typeof annotationHistory>> {
  const scope = scopeOf(actor);
  const { found, items } = await deps.db.reading(scope, async (tx) => {
    const found = await requireStudy(tx, actor, study.uid, study.groupId);
    const rows = await repository.findEdits(tx, scope, { studyId: found.id, id, most: MOST_COORDINATES });
    if (rows.length === 0) throw notFound();
    return { found, items: rows.map((row) => versionOf(row, actor)) };
  });
  await noteUse(deps, actor, found);
  return { items };
}

interface Met {
  readonly before: repository.AnnotationRow | undefined;
  readonly isRefused: boolean;
}

function actionOf({ before, isRefused }: Met, isDeleted: boolean): AuditRecord['action'] {
  if (isRefused) return 'annotation.refused';
  if (before === undefined) return 'annotation.created';
  if (before.is_deleted !== isDeleted) return isDeleted ? 'annotation.deleted' : 'annotation.restored';
  return 'annotation.changed';
}

const eventOf = (
  actor: Person,
  { studyId, patientId, groupId }: Held,
  { id, kind, isDeleted }: AnnotationEdit & { id: string },
  met: Met,
): AuditRecord => ({
  action: actionOf(met, isDeleted),
  outcome: met.isRefused ? 'FAILURE' : 'SUCCESS',
  actor,
  entityType: 'annotation',
  entityId: id,
  patientId,
  groupId,
  details: { studyId, kind, version: (met.before?.version ?? 0) + (met.isRefused ? 0 : 1) },
});
