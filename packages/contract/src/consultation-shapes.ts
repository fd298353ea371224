import { z } from 'zod';
import {
  CONSULTATION_STATUSES,
  HIV_STATUSES,
  ORDER_BODY_PARTS,
  ORDER_MODALITIES,
  STEP_STATUSES,
  SYMPTOMS,
  type Symptoms,
  VITAL_SIGN_NAMES,
  type VitalSign,
  type VitalSigns,
} from './clinical.ts';
import { Instant, LocalDate, Uuid } from './common.ts';
import { Sex } from './patients.ts';

export const ConsultationStatus = z.enum(CONSULTATION_STATUSES);
const VitalSignValue = z.number().nullable().default(null);
export const VitalSignsSchema = z.strictObject(
  Object.fromEntries(VITAL_SIGN_NAMES.map((name) => [name, VitalSignValue])) as Record<VitalSign, typeof VitalSignValue>, // One of each name.
);
export const SymptomsSchema = z.strictObject({
  checks: z.partialRecord(z.enum(SYMPTOMS), z.enum(['YES', 'NO'])).default({}),
  hivStatus: z.enum(HIV_STATUSES).nullable().default(null),
  text: z.string().max(2_000).default(''),
});
/** Of a change: what is absent stays as it is, null takes a value away. */
const VitalSignChange = z.number().nullable().optional();
export const VitalSignsChange = z.strictObject(
  Object.fromEntries(VITAL_SIGN_NAMES.map((name) => [name, VitalSignChange])) as Record<VitalSign, typeof VitalSignChange>, // One of each name.
);
export const SymptomsChange = z.strictObject({
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
  /** How far the modality says it is; null where it has said nothing. */
  step: z.enum(STEP_STATUSES).nullable(),
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
