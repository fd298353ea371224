import type { BodyOf, changeWork, ResultOf, Study, WorkChange } from '@negatoscope/contract';
import { can, type Person, scopeOf } from '../../../access/index.ts';
import { notifyStudy } from '../../../archive/notify.ts';
import { ownGroups } from '../../../archive/records/members.ts';
import { refreshPatients } from '../../../archive/records/patients.ts';
import { timesAfter } from '../../../archive/records/reading-status.ts';
import { findStudies, findStudyPlace, lockStudy } from '../../../archive/records/studies.ts';
import { updateStudyRow, updateWorkRow } from '../../../archive/records/study-changes.ts';
import { type StudyRow, studyOf } from '../../../archive/records/study-rows.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { changeLabels } from '../labels/on-studies.ts';
import { type ReadingDeps, statusWasSet, withReaders } from '../reading/index.ts';
import { findReadersOf } from './people.ts';
import { type Planned, plannedOf } from './plan.ts';

export interface WorkDeps extends ReadingDeps {
  /** Somebody is given a study by somebody else. */
  readonly assigned: (tx: Tx, to: string, study: Pick<StudyRow, 'id'>) => Promise<void>;
}
type Item = ResultOf<typeof changeWork>['items'][number];
type Outcome = Item['outcome'];

/** Changes studies one by one: each has its own transaction, and one that is refused costs the others nothing. */
export async function change(
  deps: WorkDeps,
  actor: Person,
  { items }: BodyOf<typeof changeWork>,
): Promise<ResultOf<typeof changeWork>> {
  const done: Item[] = [];
  for (const item of items) done.push({ id: item.id, ...(await changeOne(deps, actor, item)) });
  return { items: await withReadersOf(deps, actor, done) };
}

async function withReadersOf(deps: WorkDeps, actor: Person, items: readonly Item[]): Promise<Item[]> {
  const studies = await withReaders(
    deps,
    actor,
    items.flatMap(({ study }) => study ?? []),
  );
  const byId = new Map(studies.map((study) => [study.id, study]));
  return items.map((item) => ({ ...item, study: byId.get(item.id) ?? null }));
}

function changeOne(deps: WorkDeps, actor: Person, wanted: WorkChange): Promise<{ outcome: Outcome; study: Study | null }> {
  return deps.db.withScope(scopeOf(actor), async (tx) => {
    const place = await findStudyPlace(tx, scopeOf(actor), wanted.id);
    if (place === undefined) return { outcome: 'NOT_FOUND', study: null };
    if (!(await lockStudy(tx, place, []))) return { outcome: 'BUSY', study: null };
    const before = await studyNow(tx, actor, wanted.id);
    if (before === undefined) return { outcome: 'NOT_FOUND', study: null };
    const outcome = await apply(deps, tx, actor, { before, wanted });
    const after = await studyNow(tx, actor, wanted.id);
    return { outcome, study: after === undefined ? null : studyOf(after, actor) };
  });
}

async function studyNow(tx: Tx, actor: Person, id: string): Promise<StudyRow | undefined> {
  const [study] = await findStudies(tx, scopeOf(actor), [id]);
  return study;
}

interface Wanted {
  readonly before: StudyRow;
  readonly wanted: WorkChange;
}

async function apply(deps: WorkDeps, tx: Tx, actor: Person, { before, wanted }: Wanted): Promise<Outcome> {
  const now = deps.clock.now();
  const planned = plannedOf(before, wanted, now);
  if (planned.isStale) return 'STALE';
  if (planned.needsValidator && !can(actor, 'studies.validate')) return 'FORBIDDEN';
  const to = planned.work?.assigneeId ?? null;
  const isGiven = to !== null && to !== before.assignee_id;
  if (isGiven && !(await findReadersOf(tx, before.group_id, null)).some(({ id }) => id === to)) return 'NO_SUCH_PERSON';
  const labels = await changeLabels(tx, before, { add: wanted.addLabels ?? [], remove: wanted.removeLabels ?? [] });
  if (labels === 'NO_SUCH_LABEL') return labels;
  await write(deps, tx, { before, planned, now });
  const fields = [...planned.fields, ...(labels ? ['labels'] : [])];
  if (fields.length === 0) return 'SAME';
  if (isGiven && to !== actor.userId) await deps.assigned(tx, to, before);
  await tell(deps, tx, actor, { before, fields, planned });
  return 'CHANGED';
}

interface Written {
  readonly before: StudyRow;
  readonly planned: Planned;
}

async function write(deps: WorkDeps, tx: Tx, { before, planned: { work, status }, now }: Written & { now: Date }): Promise<void> {
  const { id, description, text_uncertain: textUncertain } = before;
  if (work !== undefined) await updateWorkRow(tx, id, work, now);
  if (status === undefined) return;
  const present = { firstOpenedAt: before.first_opened_at, readAt: before.read_at, validatedAt: before.validated_at };
  await updateStudyRow(tx, id, { status, times: timesAfter(status, present, now), description, textUncertain }, now);
  await refreshPatients(tx, [before.patient_id]);
  await statusWasSet(deps, tx, id, status);
}

async function tell(
  { audit }: WorkDeps,
  tx: Tx,
  actor: Person,
  { before, fields, planned: { work, status } }: Written & { readonly fields: readonly string[] },
): Promise<void> {
  const { id, patient_id: patientId, group_id: groupId } = before;
  const details = {
    fields: [...fields],
    ...(status === undefined ? {} : { status }),
    ...(work === undefined ? {} : { urgency: work.urgency, assigneeId: work.assigneeId }),
  };
  await audit.record(tx, { action: 'study.updated', actor, entityType: 'study', entityId: id, patientId, groupId, details });
  await notifyStudy(tx, { id, patientId });
}

/** Who may be given studies of a group: those who validate and see them, of the actor's colleagues. */
export async function readersOf({ db }: Pick<WorkDeps, 'db'>, actor: Person, groupId: string | null) {
  return { items: await db.reading(scopeOf(actor), (tx) => findReadersOf(tx, groupId, ownGroups(actor))) };
}
