import {
  createPatient,
  deletePatient,
  getPatient,
  listPatients,
  listTrash,
  restoreTrash,
  updatePatient,
} from '@negatoscope/contract';
import type { Router } from '../../access/router.ts';
import type { PatientDeps } from './service.ts';
import * as patients from './service.ts';
import * as trash from './trash.ts';

export function registerRoutes(router: Router, deps: PatientDeps): void {
  router.handle(listPatients, ({ actor, query }) => patients.list(deps, actor, query));
  router.handle(getPatient, async ({ actor, params }) => {
    const patient = await patients.get(deps, actor, params.id);
    await deps.audit.note({
      action: 'patient.read',
      actor,
      entityType: 'patient',
      entityId: patient.id,
      patientId: patient.id,
      groupId: patient.groupId,
    });
    return patient;
  });
  router.handle(createPatient, async ({ actor, body, reply }) => {
    const patient = await patients.create(deps, actor, body);
    void reply.code(201).header('location', `/api/patients/${patient.id}`);
    return patient;
  });
  router.handle(updatePatient, ({ actor, params, body }) => patients.update(deps, actor, params.id, body));
  router.handle(deletePatient, async ({ actor, params, query }) => {
    await trash.removePatient(deps, actor, { id: params.id, cascade: query.cascade === true });
    return undefined;
  });
  router.handle(listTrash, ({ actor, query }) => trash.list(deps, actor, query));
  router.handle(restoreTrash, async ({ actor, params }) => {
    await trash.restore(deps, actor, params.id);
    return undefined;
  });
}
