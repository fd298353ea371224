import { AUDIT_SENTENCES } from '@negatoscope/contract';
import { LOCAL_CODES } from '../../../kernel/implementation.ts';
import { standardOf } from '../../audit/index.ts';
import { auditEventResource, OUTCOME_CODES, REST } from '../resources/audit-event.ts';
import { type Coding, coded, DICOM_CODES } from '../resources/values.ts';
import { instantsOf } from '../search/dates.ts';
import type { Query } from '../search/query.ts';
import { namedAmong, referencesOf, rowIdsOf } from '../search/values.ts';
import { type Kind, NOTHING, pageOf, sliceOf } from './kind.ts';

const ACTIONS = [...AUDIT_SENTENCES.keys()];
/** Each action with what it is called as a type, a subtype or by what was done. */
const actionsBy = (codeOf: (action: string) => Coding): Readonly<Record<string, Coding>> =>
  Object.fromEntries(ACTIONS.map((action) => [action, codeOf(action)]));
const dicomOf = (action: string): Coding => coded(DICOM_CODES, standardOf(action).event.code);

/** A read by REST is of that type; what of it is none (a refusal) is found by DICOM's code of it as a subtype. */
const BY_TYPE = actionsBy((action) => (action === 'fhir.read' ? REST : dicomOf(action)));
const BY_SUBTYPE = actionsBy((action) => coded(LOCAL_CODES, action));
const BY_DONE = actionsBy((action) => ({ code: standardOf(action).done }));
const BY_OUTCOME = {
  SUCCESS: { code: OUTCOME_CODES.SUCCESS },
  DENIED: { code: OUTCOME_CODES.DENIED },
  FAILURE: { code: OUTCOME_CODES.FAILURE },
} as const;

/** The actions that all of these name; null where none of them was named. */
function actionsOf(query: Query): string[] | null {
  const lists = [
    namedAmong(query, 'type', BY_TYPE),
    namedAmong(query, 'subtype', BY_SUBTYPE),
    namedAmong(query, 'action', BY_DONE),
  ].flatMap((list) => (list === null ? [] : [list]));
  const [first, ...rest] = lists;
  return first === undefined ? null : first.filter((action) => rest.every((list) => list.includes(action)));
}

export const AUDIT_EVENTS: Kind = {
  type: 'AuditEvent',
  parameters: {
    _id: { kind: 'token', means: 'The id of the event.' },
    patient: { kind: 'reference', means: 'Whom it concerns; also lists and searches that showed her among others.' },
    agent: { kind: 'reference', means: 'The account of who did it, by its id.' },
    date: { kind: 'date', means: 'When it happened.' },
    type: { kind: 'token', means: 'DICOM’s EventID (CID 400), or rest.' },
    subtype: { kind: 'token', means: 'The action as the journal calls it.' },
    action: { kind: 'token', means: 'C, R, U, D or E.' },
    outcome: { kind: 'token', means: '0 done, 4 denied, 8 failed.' },
  },
  find: async ({ journal }, { actor, query, writing }) => {
    const actions = actionsOf(query);
    const outcomes = namedAmong(query, 'outcome', BY_OUTCOME);
    const patients = referencesOf(query, 'Patient', 'patient');
    const agents = referencesOf(query, 'Practitioner', 'agent');
    if ([actions, outcomes, patients, agents].some((list) => list?.length === 0)) return NOTHING;
    const wish = {
      ids: rowIdsOf(query),
      patientIds: patients,
      actorIds: agents,
      actions,
      outcomes,
      when: instantsOf(query, 'date'),
    };
    const found = await journal.events(actor, { ...wish, language: writing.language }, sliceOf(query));
    return pageOf(
      query,
      found,
      ({ id }) => id,
      (events) =>
        events.map((event) => ({
          resource: auditEventResource(event, writing),
          patientId: event.patientId,
          groupId: event.groupId,
        })),
    );
  },
};
