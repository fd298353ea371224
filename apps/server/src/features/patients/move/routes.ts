import { previewPatientMove } from '@negatoscope/contract';
import type { Router } from '../../../access/router.ts';
import type { PatientDeps } from '../service.ts';
import { type MoveDeps, previewMove } from './preview.ts';

export type { MoveDeps } from './preview.ts';

export function registerMove(router: Router, deps: PatientDeps & MoveDeps): void {
  router.handle(previewPatientMove, ({ actor, params, query }) =>
    previewMove(deps, actor, params.id, query.groupId === 'none' ? null : query.groupId),
  );
}
