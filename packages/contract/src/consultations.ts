import { z } from 'zod';
import { ORDER_BODY_PARTS, ORDER_MODALITIES } from './clinical.ts';
import { DicomUid, IdParams, ListQuery, LocalDate, listOf, Partition, Uuid } from './common.ts';
import {
  Consultation,
  ConsultationLine,
  ConsultationStatus,
  SymptomsChange,
  SymptomsSchema,
  VitalSignsChange,
  VitalSignsSchema,
} from './consultation-shapes.ts';
import { defineOperation } from './operation.ts';
import { Prediction } from './prediction-shapes.ts';

const text = (most: number) => z.string().max(most);
const Registered = { reason: text(500), symptoms: SymptomsSchema, vitalSigns: VitalSignsSchema, physicianId: Uuid.nullable() };
const Version = z.int().min(1).max(1_000_000_000);
/** Every consultation names a person: none is shown to who sees pseudonyms. */
const SHOWN = { tag: 'consultations', identity: 'always' } as const;
const OrderParams = z.strictObject({ id: Uuid, orderId: Uuid });

export const listConsultations = defineOperation({
  ...SHOWN,
  id: 'listConsultations',
  method: 'GET',
  path: '/api/consultations',
  permission: 'consultations.read',
  summary: 'Consultations in scope, the latest day first and of a day the last to come: a day’s waiting room, or a patient’s',
  query: ListQuery.omit({ q: true, sort: true }).extend({
    date: LocalDate.optional(),
    patientId: Uuid.optional(),
    physicianId: Uuid.optional(),
    status: ConsultationStatus.optional(),
  }),
  responses: { 200: listOf(ConsultationLine) },
  errors: ['BAD_CURSOR'],
});
export const consultationEvents = defineOperation({
  ...SHOWN,
  id: 'consultationEvents',
  method: 'GET',
  path: '/api/consultations/events',
  permission: 'consultations.read',
  summary: 'Server-sent events `changed` with the line of each consultation in scope that changes, and `alive`',
  responses: { 200: { stream: 'text/event-stream' } },
});
export const listPhysicians = defineOperation({
  ...SHOWN,
  id: 'listPhysicians',
  method: 'GET',
  path: '/api/consultations/physicians',
  permission: 'consultations.register',
  summary: 'Who may conduct a consultation of this patient',
  query: z.strictObject({ patientId: Uuid }),
  responses: { 200: z.object({ items: z.array(z.object({ id: Uuid, name: z.string() })) }) },
});
export const getConsultation = defineOperation({
  ...SHOWN,
  id: 'getConsultation',
  method: 'GET',
  path: '/api/consultations/{id}',
  permission: 'consultations.read',
  summary: 'One consultation with its notes, studies and orders',
  params: IdParams,
  responses: { 200: Consultation },
});
export const registerConsultation = defineOperation({
  ...SHOWN,
  id: 'registerConsultation',
  method: 'POST',
  path: '/api/consultations',
  permission: 'consultations.register',
  summary: 'Register a patient; `current` of ALREADY_WAITING is the consultation of that day that has not ended',
  body: z.strictObject({
    patientId: Uuid,
    date: LocalDate,
    reason: Registered.reason.default(''),
    symptoms: Registered.symptoms.optional(),
    vitalSigns: Registered.vitalSigns.optional(),
    physicianId: Registered.physicianId.default(null),
  }),
  responses: { 201: Consultation },
  errors: ['OPEN_FOR_READING', 'ALREADY_WAITING', 'VITAL_SIGN_OUT_OF_RANGE', 'UNPROCESSABLE'],
});
export const updateConsultation = defineOperation({
  ...SHOWN,
  id: 'updateConsultation',
  method: 'PATCH',
  path: '/api/consultations/{id}',
  permission: 'consultations.register',
  summary:
    'Change what was registered while it has not ended: of `vitalSigns` and `symptoms` what is absent stays, and null takes a value away; `notes` are of who conducts it. `current` of STALE_UPDATE and CONSULTATION_ENDED is the consultation as it stands',
  params: IdParams,
  body: z.strictObject({
    version: Version,
    date: LocalDate.optional(),
    reason: Registered.reason.optional(),
    symptoms: SymptomsChange.optional(),
    vitalSigns: VitalSignsChange.optional(),
    physicianId: Registered.physicianId.optional(),
    notes: text(20_000).optional(),
  }),
  responses: { 200: Consultation },
  errors: [
    'STALE_UPDATE',
    'CONSULTATION_ENDED',
    'CONSULTATION_TAKEN',
    'ALREADY_WAITING',
    'VITAL_SIGN_OUT_OF_RANGE',
    'CONFLICT',
    'UNPROCESSABLE',
  ],
});
export const moveConsultation = defineOperation({
  ...SHOWN,
  id: 'moveConsultation',
  method: 'POST',
  path: '/api/consultations/{id}/status',
  permission: 'consultations.register',
  summary:
    'Take, finish or cancel a consultation, or undo one’s own last move within ten minutes; `current` of CONSULTATION_TAKEN names who has taken it, from whom `takeOverFrom` takes it over',
  params: IdParams,
  body: z.strictObject({ status: ConsultationStatus, takeOverFrom: Uuid.optional() }),
  responses: { 200: Consultation },
  errors: ['ILLEGAL_MOVE', 'CONSULTATION_TAKEN', 'UNDO_EXPIRED', 'ALREADY_WAITING'],
});
export const attachStudy = defineOperation({
  ...SHOWN,
  id: 'attachStudy',
  method: 'POST',
  path: '/api/consultations/{id}/studies',
  permission: 'consultations.register',
  summary: 'Attach a study of the same patient; the oldest open order of its kind is done by it',
  params: IdParams,
  body: z.strictObject({ studyInstanceUid: DicomUid, groupId: Partition.optional() }),
  responses: { 200: Consultation },
  errors: ['OTHER_PATIENT', 'AMBIGUOUS_UID', 'CONSULTATION_ENDED', 'CONFLICT'],
});
export const detachStudy = defineOperation({
  ...SHOWN,
  id: 'detachStudy',
  method: 'DELETE',
  path: '/api/consultations/{id}/studies/{studyId}',
  permission: 'consultations.register',
  summary: 'Detach a study; what it had done is open again',
  params: z.strictObject({ id: Uuid, studyId: Uuid }),
  responses: { 200: Consultation },
});
export const orderFilm = defineOperation({
  ...SHOWN,
  id: 'orderFilm',
  method: 'POST',
  path: '/api/consultations/{id}/orders',
  permission: 'consultations.conduct',
  summary:
    'Order a film in a consultation that one conducts; what is asked for already (by its `orderId`, or the same film for the same reason) is not ordered twice',
  params: IdParams,
  body: z.strictObject({
    /** The client's own, so that an order that is sent again is the same one. */
    orderId: Uuid.optional(),
    modality: z.enum(ORDER_MODALITIES),
    bodyPart: z.enum(ORDER_BODY_PARTS),
    reason: text(500).default(''),
  }),
  responses: { 201: Consultation },
  errors: ['CONSULTATION_ENDED', 'CONSULTATION_TAKEN', 'CONFLICT', 'UNPROCESSABLE'],
});
export const moveOrder = defineOperation({
  ...SHOWN,
  id: 'moveOrder',
  method: 'POST',
  path: '/api/consultations/{id}/orders/{orderId}/status',
  permission: 'consultations.conduct',
  summary: 'Cancel an order that has no study yet, or ask for it again',
  params: OrderParams,
  body: z.strictObject({ status: z.enum(['REQUESTED', 'CANCELLED']) }),
  responses: { 200: Consultation },
  errors: ['ILLEGAL_MOVE', 'CONSULTATION_ENDED', 'CONSULTATION_TAKEN', 'CONFLICT'],
});
export const predictConsultation = defineOperation({
  ...SHOWN,
  id: 'predictConsultation',
  method: 'POST',
  path: '/api/consultations/{id}/predictions',
  permission: 'predictions.run',
  summary: 'Ask the model about an image of an attached study, or about the first frontal chest film of one',
  params: IdParams,
  body: z
    .strictObject({ sopInstanceUid: DicomUid.optional(), studyInstanceUid: DicomUid.optional() })
    .refine(({ sopInstanceUid, studyInstanceUid }) => sopInstanceUid !== undefined || studyInstanceUid !== undefined, {
      path: ['sopInstanceUid'],
      message: 'An image or a study.',
    }),
  responses: { 202: Prediction },
  errors: ['TOO_MANY_PREDICTIONS'],
});

export const consultationOperations = [
  listConsultations,
  consultationEvents,
  listPhysicians,
  getConsultation,
  registerConsultation,
  updateConsultation,
  moveConsultation,
  attachStudy,
  detachStudy,
  orderFilm,
  moveOrder,
  predictConsultation,
] as const;
