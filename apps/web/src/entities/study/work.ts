import type { ReadingStatus, Study, Urgency } from '@negatoscope/contract';
import { staffName } from '@negatoscope/contract/person-name';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { meQuery } from '../../api/me.ts';
import type { Result } from '../../api/operation.ts';
import { queryClient } from '../../api/query-client.ts';
import { formatName } from '../../i18n/format.ts';
import { currentLocale, text } from '../../i18n/index.ts';
import { showToast } from '../../ui/toast.tsx';
import { showChange, showStudies } from './cached.ts';

/** What studies are given; all of them the same. */
export interface Work {
  readonly status?: ReadingStatus;
  readonly urgency?: Urgency;
  readonly assigneeId?: string | null;
  readonly isPrior?: boolean;
  readonly addLabels?: readonly string[];
  readonly removeLabels?: readonly string[];
}
type Item = Result<'changeWork'>['items'][number];
type Wanted = Work & { readonly id: string; readonly version?: number };

const nameOf = (study: Study): string => formatName(study.patient) || text('common', 'noName');

/** How a study looks once the change is made; labels come with the answer. */
function expected(study: Study, { status, urgency, assigneeId, isPrior }: Work): Study {
  const { user } = queryClient.getQueryData(meQuery.queryKey) ?? {};
  const name = assigneeId === user?.id && user !== undefined ? staffName(user) : null;
  return {
    ...study,
    ...(status === undefined ? {} : { status }),
    ...(urgency === undefined ? {} : { urgency }),
    ...(assigneeId === undefined ? {} : { assigneeId, assigneeName: name }),
    ...(isPrior === undefined ? {} : { isPrior, status: isPrior ? 'ARCHIVED' : 'TO_READ' }),
  };
}

/** What gives a study back what it had before. */
function backOf(before: Study, work: Work): Work {
  const had = new Set(before.labels.map(({ id }) => id));
  return {
    ...(work.status === undefined && work.isPrior === undefined ? {} : { status: before.status, isPrior: before.isPrior }),
    ...(work.urgency === undefined ? {} : { urgency: before.urgency }),
    ...(work.assigneeId === undefined ? {} : { assigneeId: before.assigneeId }),
    ...(work.addLabels === undefined ? {} : { removeLabels: work.addLabels.filter((id) => !had.has(id)) }),
    ...(work.removeLabels === undefined ? {} : { addLabels: work.removeLabels.filter((id) => had.has(id)) }),
  };
}

const plain = (wanted: Wanted) => ({
  ...wanted,
  addLabels: [...(wanted.addLabels ?? [])],
  removeLabels: [...(wanted.removeLabels ?? [])],
});

async function send(items: readonly Wanted[]): Promise<readonly Item[]> {
  const done = await call('changeWork', { body: { items: items.map(plain) } });
  showStudies(done.items.flatMap(({ study }) => study ?? []));
  for (const key of ['overview', 'patients', 'patient', 'study', 'priors'])
    void queryClient.invalidateQueries({ queryKey: [key] });
  return done.items;
}

/** Says what somebody else has decided about the one study meanwhile, and offers to decide otherwise. */
function tellStale(before: Study, now: Study, work: Work): void {
  const patient = nameOf(now);
  const urgency = text('worklist', `urgency${now.urgency}`);
  const isAboutUrgency = work.assigneeId === undefined;
  const assigned =
    now.assigneeId === null
      ? text('worklist', 'staleFreed', { patient })
      : text('worklist', 'staleAssigned', { patient, name: now.assigneeName ?? text('worklist', 'readerHidden') });
  showToast(isAboutUrgency ? text('worklist', 'staleUrgency', { patient, urgency }) : assigned, {
    tone: 'danger',
    action: { label: text('worklist', 'applyAnyway'), run: () => void changeStudies([{ ...before, ...now }], work) },
  });
}

function tellRefused(refused: readonly Item[]): void {
  const [first] = refused;
  if (first === undefined || first.outcome === 'CHANGED' || first.outcome === 'SAME') return;
  const why = text('worklist', `why${first.outcome}`);
  showToast(text('worklist', 'notChanged', { count: refused.length, why }), { tone: 'danger' });
}

/** Tells what came of a change, with the way back. */
function tell(studies: readonly Study[], items: readonly Item[], work: Work): void {
  const before = new Map(studies.map((study) => [study.id, study]));
  const changed = items.filter(({ outcome }) => outcome === 'CHANGED');
  const refused = items.filter(({ outcome }) => outcome !== 'CHANGED' && outcome !== 'SAME');
  const [one] = refused;
  const was = one === undefined ? undefined : before.get(one.id);
  if (studies.length === 1 && one?.outcome === 'STALE' && one.study !== null && was !== undefined)
    tellStale(was, one.study, work);
  else if (refused.length > 0) tellRefused(refused);
  if (changed.length === 0) return;
  const back = changed.flatMap(({ id, study }): Wanted[] => {
    const had = before.get(id);
    return had === undefined ? [] : [{ id, ...(study === null ? {} : { version: study.workVersion }), ...backOf(had, work) }];
  });
  showToast(text('worklist', 'changed', { count: changed.length }), {
    action: { label: text('common', 'undo'), run: () => void send(back).catch(tellError) },
  });
}

const tellError = (error: unknown): void => showToast(errorText(error, currentLocale()), { tone: 'danger' });

/**
 * Changes some studies: shown at once, taken back where it is refused, undone by the toast's button. Who assigns, or says how soon, upon what somebody
 * else has decided meanwhile is told what that was. False where any of them was refused, or none was asked.
 */
export async function changeStudies(studies: readonly Study[], work: Work): Promise<boolean> {
  showChange(new Set(studies.map(({ id }) => id)), (study) => expected(study, work));
  try {
    const items = await send(studies.map(({ id, workVersion }) => ({ id, version: workVersion, ...work })));
    const kept = new Set(items.flatMap(({ id, study }) => (study === null ? [] : [id])));
    showStudies(studies.filter(({ id }) => !kept.has(id)));
    tell(studies, items, work);
    return items.every(({ outcome }) => outcome === 'CHANGED' || outcome === 'SAME');
  } catch (error) {
    showStudies(studies);
    tellError(error);
    return false;
  }
}
