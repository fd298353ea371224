import { z } from 'zod';
import { defineOperation } from './operation.ts';
import type { Permission } from './permissions.ts';

/** Media type of FHIR's JSON (HL7 FHIR R4, 3.2.0.1.10). */
export const FHIR_JSON = 'application/fhir+json';
/** Where FHIR is served; what fails there is told by an OperationOutcome, not by a problem. */
export const FHIR_ROOT = '/fhir';

/** An id of FHIR: a UUID, and behind a dot which of what is made from that row. What is none is unknown. */
const Params = z.strictObject({ id: z.string().regex(/^[A-Za-z0-9\-.]{1,64}$/) });
const ANSWER = { 200: { stream: FHIR_JSON }, 304: null } as const;

const search = <const T extends string, const P extends Permission>(type: T, permission: P, what: string) => ({
  id: `fhirSearch${type}` as const,
  method: 'GET' as const,
  path: `/fhir/${type}` as const,
  tag: 'fhir',
  permission,
  summary: `FHIR R4: a Bundle of ${type}, ${what}; /fhir/metadata names the parameters`,
  responses: { 200: { stream: FHIR_JSON } },
  errors: ['VALIDATION_FAILED', 'BAD_CURSOR', 'NOT_ACCEPTABLE'] as const,
});
const read = <const T extends string, const P extends Permission>(type: T, permission: P, what: string) => ({
  id: `fhirRead${type}` as const,
  method: 'GET' as const,
  path: `/fhir/${type}/{id}` as const,
  tag: 'fhir',
  permission,
  summary: `FHIR R4: one ${type}, ${what}`,
  params: Params,
  responses: ANSWER,
  errors: ['NOT_ACCEPTABLE'] as const,
});
/** A consultation names a person. */
const named = <const O extends object>(operation: O) => ({ ...operation, identity: 'always' as const });

const PATIENT = ['Patient', 'patients.read', 'a person as the record has them, or the record number alone'] as const;
const ENCOUNTER = ['Encounter', 'consultations.read', 'a consultation'] as const;
const ORDER = ['ServiceRequest', 'consultations.read', 'a film that was ordered in a consultation'] as const;
const STUDY = ['ImagingStudy', 'studies.read', 'a study with its series'] as const;
const OBSERVATION = [
  'Observation',
  'patients.read',
  'vital signs and symptoms of a consultation, and what a model answered, as far as the actor may see each',
] as const;
const RISK = ['RiskAssessment', 'predictions.read', 'a prediction; a model’s score is not said as a probability'] as const;
const REPORT = [
  'DiagnosticReport',
  'predictions.read',
  'a film that a model and a physician read, and what stands of it',
] as const;
const DEVICE = ['Device', 'predictions.read', 'a model with its version'] as const;
const EVENT = ['AuditEvent', 'audit.read', 'an event of the journal, by DICOM’s codes and those of IHE BALP'] as const;

export const fhirMetadata = defineOperation({
  id: 'fhirMetadata',
  method: 'GET',
  path: '/fhir/metadata',
  tag: 'fhir',
  permission: 'signed-in',
  summary: 'FHIR R4: the CapabilityStatement of this server',
  responses: { 200: { stream: FHIR_JSON } },
  errors: ['NOT_ACCEPTABLE'],
});
export const fhirSearchPatient = defineOperation(search(...PATIENT));
export const fhirReadPatient = defineOperation(read(...PATIENT));
export const fhirSearchEncounter = defineOperation(named(search(...ENCOUNTER)));
export const fhirReadEncounter = defineOperation(named(read(...ENCOUNTER)));
export const fhirSearchServiceRequest = defineOperation(named(search(...ORDER)));
export const fhirReadServiceRequest = defineOperation(named(read(...ORDER)));
export const fhirSearchImagingStudy = defineOperation(search(...STUDY));
export const fhirReadImagingStudy = defineOperation(read(...STUDY));
export const fhirSearchObservation = defineOperation(search(...OBSERVATION));
export const fhirReadObservation = defineOperation(read(...OBSERVATION));
export const fhirSearchRiskAssessment = defineOperation(search(...RISK));
export const fhirReadRiskAssessment = defineOperation(read(...RISK));
export const fhirSearchDiagnosticReport = defineOperation(search(...REPORT));
export const fhirReadDiagnosticReport = defineOperation(read(...REPORT));
export const fhirSearchDevice = defineOperation(search(...DEVICE));
export const fhirReadDevice = defineOperation(read(...DEVICE));
export const fhirSearchAuditEvent = defineOperation(search(...EVENT));
export const fhirReadAuditEvent = defineOperation(read(...EVENT));
export const fhirPatientEverything = defineOperation({
  id: 'fhirPatientEverything',
  method: 'GET',
  path: '/fhir/Patient/{id}/$everything',
  tag: 'fhir',
  permission: 'patients.read',
  summary: 'FHIR R4: a Bundle of all that the actor may see of a patient',
  params: Params,
  responses: { 200: { stream: FHIR_JSON } },
  errors: ['NOT_ACCEPTABLE'],
});
export const fhirEncounterEverything = defineOperation({
  id: 'fhirEncounterEverything',
  method: 'GET',
  path: '/fhir/Encounter/{id}/$everything',
  tag: 'fhir',
  permission: 'consultations.read',
  identity: 'always',
  summary: 'FHIR R4: a Bundle of a consultation, its patient, films, and what models and physicians said of these',
  params: Params,
  responses: { 200: { stream: FHIR_JSON } },
  errors: ['NOT_ACCEPTABLE'],
});

export const fhirOperations = [
  fhirMetadata,
  fhirSearchPatient,
  fhirReadPatient,
  fhirSearchEncounter,
  fhirReadEncounter,
  fhirSearchServiceRequest,
  fhirReadServiceRequest,
  fhirSearchImagingStudy,
  fhirReadImagingStudy,
  fhirSearchObservation,
  fhirReadObservation,
  fhirSearchRiskAssessment,
  fhirReadRiskAssessment,
  fhirSearchDiagnosticReport,
  fhirReadDiagnosticReport,
  fhirSearchDevice,
  fhirReadDevice,
  fhirSearchAuditEvent,
  fhirReadAuditEvent,
  fhirPatientEverything,
  fhirEncounterEverything,
] as const;
