import { type Text, useText } from '../../i18n/index.ts';

/** What events of the journal may be about, as the server writes it. */
const KINDS = [
  'annotation',
  'audit-chain',
  'audit-report',
  'audit-warning',
  'backup',
  'conflict',
  'consultation',
  'deid-export',
  'deid-project',
  'dicom-node',
  'dicom-transfer',
  'emergency-access',
  'group',
  'hanging-rule',
  'import',
  'instance',
  'label',
  'list-view',
  'model',
  'operation',
  'orthanc',
  'patient',
  'performed-step',
  'prediction',
  'report-phrase',
  'report-site',
  'report-template',
  'session',
  'share',
  'study',
  'token',
  'user',
] as const;
/** FHIR's names of the same, in events of its routes. */
const OF_FHIR = {
  AuditEvent: 'event',
  Device: 'device',
  DiagnosticReport: 'report',
  Encounter: 'consultation',
  ImagingStudy: 'study',
  Observation: 'observation',
  Patient: 'patient',
  RiskAssessment: 'prediction',
  ServiceRequest: 'request',
} as const;
type Kind = (typeof KINDS)[number] | (typeof OF_FHIR)[keyof typeof OF_FHIR];

const FHIR: Readonly<Record<string, Kind>> = OF_FHIR;

/** The kind that has a word; undefined of a type that a later or older version wrote. */
export const kindOf = (type: string): Kind | undefined =>
  KINDS.find((kind) => kind === type) ?? (Object.hasOwn(FHIR, type) ? FHIR[type] : undefined);

/** A word for what an event is about; what has none keeps the name that the server gave it. */
export const entityWord = (type: string | null, t: Text<'journal'>): string | undefined => {
  if (type === null) return undefined;
  const kind = kindOf(type);
  return kind === undefined ? type : t(`entity_${kind}`);
};

/** As {@link entityWord}, in the language of the page. */
export function useEntityWord(): (type: string | null) => string | undefined {
  const t = useText('journal');
  return (type) => entityWord(type, t);
}
