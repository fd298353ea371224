import { expect, test } from 'vitest';
import { standardOf } from '../standard-codes.ts';
import { syslogMessage } from './message.ts';

const source = { site: 'Hôpital "Nord" & Sud', host: 'image server', processId: 42 };
const event = {
  ...{ sequence: 7, id: '019a0000-0000-7000-8000-000000000001', occurred_at: new Date('2026-03-01T08:00:00Z') },
  ...{ action: 'study.frames', outcome: 'SUCCESS' as const, actor_id: '019a0000-0000-7000-8000-000000000002', actor: null },
  ...{
    actor_name: 'Awa <Ŋgom>\n\u0001',
    session_id: null,
    entity_type: 'study',
    entity_id: '019a0000-0000-7000-8000-000000000003',
  },
  ...{ patient_id: '019a0000-0000-7000-8000-000000000004', group_id: null, ip: '10.0.0.7', details: {} },
};

test('an event is one line of RFC 5424 with the message of PS3.15 A.5, whatever stands in its texts', () => {
  const text = syslogMessage(event, source).toString('utf8');
  expect(text.startsWith('<85>1 2026-03-01T08:00:00.000Z image-server negatoscope 42 DICOM+RFC3881 - \uFEFF<?xml ')).toBe(true);
  expect(['\n', '\r', '\u0001'].filter((sign) => text.includes(sign))).toEqual([]);
  expect(text).toContain('EventActionCode="R" EventDateTime="2026-03-01T08:00:00.000Z" EventOutcomeIndicator="0"');
  expect(text).toContain('<EventID csd-code="110103" codeSystemName="DCM" originalText="DICOM Instances Accessed"/>');
  expect(text).toContain('UserID="019a0000-0000-7000-8000-000000000002" UserName="Awa &lt;Ŋgom&gt;" UserIsRequestor="true"');
  expect(text).toContain('AuditEnterpriseSiteID="Hôpital &quot;Nord&quot; &amp; Sud"');
  expect(text).toContain('ParticipantObjectID="019a0000-0000-7000-8000-000000000004" ParticipantObjectTypeCode="1"');
});

test.each([
  ['a second message', 'Awa\r\n<85>1 2026-03-01T08:00:00Z evil negatoscope 1 - - Nothing happened'],
  ['a line of Unicode', 'Awa\u2028<85>1 forged\u0085'],
  ['a text that is turned round', 'Awa\u202e>/"gom'],
  ['half of a pair of surrogates', 'Awa\ud800'],
  ['a megabyte', 'Awa '.repeat(250_000)],
  ['an end of the element', '"/></AuditMessage><AuditMessage>'],
])('a name that is %s is one short value of one message', (_what, name) => {
  const bytes = syslogMessage(
    { ...event, actor_name: name, entity_id: name, ip: name, entity_type: name },
    { ...source, site: name },
  );
  const message = bytes.toString('utf8');
  expect(message).not.toMatch(/[\p{Cc}\u2028\u2029\ufffd]/u);
  expect(message.match(/<AuditMessage>/g)).toHaveLength(1);
  expect(message.match(/UserName="([^"]*)"/)?.[1]).not.toMatch(/[\u202a-\u202e<>]/u);
  // Whole in one datagram (RFC 5426 3.2); the header's parts are ASCII without spaces (RFC 5424 6).
  expect(bytes.length).toBeLessThan(20_000);
  const { length } = syslogMessage(event, { ...source, host: name })
    .toString('utf8')
    .split('\n');
  expect(length).toBe(1);
  expect(message).toMatch(/^<85>1 \S+ [\x21-\x7e]{1,255} negatoscope 42 DICOM\+RFC3881 - /);
});

test('a refusal is a warning and a minor failure, and a security alert where something was forbidden', () => {
  const text = syslogMessage({ ...event, action: 'access.denied', outcome: 'DENIED' }, source).toString('utf8');
  expect(text.startsWith('<84>1 ')).toBe(true);
  expect(text).toContain('EventOutcomeIndicator="4"');
  expect(text).toContain('csd-code="110113"');
});

test.each([
  ['patient.read', '110110', 'R'],
  ['search.studies', '110112', 'E'],
  ['patient.exported', '110106', 'R'],
  ['study.import', '110107', 'C'],
  ['auth.login', '110114', 'E'],
  ['audit.read', '110101', 'R'],
  ['unheard.of', '110100', 'E'],
])('%s is %s, %s', (action, code, done) => {
  expect(standardOf(action)).toMatchObject({ event: { code }, done });
});
