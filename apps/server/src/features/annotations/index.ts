import {
  annotationEvents,
  annotationHistory,
  keepDocuments,
  listAnnotations,
  listKeptDocuments,
  saveAnnotation,
} from '@negatoscope/contract';
import { type Router, sendEvents } from '../../access/router.ts';
import type { DocumentDeps } from './documents/deps.ts';
import * as documents from './documents/index.ts';
import { annotationChanges, createDoorbells } from './live.ts';
import type { AnnotationDeps, StudyRef } from './service.ts';
import * as annotations from './service.ts';

const refOf = (params: { studyInstanceUid: string }, { groupId }: { groupId?: string | undefined }): StudyRef => ({
  uid: params.studyInstanceUid,
  groupId,
});

/** Joins what is drawn on images to the router; gives how to stop. */
export function registerAnnotations(router: Router, deps: AnnotationDeps & DocumentDeps): () => void {
  const doorbells = createDoorbells(deps.events);
  router.handle(listAnnotations, ({ actor, params, query }) => annotations.list(deps, actor, refOf(params, query), query.after));
  router.handle(annotationEvents, async ({ actor, params, query, reply }) => {
    const study = refOf(params, query);
    const studyId = await annotations.listen(deps, actor, study);
    const changes = annotationChanges(
      (after) => annotations.since(deps, actor, study, after),
      () => doorbells.next(studyId),
      query.after,
    );
    return sendEvents(reply, changes);
  });
  router.handle(saveAnnotation, ({ actor, params, query, body }) =>
    annotations.save(deps, actor, refOf(params, query), { ...body, id: params.id }),
  );
  router.handle(annotationHistory, ({ actor, params, query }) =>
    annotations.history(deps, actor, refOf(params, query), params.id),
  );
  router.handle(listKeptDocuments, ({ actor, params, query }) => documents.list(deps, actor, refOf(params, query)));
  router.handle(keepDocuments, ({ actor, params, query }) => documents.keep(deps, actor, refOf(params, query)));
  return doorbells.close;
}
