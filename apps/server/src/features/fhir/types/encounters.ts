import type { ConsultationStatus, FilmOrder } from '@negatoscope/contract';
import { ORDER_MODALITIES } from '@negatoscope/contract';
import { ENCOUNTER_STATUS, encounterResource } from '../resources/encounter.ts';
import { ORDER_STATUS, RADIOLOGY, serviceRequestResource } from '../resources/service-request.ts';
import { DICOM_CODES } from '../resources/values.ts';
import { daysOf, instantsOf } from '../search/dates.ts';
import { isCode, isNamed, namedAmong, referencesOf, rowIdsOf } from '../search/values.ts';
import { type Kind, NOTHING, pageOf, sliceOf } from './kind.ts';

/** What each of ours is called there, as tokens name it. */
const codings = <T extends string>(names: Readonly<Record<T, string>>): Record<T, { code: string }> =>
  Object.fromEntries(Object.entries<string>(names).map(([ours, code]) => [ours, { code }])) as Record<T, { code: string }>; // The same keys.
const MODALITIES = Object.fromEntries(ORDER_MODALITIES.map((code) => [code, { system: DICOM_CODES, code }]));

export const ENCOUNTERS: Kind = {
  type: 'Encounter',
  parameters: {
    _id: { kind: 'token', means: 'The id of the consultation.' },
    patient: { kind: 'reference', means: 'The patient.' },
    subject: { kind: 'reference', means: 'The patient.' },
    date: { kind: 'date', means: 'The day of the consultation in the clinic’s calendar; a time of day is read as its day.' },
    status: { kind: 'token', means: 'arrived, in-progress, finished or cancelled.' },
  },
  find: async ({ consultations }, { actor, query, writing }) => {
    const found = await consultations.consultations(
      actor,
      {
        ids: rowIdsOf(query),
        patientIds: referencesOf(query, 'Patient', 'patient', 'subject'),
        statuses: namedAmong<ConsultationStatus>(query, 'status', codings(ENCOUNTER_STATUS)),
        days: daysOf(query, 'date'),
      },
      sliceOf(query),
    );
    return pageOf(
      query,
      found,
      ({ id }) => id,
      (lines) =>
        lines.map((line) => ({ resource: encounterResource(line, writing), patientId: line.patientId, groupId: line.groupId })),
    );
  },
};

export const SERVICE_REQUESTS: Kind = {
  type: 'ServiceRequest',
  parameters: {
    _id: { kind: 'token', means: 'The id of the order.' },
    patient: { kind: 'reference', means: 'The patient.' },
    subject: { kind: 'reference', means: 'The patient.' },
    encounter: { kind: 'reference', means: 'The consultation that it was ordered in.' },
    status: { kind: 'token', means: 'active, completed or revoked.' },
    authored: { kind: 'date', means: 'When it was ordered.' },
    code: { kind: 'token', means: 'The modality, as DICOM codes it.' },
    category: { kind: 'token', means: 'RAD: all are radiology.' },
    intent: { kind: 'token', means: 'order: all are.' },
  },
  find: async ({ consultations }, { actor, query, writing }) => {
    if (!isNamed(query, 'category', [{ coding: [RADIOLOGY] }]) || !isCode(query, 'intent', 'order')) return NOTHING;
    const found = await consultations.orders(
      actor,
      {
        ids: rowIdsOf(query),
        patientIds: referencesOf(query, 'Patient', 'patient', 'subject'),
        consultationIds: referencesOf(query, 'Encounter', 'encounter'),
        statuses: namedAmong<FilmOrder['status']>(query, 'status', codings(ORDER_STATUS)),
        modalities: namedAmong(query, 'code', MODALITIES),
        ordered: instantsOf(query, 'authored'),
      },
      sliceOf(query),
    );
    return pageOf(
      query,
      found,
      ({ order }) => order.id,
      (rows) =>
        rows.map((one) => ({ resource: serviceRequestResource(one, writing), patientId: one.patientId, groupId: one.groupId })),
    );
  },
};
