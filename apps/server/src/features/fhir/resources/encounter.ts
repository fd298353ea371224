import type { ConsultationLine, ConsultationStatus } from '@negatoscope/contract';
import { coded, HL7, named, type Resource, referTo, resource, type Writing } from './values.ts';

/** Of EncounterStatus: who waits has arrived. */
export const ENCOUNTER_STATUS: Readonly<Record<ConsultationStatus, string>> = {
  WAITING: 'arrived',
  IN_PROGRESS: 'in-progress',
  DONE: 'finished',
  CANCELLED: 'cancelled',
};

/** A consultation: from the registration to its end, with whom it is or was. Its notes are said nowhere in FHIR. */
export function encounterResource(line: ConsultationLine, { language }: Writing): Resource {
  const { arrivedAt, startedAt, endedAt, status } = line;
  const waited = { status: 'arrived', period: { start: arrivedAt, end: startedAt ?? endedAt } };
  const conducted = { status: 'in-progress', period: { start: startedAt, end: endedAt } };
  return resource({
    resourceType: 'Encounter',
    id: line.id,
    language,
    status: ENCOUNTER_STATUS[status],
    statusHistory: [...(status === 'WAITING' ? [] : [waited]), ...(startedAt === null || endedAt === null ? [] : [conducted])],
    class: coded(`${HL7}/v3-ActCode`, 'AMB', 'ambulatory'),
    subject: referTo('Patient', line.patientId),
    participant: [
      {
        type: line.physicianName === null ? [] : [{ coding: [coded(`${HL7}/v3-ParticipationType`, 'ATND', 'attender')] }],
        individual: named(line.physicianName),
      },
    ],
    period: { start: arrivedAt, end: endedAt },
    reasonCode: [{ text: line.reason }],
  });
}
