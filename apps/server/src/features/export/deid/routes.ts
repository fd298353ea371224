import { askDeidPseudonym, createDeidProject, listDeidProjects } from '@negatoscope/contract';
import type { Router } from '../../../access/router.ts';
import { create, list, type ProjectDeps } from './projects.ts';
import { askWho } from './who.ts';

/** Joins projects of de-identification to the router. */
export function registerDeidProjects(router: Router, deps: ProjectDeps): void {
  router.handle(listDeidProjects, ({ actor }) => list(deps, actor));
  router.handle(createDeidProject, async ({ actor, body, reply }) => {
    const project = await create(deps, actor, body);
    void reply.code(201);
    return project;
  });
  router.handle(askDeidPseudonym, ({ actor, params, body }) => askWho(deps, actor, { ...body, id: params.id }));
}
