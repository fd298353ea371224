import {
  fhirEncounterEverything,
  fhirMetadata,
  fhirPatientEverything,
  fhirReadDevice,
  fhirReadDiagnosticReport,
  fhirReadEncounter,
  fhirReadImagingStudy,
  fhirReadObservation,
  fhirReadPatient,
  fhirReadRiskAssessment,
  fhirReadServiceRequest,
  fhirSearchDevice,
  fhirSearchDiagnosticReport,
  fhirSearchEncounter,
  fhirSearchImagingStudy,
  fhirSearchObservation,
  fhirSearchPatient,
  fhirSearchRiskAssessment,
  fhirSearchServiceRequest,
} from '@negatoscope/contract';
import type { Router } from '../../access/router.ts';
import { requireJson, sendResource, sendVersioned } from './answer.ts';
import { capabilityStatement } from './capability-statement.ts';
import { everythingOfEncounter, everythingOfPatient, type FhirDeps, kindOf, read, search, writingOf } from './service.ts';
import { KINDS } from './types/index.ts';

const SEARCHES = {
  Patient: fhirSearchPatient,
  Encounter: fhirSearchEncounter,
  ServiceRequest: fhirSearchServiceRequest,
  ImagingStudy: fhirSearchImagingStudy,
  Observation: fhirSearchObservation,
  RiskAssessment: fhirSearchRiskAssessment,
  DiagnosticReport: fhirSearchDiagnosticReport,
  Device: fhirSearchDevice,
} as const;
const READS = {
  Patient: fhirReadPatient,
  Encounter: fhirReadEncounter,
  ServiceRequest: fhirReadServiceRequest,
  ImagingStudy: fhirReadImagingStudy,
  Observation: fhirReadObservation,
  RiskAssessment: fhirReadRiskAssessment,
  DiagnosticReport: fhirReadDiagnosticReport,
  Device: fhirReadDevice,
} as const;

/** Joins FHIR R4 at `/fhir`: read and search of what the archive, consultations and predictions have; nothing is written by it. */
export function registerFhir(router: Router, deps: FhirDeps & { readonly version: string; readonly since: Date }): void {
  for (const { type } of KINDS) {
    router.handle(SEARCHES[type], async ({ actor, request, reply }) => {
      requireJson(request);
      return sendResource(reply, await search(deps, kindOf(type), { actor, request }));
    });
    router.handle(READS[type], async ({ actor, params, request, reply }) => {
      requireJson(request);
      return sendVersioned(request, reply, await read(deps, kindOf(type), params.id, { actor, request }));
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
