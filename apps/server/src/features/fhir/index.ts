import { fhirEncounterEverything, fhirMetadata, fhirPatientEverything } from '@negatoscope/contract';
import type { Router } from '../../access/router.ts';
import { requireJson, sendResource, sendVersioned } from './answer.ts';
import { capabilityStatement } from './capability-statement.ts';
import { READS, SEARCHES } from './operations.ts';
import { everythingOfEncounter, everythingOfPatient, type FhirDeps, read, search, writingOf } from './service.ts';
import { KINDS } from './types/index.ts';

/** Joins FHIR R4 at `/fhir`: read and search of what the archive, consultations and predictions have; nothing is written by it. */
export function registerFhir(router: Router, deps: FhirDeps & { readonly version: string; readonly since: Date }): void {
  for (const kind of KINDS) {
    router.handle(SEARCHES[kind.type], async ({ actor, request, reply }) => {
      requireJson(request);
      return sendResource(reply, await search(deps, kind, { actor, request }));
    });
    router.handle(READS[kind.type], async ({ actor, params, request, reply }) => {
      requireJson(request);
      return sendVersioned(request, reply, await read(deps, kind, params.id, { actor, request }));
    });
  }
  router.handle(fhirPatientEverything, async ({ actor, params, request, reply }) => {
    requireJson(request);
    return sendResource(reply, await everythingOfPatient(deps, params.id.toLowerCase(), { actor, request }));
  });
  router.handle(fhirEncounterEverything, async ({ actor, params, request, reply }) => {
    requireJson(request);
    return sendResource(reply, await everythingOfEncounter(deps, params.id.toLowerCase(), { actor, request }));
  });
  router.handle(fhirMetadata, async ({ request, reply }) => {
    requireJson(request);
    return sendResource(reply, capabilityStatement(KINDS, ['Patient', 'Encounter'], deps, writingOf(deps, request)));
  });
}
