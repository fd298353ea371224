import { z } from 'zod';
import { DicomUid, Instant, Partition } from './common.ts';
import { defineOperation } from './operation.ts';

/** `MEASUREMENTS`: a structured report (PS3.16 TID 1500). `KEY_IMAGES`: a key object selection (TID 2010). */
export const KeptDocumentKind = z.enum(['MEASUREMENTS', 'KEY_IMAGES']);
export type KeptDocumentKind = z.infer<typeof KeptDocumentKind>;

/** What was made of what is drawn on a study, as an instance of it. */
export const KeptDocument = z.object({
  kind: KeptDocumentKind,
  seriesInstanceUid: z.string(),
  sopInstanceUid: z.string(),
  madeAt: Instant,
  /** Who had it made; null once the account is gone, and for who may see no identities. */
  author: z.string().nullable(),
});
export type KeptDocument = z.infer<typeof KeptDocument>;

const StudyParams = z.strictObject({ studyInstanceUid: DicomUid });
const GroupQuery = z.strictObject({ groupId: Partition.optional() });

export const listKeptDocuments = defineOperation({
  id: 'listKeptDocuments',
  method: 'GET',
  path: '/api/studies/{studyInstanceUid}/kept-documents',
  tag: 'annotations',
  permission: 'annotations.read',
  summary: 'The latest structured report and key object selection that were made of what is drawn on a study',
  params: StudyParams,
  query: GroupQuery,
  responses: { 200: z.object({ items: z.array(KeptDocument) }) },
  errors: ['AMBIGUOUS_UID'],
});
export const keepDocuments = defineOperation({
  id: 'keepDocuments',
  method: 'POST',
  path: '/api/studies/{studyInstanceUid}/kept-documents',
  tag: 'annotations',
  permission: 'reports.write',
  identity: 'always',
  summary:
    'Make DICOM instances of the measurements and key images of a study, as they stand; what was made of the same content before is not made again, and what has changed names the one that it takes the place of',
  params: StudyParams,
  query: GroupQuery,
  responses: {
    200: z.object({
      items: z.array(
        z.object({
          kind: KeptDocumentKind,
          /** `NOTHING`: there is nothing of this kind. `UNCHANGED`: it is there already. */
          outcome: z.enum(['STORED', 'UNCHANGED', 'NOTHING']),
          /** How many measurements or key images it holds. */
          count: z.number().int(),
          /** How many it can't hold: their image has gone, or they lie in patient space. */
          leftOut: z.number().int(),
          sopInstanceUid: z.string().nullable(),
        }),
      ),
    }),
  },
  errors: ['OPEN_FOR_READING', 'AMBIGUOUS_UID', 'CONFLICT', 'IDENTITY_MISMATCH', 'UNPROCESSABLE'],
});

export const keptDocumentOperations = [listKeptDocuments, keepDocuments] as const;
