import {
  changeWork,
  createLabel,
  deleteLabel,
  deleteStudy,
  endReading,
  getReading,
  getStudy,
  keepReading,
  listLabels,
  listModalities,
  listPriors,
  listReaders,
  listStudies,
  listStudyMoves,
  type QueryOf,
  type Study,
  search,
  studyEvents,
  undoStudyMove,
  updateLabel,
  updateStudy,
} from '@negatoscope/contract';
import { type Actor, type ServiceJob, serviceJob } from '../../access/index.ts';
import { type Router, sendEvents } from '../../access/router.ts';
import type { Page } from '../../kernel/list.ts';
import { END_READINGS } from './job-kinds.ts';
import * as labels from './labels/index.ts';
import { studyChangesOf } from './live/hub.ts';
import { studyEventsFor } from './live/index.ts';
import { priorsOf } from './priors/index.ts';
import type { ReadingDeps, StudyPath } from './reading/index.ts';
import * as readings from './reading/index.ts';
import type { StudyDeps } from './service.ts';
import * as studies from './service.ts';
import * as work from './work/index.ts';

export { resultDecided } from './result.ts';
export type { StudyDeps };

export interface Studies {
  list(actor: Actor, query: QueryOf<typeof listStudies>): Promise<Page<Study>>;
}

const pathOf = (params: { studyInstanceUid: string }, query: { groupId?: string | undefined }): StudyPath => ({
  uid: params.studyInstanceUid,
  groupId: query.groupId,
});

/** Joins the worklist, studies and the one search field to the router; gives back the list. */
export function registerStudies(router: Router, deps: StudyDeps): Studies {
  router.handle(listStudies, ({ actor, query }) => studies.list(deps, actor, query));
  router.handle(listModalities, async ({ actor }) => ({ items: await studies.modalities(deps, actor) }));
  router.handle(search, ({ actor, query }) => studies.searchBoth(deps, actor, query));
  router.handle(getStudy, ({ actor, params, query }) => studies.get(deps, actor, pathOf(params, query)));
  router.handle(listPriors, ({ actor, params, query }) => priorsOf(deps, actor, pathOf(params, query), query.limit));
  router.handle(getReading, ({ actor, params, query }) => readings.get(deps, actor, pathOf(params, query)));
  router.handle(keepReading, ({ actor, params, query }) => readings.keep(deps, actor, pathOf(params, query), params.id));
  router.handle(endReading, async ({ actor, params, query }) => {
    await readings.end(deps, actor, pathOf(params, query), params.id);
    return undefined;
  });
  router.handle(updateStudy, ({ actor, params, query, body }) => studies.update(deps, actor, pathOf(params, query), body));
  router.handle(listStudyMoves, ({ actor, params, query }) => studies.movesOf(deps, actor, pathOf(params, query)));
  router.handle(undoStudyMove, ({ actor, params }) => studies.takeBackMove(deps, actor, params.id));
  router.handle(deleteStudy, async ({ actor, params, query }) => {
    await studies.remove(deps, actor, pathOf(params, query));
    return undefined;
  });
  registerWork(router, deps);
  return { list: (actor, query) => studies.list(deps, actor, query) };
}

/** Who reads studies, how soon, and what they are labelled; and all of that as it changes. */
function registerWork(router: Router, deps: StudyDeps): void {
  const changes = studyChangesOf(deps.changes);
  router.handle(changeWork, ({ actor, body }) => work.change(deps, actor, body));
  router.handle(listReaders, ({ actor, query }) =>
    work.readersOf(deps, actor, query.groupId === 'none' ? null : (query.groupId ?? null)),
  );
  router.handle(studyEvents, async ({ actor, reply }) => {
    await deps.audit.noteLightly({ action: 'study.listened', actor, entityType: 'study' });
    return sendEvents(reply, studyEventsFor(deps, actor, changes));
  });
  router.handle(listLabels, ({ actor }) => labels.list(deps, actor));
  router.handle(createLabel, ({ actor, body }) => labels.create(deps, actor, body));
  router.handle(updateLabel, ({ actor, params, body }) => labels.update(deps, actor, params.id, body));
  router.handle(deleteLabel, async ({ actor, params }) => {
    await labels.remove(deps, actor, params.id);
    return undefined;
  });
}

type JobDeps = Omit<ReadingDeps, 'events'> & { readonly state: { readonly events: ReadingDeps['events'] } };

/** Readings whose pages have gone without a word end here. */
export const studyJobs = (deps: JobDeps): ServiceJob[] => [
  serviceJob(END_READINGS, ['studies.validate'], async (by, _payload, { signal }) => ({
    studies: await readings.sweep({ ...deps, events: deps.state.events }, by, signal),
  })),
];
