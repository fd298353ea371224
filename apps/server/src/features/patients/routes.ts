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
import type { Audit } from '../audit/index.ts';
import type { PatientService } from './service.ts';
import type { TrashService } from './trash.ts';

export function registerRoutes(router: Router, patients: PatientService, trash: TrashService, audit: Audit): void {
  router.handle(listPatients, ({ actor, query }) => patients.list(actor, query));
  router.handle(getPatient, async ({ actor, params }) => {
    const patient = await patients.get(actor, params.id);
    await audit.note({
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
    const patient = await patients.create(actor, body);
    void reply.code(201).header('location', `/api/patients/${patient.id}`);
    return patient;
  });
  router.handle(updatePatient, ({ actor, params, body }) => patients.update(actor, params.id, body));
  router.handle(deletePatient, async ({ actor, params, query }) => {
    await trash.removePatient(actor, params.id, query.cascade === true);
    return undefined;
  });
  router.handle(listTrash, ({ actor, query }) => trash.list(actor, query));
  router.handle(restoreTrash, async ({ actor, params }) => {
    await trash.restore(actor, params.id);
    return undefined;
  });
}
