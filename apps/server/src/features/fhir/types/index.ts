import { AUDIT_EVENTS } from './audit-events.ts';
import { DEVICES } from './devices.ts';
import { ENCOUNTERS, SERVICE_REQUESTS } from './encounters.ts';
import type { Kind } from './kind.ts';
import { OBSERVATIONS } from './observations.ts';
import { PATIENTS } from './patients.ts';
import { RISK_ASSESSMENTS } from './predictions.ts';
import { DIAGNOSTIC_REPORTS } from './reports.ts';
import { IMAGING_STUDIES } from './studies.ts';

/** The types of resources that are served, in the order in which a Bundle of everything has them. */
export const KINDS: readonly Kind[] = [
  PATIENTS,
  ENCOUNTERS,
  SERVICE_REQUESTS,
  IMAGING_STUDIES,
  OBSERVATIONS,
  RISK_ASSESSMENTS,
  DIAGNOSTIC_REPORTS,
  DEVICES,
  AUDIT_EVENTS,
];
