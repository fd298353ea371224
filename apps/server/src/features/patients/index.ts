import type { listPatients, Patient, QueryOf } from '@negatoscope/contract';
import type { Actor } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import type { Page } from '../../kernel/list.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import { type MoveDeps, registerMove } from './move/routes.ts';
import { registerRoutes } from './routes.ts';
import { list, type PatientDeps, search } from './service.ts';

export { type PurgeDeps, patientJobs, purgeTrash } from './purge.ts';
export type { PatientDeps };

export interface Patients {
  list(actor: Actor, query: QueryOf<typeof listPatients>): Promise<Page<Patient>>;
  /** Patients found by a text, inside the caller's transaction. */
  search(tx: ReadTx, actor: Actor, q: string, limit: number): Promise<Patient[]>;
}

/** Joins patients and the trash to the router; gives back what the studies' search asks of it, and the list. */
export function registerPatients(router: Router, deps: PatientDeps & MoveDeps): Patients {
  registerRoutes(router, deps);
  registerMove(router, deps);
  return { list: (actor, query) => list(deps, actor, query), search };
}
