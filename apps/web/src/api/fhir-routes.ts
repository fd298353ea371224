import type { OperationId, RouteOf } from './operation.ts';

/** Those of FHIR: for other systems, and for the files that the page hands out. */
export const FHIR_ROUTES: { readonly [I in Extract<OperationId, `fhir${string}`>]: RouteOf<I> } = {
  fhirMetadata: 'GET /fhir/metadata',
  fhirSearchPatient: 'GET /fhir/Patient',
  fhirReadPatient: 'GET /fhir/Patient/{id}',
  fhirSearchEncounter: 'GET /fhir/Encounter',
  fhirReadEncounter: 'GET /fhir/Encounter/{id}',
  fhirSearchServiceRequest: 'GET /fhir/ServiceRequest',
  fhirReadServiceRequest: 'GET /fhir/ServiceRequest/{id}',
  fhirSearchImagingStudy: 'GET /fhir/ImagingStudy',
  fhirReadImagingStudy: 'GET /fhir/ImagingStudy/{id}',
  fhirSearchObservation: 'GET /fhir/Observation',
  fhirReadObservation: 'GET /fhir/Observation/{id}',
  fhirSearchRiskAssessment: 'GET /fhir/RiskAssessment',
  fhirReadRiskAssessment: 'GET /fhir/RiskAssessment/{id}',
  fhirSearchDiagnosticReport: 'GET /fhir/DiagnosticReport',
  fhirReadDiagnosticReport: 'GET /fhir/DiagnosticReport/{id}',
  fhirSearchDevice: 'GET /fhir/Device',
  fhirReadDevice: 'GET /fhir/Device/{id}',
  fhirSearchAuditEvent: 'GET /fhir/AuditEvent',
  fhirReadAuditEvent: 'GET /fhir/AuditEvent/{id}',
  fhirPatientEverything: 'GET /fhir/Patient/{id}/$everything',
  fhirEncounterEverything: 'GET /fhir/Encounter/{id}/$everything',
};
