import {
  type DeidCount,
  type DeidFilter,
  type listStudies,
  MOST_DEID_PATIENTS,
  MOST_DEID_STUDIES,
  type QueryOf,
  type Study,
} from '@negatoscope/contract';
import { type Person, scopeOf } from '../../../access/index.ts';
import { namesOfGroups } from '../../../archive/partitions.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import type { Page } from '../../../kernel/list.ts';
import type { ExportDeps } from '../deps.ts';

export interface SourcePorts {
  /** The list of studies as a person sees it, which notes that it was shown. */
  readonly listStudies: (actor: Person, query: QueryOf<typeof listStudies>) => Promise<Page<Study>>;
}

/** What a filter finds, as far as one export goes. */
export interface FoundStudies extends DeidCount {
  readonly patientIds: readonly string[];
  readonly studyUids: readonly string[];
}

const PAGE = 200;

async function pagesOf(
  { listStudies: list }: SourcePorts,
  actor: Person,
  filter: DeidFilter,
): Promise<{ all: Study[]; isMore: boolean }> {
  const all: Study[] = [];
  for (let cursor: string | undefined; ; ) {
    const { items, nextCursor }: Page<Study> = await list(actor, { ...filter, limit: PAGE, cursor });
    all.push(...items);
    if (nextCursor === null) return { all, isMore: false };
    if (all.length > MOST_DEID_STUDIES) return { all, isMore: true };
    cursor = nextCursor;
  }
}

/** Which of these partitions are other people's own. */
async function othersOwn({ db }: Pick<ExportDeps, 'db'>, actor: Person, studies: readonly Study[]): Promise<ReadonlySet<string>> {
  const ids = [...new Set(studies.flatMap(({ groupId }) => groupId ?? []))].filter((id) => id !== actor.userId);
  const groups = await db.reading(scopeOf(actor), (tx) => namesOfGroups(tx, ids));
  const named = new Set(groups.map(({ id }) => id));
  return new Set(ids.filter((id) => !named.has(id)));
}

/** Looks for all that a filter finds now, in this person's scope, and says what of it would leave. */
export async function findByFilter(
  deps: Pick<ExportDeps, 'db'> & SourcePorts,
  actor: Person,
  { filter, targetGroupId }: { readonly filter: DeidFilter; readonly targetGroupId?: string | undefined },
): Promise<FoundStudies> {
  const { all, isMore } = await pagesOf(deps, actor, filter);
  const personal = await othersOwn(deps, actor, all);
  const own = all.filter(({ groupId }) => groupId === null || !personal.has(groupId));
  const leaving = own.filter(({ groupId }) => targetGroupId === undefined || groupId !== targetGroupId);
  const patientIds = [...new Set(leaving.map(({ patient }) => patient.id))];
  return {
    studies: leaving.length,
    patients: patientIds.length,
    notYours: all.length - own.length,
    alreadyThere: own.length - leaving.length,
    mostStudies: MOST_DEID_STUDIES,
    mostPatients: MOST_DEID_PATIENTS,
    isTooMany: isMore || leaving.length > MOST_DEID_STUDIES || patientIds.length > MOST_DEID_PATIENTS,
    patientIds,
    studyUids: leaving.map(({ studyInstanceUid }) => studyInstanceUid),
  };
}

export interface ChosenStudies {
  readonly patientIds: readonly string[];
  readonly studyInstanceUids?: readonly string[] | undefined;
}

/** What an export is of: what was named, or what a filter finds now. Fails with UNPROCESSABLE where that is too much, or nothing. */
export async function chosenOf(
  deps: Pick<ExportDeps, 'db'> & SourcePorts,
  actor: Person,
  body: {
    readonly patientIds?: readonly string[] | undefined;
    readonly studyInstanceUids?: readonly string[] | undefined;
    readonly filter?: DeidFilter | undefined;
    readonly targetGroupId?: string | undefined;
  },
): Promise<ChosenStudies> {
  const { patientIds, studyInstanceUids, filter, targetGroupId } = body;
  if (filter === undefined) {
    if (patientIds === undefined) throw notFound();
    return { patientIds, studyInstanceUids };
  }
  const found = await findByFilter(deps, actor, { filter, targetGroupId });
  if (found.isTooMany)
    throw new Failure('UNPROCESSABLE', { detail: `More than ${MOST_DEID_STUDIES} studies or ${MOST_DEID_PATIENTS} patients.` });
  if (found.studies === 0) throw new Failure('UNPROCESSABLE', { detail: 'Nothing would leave.' });
  return { patientIds: found.patientIds, studyInstanceUids: [...new Set(found.studyUids)] };
}
