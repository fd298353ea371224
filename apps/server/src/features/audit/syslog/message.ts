import type { FollowedEvent } from '../following/places.ts';
import { oneLine } from '../one-line.ts';
import { type DicomCode, standardOf } from '../standard-codes.ts';

/** What an event looks like to the outside. */
export interface Source {
  /** Of the site and of this server, as the messages name them. */
  readonly site: string;
  readonly host: string;
  readonly processId: number;
}

const ESCAPED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
/** Characters that XML 1.0 has not (2.2), and line breaks and tabs, at which a receiver may part what it counts. */
const NO_XML = /[^\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]|[\u007f-\u009f\u2028\u2029]/gu;
/** Of one value: a message that a receiver cuts is no XML any more. */
const MOST = 1024;
const text = (value: string): string =>
  value
    .slice(0, MOST)
    .replaceAll(NO_XML, ' ')
    .replaceAll(/[&<>"']/g, (sign) => ESCAPED[sign] ?? '');
const attributes = (values: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${text(value)}"`]))
    .join('');
const coded = (element: string, { code, meaning }: DicomCode, codeSystemName = 'DCM'): string =>
  `<${element}${attributes({ 'csd-code': code, codeSystemName, originalText: meaning })}/>`;

/** Success, or a serious failure; a refusal is a minor one (PS3.15 A.5.1). */
const OUTCOMES: Readonly<Record<string, string>> = { SUCCESS: '0', DENIED: '4', FAILURE: '8' };

function eventOf({ action, occurred_at: at, outcome }: FollowedEvent): string {
  const { event, type, done } = standardOf(action);
  const about = { EventActionCode: done, EventDateTime: at.toISOString(), EventOutcomeIndicator: OUTCOMES[outcome] ?? '8' };
  const own = coded('EventTypeCode', { code: action, meaning: action }, '99NEGATOSCOPE');
  return `<EventIdentification${attributes(about)}>${coded('EventID', event)}${type === undefined ? '' : coded('EventTypeCode', type)}${own}</EventIdentification>`;
}

/** Who did it, by name: the journal of another system has to say so by itself. */
function participantOf({ actor_id: id, actor, actor_name: name, ip }: FollowedEvent, { host }: Source): string {
  const requestor = attributes({
    UserID: id ?? actor ?? 'unknown',
    UserName: name === null ? undefined : oneLine(name),
    UserIsRequestor: 'true',
    NetworkAccessPointID: ip ?? undefined,
    NetworkAccessPointTypeCode: ip === null ? undefined : '2',
  });
  const server = attributes({
    ...{ UserID: 'negatoscope', UserIsRequestor: 'false', NetworkAccessPointID: host, NetworkAccessPointTypeCode: '1' },
  });
  const role = coded('RoleIDCode', { code: '110150', meaning: 'Application' });
  return `<ActiveParticipant${requestor}/><ActiveParticipant${server}>${role}</ActiveParticipant>`;
}

const objectOf = (id: string, [type, role]: readonly [string, string], idType: string): string => {
  const about = { ParticipantObjectID: id, ParticipantObjectTypeCode: type, ParticipantObjectTypeCodeRole: role };
  return `<ParticipantObjectIdentification${attributes(about)}>${idType}</ParticipantObjectIdentification>`;
};

/** The patient and what else it is of, by the ids of this server: messages have no name of a patient. */
function objectsOf({ patient_id: patient, entity_id: entity, entity_type: kind }: FollowedEvent): string {
  const number = coded('ParticipantObjectIDTypeCode', { code: '2', meaning: 'Patient Number' }, 'RFC-3881');
  const own = coded('ParticipantObjectIDTypeCode', { code: kind ?? 'entity', meaning: kind ?? 'entity' }, '99NEGATOSCOPE');
  return [
    ...(patient === null ? [] : [objectOf(patient, ['1', '1'], number)]),
    ...(entity === null || entity === patient ? [] : [objectOf(entity, ['2', kind === 'study' ? '3' : '4'], own)]),
  ].join('');
}

/** An audit message of DICOM (PS3.15 A.5.1) as one line of XML. */
const auditMessage = (event: FollowedEvent, source: Source): string =>
  `<?xml version="1.0" encoding="UTF-8"?><AuditMessage>${eventOf(event)}${participantOf(event, source)}` +
  `<AuditSourceIdentification${attributes({ AuditEnterpriseSiteID: source.site, AuditSourceID: `negatoscope@${source.host}` })}><AuditSourceTypeCode csd-code="4"/></AuditSourceIdentification>` +
  `${objectsOf(event)}</AuditMessage>`;

/** Facility 10 (security and authorization), severity 5 (notice), 4 (warning) for what did not succeed (PS3.15 A.6.1). */
const priorityOf = (outcome: string): number => 10 * 8 + (outcome === 'SUCCESS' ? 5 : 4);
const HEADER_PART = /[^\x21-\x7e]/g;

/** The message with its header (RFC 5424 6): MSGID names what the text is; the text begins with UTF-8's mark, for it is UTF-8. */
export function syslogMessage(event: FollowedEvent, source: Source): Buffer {
  const host = source.host.replaceAll(HEADER_PART, '-').slice(0, 255) || '-';
  const header = `<${priorityOf(event.outcome)}>1 ${event.occurred_at.toISOString()} ${host} negatoscope ${source.processId} DICOM+RFC3881 -`;
  return Buffer.from(`${header} \uFEFF${auditMessage(event, source)}`, 'utf8');
}
