import {
  fhirReadAuditEvent,
  fhirReadDevice,
  fhirReadDiagnosticReport,
  fhirReadEncounter,
  fhirReadImagingStudy,
  fhirReadObservation,
  fhirReadPatient,
  fhirReadRiskAssessment,
  fhirReadServiceRequest,
  fhirSearchAuditEvent,
  fhirSearchDevice,
  fhirSearchDiagnosticReport,
  fhirSearchEncounter,
  fhirSearchImagingStudy,
  fhirSearchObservation,
  fhirSearchPatient,
  fhirSearchRiskAssessment,
  fhirSearchServiceRequest,
} from '@negatoscope/contract';

/** Where each type is searched and read, and what that asks of who does. */
export const SEARCHES = {
  Patient: fhirSearchPatient,
  Encounter: fhirSearchEncounter,
  ServiceRequest: fhirSearchServiceRequest,
  ImagingStudy: fhirSearchImagingStudy,
  Observation: fhirSearchObservation,
  RiskAssessment: fhirSearchRiskAssessment,
  DiagnosticReport: fhirSearchDiagnosticReport,
  Device: fhirSearchDevice,
  AuditEvent: fhirSearchAuditEvent,
} as const;
export const READS = {
  Patient: fhirReadPatient,
  Encounter: fhirReadEncounter,
  ServiceRequest: fhirReadServiceRequest,
  ImagingStudy: fhirReadImagingStudy,
  Observation: fhirReadObservation,
  RiskAssessment: fhirReadRiskAssessment,
  DiagnosticReport: fhirReadDiagnosticReport,
  Device: fhirReadDevice,
  AuditEvent: fhirReadAuditEvent,
} as const;
