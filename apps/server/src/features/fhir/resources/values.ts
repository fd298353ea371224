import type { Language } from '../../../access/asked.ts';
import { LOCAL_CODES } from '../../../kernel/implementation.ts';

/** A resource of FHIR R4 as JSON; its types are held against HL7's schema in the tests. */
export interface Resource {
  readonly resourceType: string;
  readonly id?: string;
  readonly [element: string]: unknown;
}

/** In whose words, and by which addresses, resources are written. */
export interface Writing {
  readonly language: Language;
  /** The public address: what identifies is the same whoever asks, and from where. */
  readonly publicUrl: string;
  /** Where the client reached the server. */
  readonly reached: string;
}

export interface Coding {
  readonly system?: string;
  readonly code?: string;
  readonly display?: string;
}
export interface Concept {
  readonly coding?: readonly Coding[];
  readonly text?: string | undefined;
}

export const LOINC = 'http://loinc.org';
export const UCUM = 'http://unitsofmeasure.org';
export const ICD_10 = 'http://hl7.org/fhir/sid/icd-10';
export const DICOM_CODES = 'http://dicom.nema.org/resources/ontology/DCM';
export const HL7 = 'http://terminology.hl7.org/CodeSystem';

export const coded = (system: string, code: string, display?: string): Coding => ({
  system,
  code,
  ...(display === undefined ? {} : { display }),
});
/** What no standard has a code for that means just this. */
export const local = (code: string, display: string): Coding => coded(LOCAL_CODES, code, display);

export type ResourceType =
  | 'Patient'
  | 'Encounter'
  | 'ServiceRequest'
  | 'ImagingStudy'
  | 'Observation'
  | 'RiskAssessment'
  | 'DiagnosticReport'
  | 'Device'
  | 'AuditEvent';
export const referTo = (type: ResourceType, id: string) => ({ reference: `${type}/${id}` });
/** Somebody of this server, by name alone: accounts are no resources. */
export const named = (display: string | null) => (display === null ? undefined : { type: 'Practitioner', display });

/** Controls are no characters of a FHIR string but for tab and line ends; PostgreSQL and JSON hold the rest. */
const CONTROLS = /(?![\t\n\r])\p{Cc}/gu;

/** What is left of a value where nothing, blank text and empty lists and objects are left out: FHIR has no such elements (R4, 2.6.2.1). */
function left(value: unknown): unknown {
  if (typeof value === 'string') {
    const text = value.replaceAll(CONTROLS, ' ');
    return text.trim() === '' ? undefined : text;
  }
  if (Array.isArray(value)) {
    const items = value.map(left).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (typeof value !== 'object') return value;
  if (value === null) return undefined;
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const kept = left(inner);
    return kept === undefined ? [] : [[key, kept] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** A resource with its empty elements left out. */
export const resource = (of: Resource): Resource => ({ ...(left(of) as object), resourceType: of.resourceType });
