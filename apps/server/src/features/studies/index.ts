import {
  deleteStudy,
  getStudy,
  listModalities,
  listStudies,
  listStudyMoves,
  type QueryOf,
  type Study,
  search,
  undoStudyMove,
  updateStudy,
} from '@negatoscope/contract';
import type { Actor } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import type { Page } from '../../kernel/list.ts';
import type { StudyDeps, StudyPath } from './service.ts';
import * as studies from './service.ts';

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
  router.handle(updateStudy, ({ actor, params, query, body }) => studies.update(deps, actor, pathOf(params, query), body));
  router.handle(listStudyMoves, ({ actor, params, query }) => studies.movesOf(deps, actor, pathOf(params, query)));
  router.handle(undoStudyMove, ({ actor, params }) => studies.takeBackMove(deps, actor, params.id));
  router.handle(deleteStudy, async ({ actor, params, query }) => {
    await studies.remove(deps, actor, pathOf(params, query));
    return undefined;
  });
  return { list: (actor, query) => studies.list(deps, actor, query) };
}
