import type { AuditOf } from '../ports.ts';
import { coded, DICOM_CODES, HL7, local, type Resource, referTo, resource, type Writing } from './values.ts';

/** IHE Basic Audit Log Patterns: a read of one resource of a patient by REST. Searches claim no profile: BALP wants the query, whose values are never kept here. */
export const BALP_PATIENT_READ = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientRead';

export const REST = coded(`${HL7}/audit-event-type`, 'rest', 'RESTful Operation');
const READ = coded('http://hl7.org/fhir/restful-interaction', 'read', 'read');
const CLIENT = coded(DICOM_CODES, '110152', 'Destination Role ID');
const SERVER = coded(DICOM_CODES, '110153', 'Source Role ID');
const RECIPIENT = coded(`${HL7}/v3-ParticipationType`, 'IRCP', 'information recipient');

export const OUTCOME_CODES = { SUCCESS: '0', DENIED: '4', FAILURE: '8' } as const;

const isRead = ({ action, patientId, ip, outcome }: AuditOf): boolean =>
  action === 'fhir.read' && patientId !== null && ip !== null && outcome === 'SUCCESS';

const networkOf = (ip: string | null) => (ip === null ? undefined : { address: ip, type: '2' });

/** Who did it; of a read by REST also the two ends of the line, as BALP has them. */
function agentsOf(event: AuditOf, { publicUrl }: Writing) {
  const { actorId, actorName, ip } = event;
  const who = {
    identifier: actorId === null ? undefined : { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${actorId}` },
    display: actorName ?? 'negatoscope',
  };
  const person = { type: { coding: [RECIPIENT] }, who, requestor: true, network: networkOf(ip) };
  if (!isRead(event)) return [person];
  const ends = [
    { type: { coding: [CLIENT] }, who: { display: ip }, requestor: false, network: networkOf(ip) },
    { type: { coding: [SERVER] }, who: { display: 'negatoscope' }, requestor: false, network: { address: publicUrl, type: '5' } },
  ];
  return [...ends, person];
}

const PERSON = { type: coded(`${HL7}/audit-entity-type`, '1', 'Person'), role: coded(`${HL7}/object-role`, '1', 'Patient') };
const OBJECT = {
  type: coded(`${HL7}/audit-entity-type`, '2', 'System Object'),
  role: coded(`${HL7}/object-role`, '4', 'Domain Resource'),
};

function entitiesOf({ patientId, entityId, entityType }: AuditOf) {
  const isResource = entityType !== null && /^[A-Z]/.test(entityType);
  const what = isResource
    ? { reference: `${entityType}/${entityId}` }
    : { identifier: { value: entityId }, display: entityType ?? undefined };
  return [
    ...(patientId === null ? [] : [{ what: referTo('Patient', patientId), ...PERSON }]),
    ...(entityId === null || (entityId === patientId && !isResource) ? [] : [{ what, ...OBJECT }]),
  ];
}

/** An event of the journal, by DICOM's codes (PS3.16 CID 400 and 401) and the server's own. */
export function auditEventResource(event: AuditOf, writing: Writing): Resource {
  const { standard } = event;
  const dicom = coded(DICOM_CODES, standard.event.code, standard.event.meaning);
  const kind = standard.type && coded(DICOM_CODES, standard.type.code, standard.type.meaning);
  const own = local(event.action, event.sentence);
  const isOfRest = isRead(event);
  return resource({
    resourceType: 'AuditEvent',
    id: event.id,
    meta: isOfRest ? { profile: [BALP_PATIENT_READ] } : undefined,
    type: isOfRest ? REST : dicom,
    subtype: [...(isOfRest ? [READ, dicom] : []), ...(kind === undefined ? [] : [kind]), own],
    action: isOfRest ? 'R' : standard.done,
    recorded: event.occurredAt,
    outcome: OUTCOME_CODES[event.outcome],
    agent: agentsOf(event, writing),
    source: { observer: { display: 'negatoscope' }, type: [coded(`${HL7}/security-source-type`, '4', 'Application Server')] },
    entity: entitiesOf(event),
  });
}
