import { z } from 'zod';
import { ANNOTATION_POINTS, AnnotationGeometry, AnnotationKind } from './annotation-geometry.ts';
import { DicomUid, Instant, Partition, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

/** Kinds that are nothing without their text. */
const LABELLED: ReadonlySet<AnnotationKind> = new Set(['TEXT', 'SPINE_LABEL']);
/** Kinds without a text beside them: a text is where it is set, and a star has none. */
const NOTHING_BESIDE: ReadonlySet<AnnotationKind> = new Set(['TEXT', 'KEY_IMAGE']);

/** Text that goes with an annotation. */
const Label = z.string().max(1_000).nullable();

/** On which frame, and what. Neither changes after the first version. */
const AnnotationPlace = {
  seriesInstanceUid: DicomUid,
  sopInstanceUid: DicomUid,
  /** From 1; 1 for an image of one frame. */
  frame: z.int().min(1).max(1_000_000),
  kind: AnnotationKind,
};

/** An annotation as it stands. Its label is null for who may see no identities, unless it is their own: free text may name anybody. */
export const Annotation = z.object({
  id: Uuid,
  ...AnnotationPlace,
  geometry: AnnotationGeometry,
  label: Label,
  isLabelHidden: z.boolean(),
  /** Counts from 1; deleting makes one as well. */
  version: z.int(),
  isDeleted: z.boolean(),
  /** Null once the account is gone. `name` is null for who may see no identities, unless it is themselves. */
  author: z.object({ id: Uuid, name: z.string().nullable() }).nullable(),
  createdAt: Instant,
  changedAt: Instant,
  /** Whether the actor may change or delete it. */
  mayChange: z.boolean(),
});
export type Annotation = z.infer<typeof Annotation>;

const StudyParams = z.strictObject({ studyInstanceUid: DicomUid });
const AnnotationParams = StudyParams.extend({ id: Uuid });
const GroupQuery = z.strictObject({ groupId: Partition.optional() });
/** `after`: only what changed since the answer that gave this `seq`, with what was deleted. */
const SinceQuery = GroupQuery.extend({ after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0) });

export const listAnnotations = defineOperation({
  id: 'listAnnotations',
  method: 'GET',
  path: '/api/studies/{studyInstanceUid}/annotations',
  tag: 'annotations',
  permission: 'annotations.read',
  summary: 'What is drawn on the images of a study, or what of it has changed since',
  params: StudyParams,
  query: SinceQuery,
  responses: { 200: z.object({ items: z.array(Annotation), seq: z.int() }) },
  errors: ['AMBIGUOUS_UID'],
});
export const annotationEvents = defineOperation({
  id: 'annotationEvents',
  method: 'GET',
  path: '/api/studies/{studyInstanceUid}/annotations/events',
  tag: 'annotations',
  permission: 'annotations.read',
  summary:
    'The same as server-sent events `changed`, and `reading` where who reads it has changed, as long as the study is within reach',
  params: StudyParams,
  query: SinceQuery,
  responses: { 200: { stream: 'text/event-stream' } },
  errors: ['AMBIGUOUS_UID'],
});

const isWhole = ({ kind, geometry }: { kind: AnnotationKind; geometry: AnnotationGeometry }): boolean => {
  const [fewest, most] = ANNOTATION_POINTS[kind];
  const count = geometry.points.length / (geometry.space === 'PIXEL' ? 2 : 3);
  return Number.isInteger(count) && count >= fewest && count <= most;
};

/** One edit: a first version, a change, a deletion, or what brings a deleted one back. */
export const AnnotationEdit = z
  .strictObject({
    /** Made by the client, one for each edit: one that is sent again changes nothing and is answered as before. */
    editId: Uuid,
    /** Who drew it: refused with OTHER_AUTHOR when somebody else is signed in by the time it is sent. */
    authorId: Uuid,
    /** The version that was changed; 0 for a new annotation. */
    baseVersion: z.int().min(0).max(1_000_000),
    ...AnnotationPlace,
    geometry: AnnotationGeometry,
    label: Label.default(null),
    isDeleted: z.boolean().default(false),
  })
  .refine(isWhole, { path: ['geometry', 'points'], message: 'Not as many points as this kind has.' })
  .refine(({ kind, label }) => !LABELLED.has(kind) || (label ?? '').trim() !== '', {
    path: ['label'],
    message: 'A text has one.',
  })
  .refine(({ kind, geometry }) => geometry.textAt === undefined || !NOTHING_BESIDE.has(kind), {
    path: ['geometry', 'textAt'],
    message: 'Nothing stands beside this kind.',
  });
export type AnnotationEdit = z.infer<typeof AnnotationEdit>;

export const saveAnnotation = defineOperation({
  id: 'saveAnnotation',
  method: 'PUT',
  path: '/api/studies/{studyInstanceUid}/annotations/{id}',
  tag: 'annotations',
  permission: 'annotations.write',
  summary:
    'Keep an annotation as it was drawn, changed or deleted; `current` of ANNOTATION_CHANGED is the annotation as it stands',
  params: AnnotationParams,
  query: GroupQuery,
  body: AnnotationEdit,
  responses: { 200: Annotation },
  errors: ['OPEN_FOR_READING', 'AMBIGUOUS_UID', 'ANNOTATION_CHANGED', 'OTHER_AUTHOR', 'CONFLICT', 'UNPROCESSABLE'],
});

/** One edit of an annotation. `version` is null for one that was refused, since another had come before it: it is kept all the same. */
export const AnnotationVersion = z.object({
  editId: Uuid,
  version: z.int().nullable(),
  baseVersion: z.int(),
  geometry: AnnotationGeometry,
  label: Label,
  isDeleted: z.boolean(),
  author: z.object({ id: Uuid, name: z.string().nullable() }).nullable(),
  at: Instant,
});
export const annotationHistory = defineOperation({
  id: 'annotationHistory',
  method: 'GET',
  path: '/api/studies/{studyInstanceUid}/annotations/{id}/history',
  tag: 'annotations',
  permission: 'annotations.read',
  summary: 'Every version of an annotation and every refused edit, the latest first, at most 200, fewer of long lines',
  params: AnnotationParams,
  query: GroupQuery,
  responses: { 200: z.object({ items: z.array(AnnotationVersion) }) },
  errors: ['AMBIGUOUS_UID'],
});

export const annotationOperations = [listAnnotations, annotationEvents, saveAnnotation, annotationHistory] as const;
