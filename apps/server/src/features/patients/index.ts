import type { Router } from '../../access/router.ts';
import { registerRoutes } from './routes.ts';
import { createPatientService, type PatientDeps, type PatientService } from './service.ts';
import { createTrashService } from './trash.ts';

export { type PurgeDeps, patientJobs, purgeTrash } from './purge.ts';
export type { PatientDeps, PatientService };

/** Joins patients and the trash to the router; gives back what the studies' search asks of it. */
export function registerPatients(router: Router, deps: PatientDeps): PatientService {
  const patients = createPatientService(deps);
  registerRoutes(router, patients, createTrashService(deps), deps.audit);
  return patients;
}
