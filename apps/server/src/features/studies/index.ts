import {
  deleteStudy,
  getStudy,
  listModalities,
  listStudies,
  listStudyMoves,
  search,
  undoStudyMove,
  updateStudy,
} from '@negatoscope/contract';
import type { Router } from '../../access/router.ts';
import { createStudyService, type StudyDeps, type StudyService } from './service.ts';

export type { StudyDeps, StudyService };

/** Joins the worklist, studies and the one search field to the router. */
export function registerStudies(router: Router, deps: StudyDeps): StudyService {
  const studies = createStudyService(deps);
  router.handle(listStudies, ({ actor, query }) => studies.list(actor, query));
  router.handle(listModalities, async ({ actor }) => ({ items: await studies.modalities(actor) }));
  router.handle(search, ({ actor, query }) => studies.search(actor, query));
  router.handle(getStudy, ({ actor, params, query }) => studies.get(actor, params.studyInstanceUid, query.groupId));
  router.handle(updateStudy, ({ actor, params, query, body }) =>
    studies.update(actor, params.studyInstanceUid, query.groupId, body),
  );
  router.handle(listStudyMoves, ({ actor, params, query }) => studies.listMoves(actor, params.studyInstanceUid, query.groupId));
  router.handle(undoStudyMove, ({ actor, params }) => studies.undoMove(actor, params.id));
  router.handle(deleteStudy, async ({ actor, params, query }) => {
    await studies.remove(actor, params.studyInstanceUid, query.groupId);
    return undefined;
  });
  return studies;
}
