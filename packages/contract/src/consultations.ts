import { z } from 'zod';
import {
  CONSULTATION_STATUSES,
  HIV_STATUSES,
  ORDER_BODY_PARTS,
  ORDER_MODALITIES,
  SYMPTOMS,
  type Symptoms,
  VITAL_SIGN_NAMES,
  type VitalSign,
  type VitalSigns,
} from './clinical.ts';
import { DicomUid, IdParams, Instant, ListQuery, LocalDate, listOf, Partition, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';
import { Sex } from './patients.ts';
import { Prediction } from './predictions.ts';

const ConsultationStatus = z.enum(CONSULTATION_STATUSES);
const VitalSignValue = z.number().nullable().default(null);
const VitalSignsSchema = z.strictObject(
  Object.fromEntries(VITAL_SIGN_NAMES.map((name) => [name, VitalSignValue])) as Record<VitalSign, typeof VitalSignValue>, // One of each name.
);
const SymptomsSchema = z.strictObject({
  checks: z.partialRecord(z.enum(SYMPTOMS), z.enum(['YES', 'NO'])).default({}),
  hivStatus: z.enum(HIV_STATUSES).nullable().default(null),
  text: z.string().max(2_000).default(''),
});
/** Of a change: what is absent stays as it is, null takes a value away. */
const VitalSignChange = z.number().nullable().optional();
const VitalSignsChange = z.strictObject(
  Object.fromEntries(VITAL_SIGN_NAMES.map((name) => [name, VitalSignChange])) as Record<VitalSign, typeof VitalSignChange>, // One of each name.
);
const SymptomsChange = z.strictObject({
  /** Null: it was not asked. */
  checks: z.partialRecord(z.enum(SYMPTOMS), z.enum(['YES', 'NO']).nullable()).optional(),
  hivStatus: z.enum(HIV_STATUSES).nullable().optional(),
  text: z.string().max(2_000).optional(),
});
export const NO_VITAL_SIGNS: VitalSigns = VitalSignsSchema.parse({});
export const NO_SYMPTOMS: Symptoms = SymptomsSchema.parse({});

/** A line of the waiting room and of a patient's timeline. */
export const ConsultationLine = z.object({
  id: Uuid,
  patientId: Uuid,
  patient: z.object({
    id: Uuid,
    recordNumber: z.string(),
    lastName: z.string(),
    firstName: z.string(),
    birthDate: LocalDate.nullable(),
    sex: Sex,
  }),
  groupId: Uuid.nullable(),
  /** Who is to conduct it, and who does from IN_PROGRESS on; null while anybody may. */
  physicianId: Uuid.nullable(),
  physicianName: z.string().nullable(),
  /** The day in the clinic's own calendar. */
  date: LocalDate,
  status: ConsultationStatus,
  reason: z.string(),
  symptoms: SymptomsSchema,
  vitalSigns: VitalSignsSchema,
  /** Which of these are outside of their usual range. */
  unusual: z.array(z.enum(VITAL_SIGN_NAMES)),
  /** When the vital signs were last taken; null before. */
  vitalSignsAt: Instant.nullable(),
  studyCount: z.int(),
  /** Films that were ordered and are not there yet. */
  openOrders: z.int(),
  arrivedAt: Instant,
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  /** Grows with every change; what changes it names the one that it was made on. */
  version: z.int(),
  /** What the last move may be taken back to, until when, and whether the actor is who may. */
  undo: z.object({ to: ConsultationStatus, until: Instant }).nullable(),
});
export type ConsultationLine = z.infer<typeof ConsultationLine>;

export const OrderStatus = z.enum(['REQUESTED', 'DONE', 'CANCELLED']);
/** What a modality's worklist will offer. */
export const FilmOrder = z.object({
  id: Uuid,
  modality: z.enum(ORDER_MODALITIES),
  bodyPart: z.enum(ORDER_BODY_PARTS),
  reason: z.string(),
  status: OrderStatus,
  /** The study that it was done by. */
  studyId: Uuid.nullable(),
  orderedBy: z.string().nullable(),
  orderedAt: Instant,
});
export type FilmOrder = z.infer<typeof FilmOrder>;

export const AttachedStudy = z.object({
  id: Uuid,
  studyInstanceUid: z.string(),
  groupId: Uuid.nullable(),
  studyDate: LocalDate.nullable(),
  description: z.string().nullable(),
  modalities: z.array(z.string()),
  instanceCount: z.int(),
});
export type AttachedStudy = z.infer<typeof AttachedStudy>;

export const Consultation = ConsultationLine.extend({
  notes: z.string(),
  registeredBy: z.string().nullable(),
  studies: z.array(AttachedStudy),
  orders: z.array(FilmOrder),
});
export type Consultation = z.infer<typeof Consultation>;

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
  errors: ['ALREADY_WAITING', 'VITAL_SIGN_OUT_OF_RANGE', 'UNPROCESSABLE'],
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
