import { z } from 'zod';
import { DicomUid, IdParams, Instant, LocalDate, Uuid } from './common.ts';
import { DeidExport } from './deid-exports.ts';
import { defineOperation } from './operation.ts';

/** Of a picture's rows and columns: none is larger (PS3.3 C.7.6.3.1, US). */
const MOST_PIXELS = 65_535;
const edge = z
  .int()
  .min(-MOST_PIXELS)
  .max(2 * MOST_PIXELS);
/** In pixels from the upper left; right and bottom are the first that are no longer part of it. */
export const DeidRectangle = z.object({ left: edge, top: edge, right: edge, bottom: edge });
export type DeidRectangle = z.infer<typeof DeidRectangle>;
/** In one frame, from 0, or in all of them. */
const Mask = z.strictObject({ ...DeidRectangle.shape, frame: z.int().min(0).optional() });
export type DeidMask = z.infer<typeof Mask>;
export const DEID_DECISIONS = ['MASKED', 'ACCEPTED', 'LEFT_OUT'] as const;
export const DEID_HELD_BECAUSE = ['BURNED_IN', 'TEXT_SUSPECTED', 'NAME_IN_PIXELS'] as const;

/** A series with files that wait for a person, or about which one has decided. */
export const DeidHeldSeries = z.object({
  id: Uuid,
  patientId: Uuid,
  patient: z.string(),
  studyInstanceUid: DicomUid,
  studyDate: LocalDate.nullable(),
  studyDescription: z.string().nullable(),
  seriesInstanceUid: DicomUid,
  modality: z.string().nullable(),
  description: z.string().nullable(),
  files: z.int(),
  waiting: z.int(),
});
export type DeidHeldSeries = z.infer<typeof DeidHeldSeries>;
export const DeidHeldFile = z.object({
  id: Uuid,
  sopInstanceUid: DicomUid,
  rows: z.int(),
  columns: z.int(),
  frames: z.int(),
  because: z.enum(DEID_HELD_BECAUSE),
  /** Goes up with each decision; a decision says upon which it was made. */
  version: z.int(),
  decision: z.enum(DEID_DECISIONS).nullable(),
  masks: z.array(Mask),
  by: z.string().nullable(),
  at: Instant.nullable(),
});
export type DeidHeldFile = z.infer<typeof DeidHeldFile>;

export const listDeidHeld = defineOperation({
  id: 'listDeidHeld',
  method: 'GET',
  path: '/api/deid/exports/{id}/held',
  tag: 'patients',
  permission: 'exports.anonymised',
  identity: 'always',
  summary: 'Series of an export with files that may show text: how many, and how many wait for a person; a thousand at most',
  params: IdParams,
  responses: { 200: z.object({ items: z.array(DeidHeldSeries) }) },
});
export const listDeidHeldFiles = defineOperation({
  id: 'listDeidHeldFiles',
  method: 'GET',
  path: '/api/deid/exports/{id}/held/{seriesId}',
  tag: 'patients',
  permission: 'exports.anonymised',
  identity: 'always',
  summary: 'Files of a series that may show text, with what was decided; by their ids, from the one behind `after` on',
  params: z.strictObject({ id: Uuid, seriesId: Uuid }),
  query: z.strictObject({ after: Uuid.optional(), limit: z.coerce.number().int().min(1).max(200).default(100) }),
  responses: { 200: z.object({ items: z.array(DeidHeldFile), next: Uuid.nullable() }) },
});
export const findDeidText = defineOperation({
  id: 'findDeidText',
  method: 'GET',
  path: '/api/deid/held/{id}/text',
  tag: 'patients',
  permission: 'exports.anonymised',
  identity: 'always',
  summary:
    'Where in a frame of a held file text may be: by its header, and by what it looks like. It only proposes, and misses some',
  params: IdParams,
  query: z.strictObject({ frame: z.coerce.number().int().min(0).default(0) }),
  responses: { 200: z.object({ header: z.array(DeidRectangle), looks: z.array(DeidRectangle) }) },
  errors: ['FRAME_UNREADABLE', 'NOT_ACCEPTABLE', 'OBJECT_DAMAGED'],
});
export const decideDeidHeld = defineOperation({
  id: 'decideDeidHeld',
  method: 'POST',
  path: '/api/deid/held/{id}/decision',
  tag: 'patients',
  permission: 'exports.anonymised',
  identity: 'always',
  summary:
    'Say what becomes of a held file, or of all of its series of the same size that wait: made black where masked, left as it is, or left out',
  params: IdParams,
  body: z.strictObject({
    version: z.int(),
    decision: z.enum(DEID_DECISIONS),
    /** Of MASKED, and of no other. */
    masks: z.array(Mask).max(200).default([]),
    /** Also those of its series that have its size and wait. */
    series: z.boolean().default(false),
  }),
  responses: { 200: z.object({ file: DeidHeldFile, files: z.int() }) },
  errors: ['STALE_UPDATE', 'VALIDATION_FAILED'],
});
export const resumeDeidExport = defineOperation({
  id: 'resumeDeidExport',
  method: 'POST',
  path: '/api/deid/exports/{id}/resume',
  tag: 'patients',
  permission: 'exports.anonymised',
  summary: 'Go on with an export that has ended: made anew, with the files about which somebody has decided meanwhile',
  params: IdParams,
  responses: { 202: DeidExport },
  errors: ['CONFLICT', 'UNPROCESSABLE', 'PROJECT_KEY_LOST'],
});

/** What was done to one attribute of a file. */
export const DeidChange = z.object({
  /** `ggggeeee`, behind numbers of items with `/` for what is in sequences. */
  path: z.string(),
  keyword: z.string(),
  done: z.string(),
  before: z.string(),
  after: z.string(),
});
export type DeidChange = z.infer<typeof DeidChange>;
export const DeidPreview = z.object({
  patient: z.string(),
  studyInstanceUid: DicomUid,
  studyDate: LocalDate.nullable(),
  description: z.string().nullable(),
  seriesInstanceUid: DicomUid.nullable(),
  sopInstanceUid: DicomUid.nullable(),
  /** Why this file would not leave as it is. */
  because: z.string().nullable(),
  isRecognisable: z.boolean(),
  changes: z.array(DeidChange),
  /** The first frame of the file that leaves, as the address of a JPEG in itself (`data:`); null where none leaves or it can't be drawn. */
  picture: z.string().nullable(),
  /**
   * Of a file that leaves by what its header says, so that nobody looks at its pixels: its size, and where in the picture something looks like text. It only
   * proposes, and misses some. Null for what stays, and where a person has looked.
   */
  unseen: z.object({ rows: z.int(), columns: z.int(), looks: z.array(DeidRectangle) }).nullable(),
});
export type DeidPreview = z.infer<typeof DeidPreview>;
/** Studies of which one file each is shown. */
export const MOST_DEID_PREVIEWS = 10;
export const previewDeid = defineOperation({
  id: 'previewDeid',
  method: 'POST',
  path: '/api/deid/preview',
  tag: 'patients',
  permission: 'exports.anonymised',
  identity: 'always',
  summary:
    'One file of each of the first ten studies as it is and as it would leave: attributes before and after, and its picture as it leaves. Nothing is kept',
  body: z.strictObject({
    patientIds: z.array(Uuid).min(1).max(1000),
    studyInstanceUids: z.array(DicomUid).max(5000).optional(),
    projectId: Uuid.optional(),
  }),
  responses: { 200: z.object({ items: z.array(DeidPreview), studies: z.int() }) },
  errors: ['PROJECT_KEY_LOST'],
});
export const deidHeldOperations = [
  listDeidHeld,
  listDeidHeldFiles,
  findDeidText,
  decideDeidHeld,
  resumeDeidExport,
  previewDeid,
] as const;
