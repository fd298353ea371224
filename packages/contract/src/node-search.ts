import { z } from 'zod';
import { LocalDate, Uuid } from './common.ts';
import { FILE_REASON_CODES } from './file-reasons.ts';
import { NODE_EVENT_CODES, type NodeEventCode } from './node-codes.ts';

export const CODES = [...Object.keys(NODE_EVENT_CODES), ...FILE_REASON_CODES] as [NodeEventCode, ...NodeEventCode[]];

/** A DICOM node, as who works with it sees it. */
export const UsableNode = z.object({
  id: Uuid,
  name: z.string(),
  /** It may be searched, and asked for studies. */
  mayBeAsked: z.boolean(),
  /** Studies may be sent there. */
  takesStudies: z.boolean(),
});
export type UsableNode = z.infer<typeof UsableNode>;

/** No breaks, and no backslash, which would be several values (PS3.5 6.2). */
const Key = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\\]+$/u);
const filled = (query: object): boolean => Object.values(query).some((value) => value !== undefined);
/** What is looked for at a node; texts match from their beginning where they have no wildcard of their own (`*`, `?`). */
export const NodeQuery = z
  .strictObject({
    patientName: Key.optional(),
    patientId: Key.optional(),
    accessionNumber: Key.optional(),
    modality: z
      .string()
      .regex(/^[A-Z0-9]{2,16}$/)
      .optional(),
    from: LocalDate.optional(),
    to: LocalDate.optional(),
  })
  // An archive of millions is not asked for everything.
  .refine(filled);
export type NodeQuery = z.infer<typeof NodeQuery>;

/** A study as a node tells of it, and whether it is here. Texts are the node's. */
export const FoundStudy = z.object({
  studyInstanceUid: z.string(),
  patientName: z.string(),
  patientId: z.string(),
  patientBirthDate: z.string(),
  patientSex: z.string(),
  /** `YYYYMMDD`, as the node says it. */
  studyDate: z.string(),
  description: z.string(),
  accessionNumber: z.string(),
  modalities: z.array(z.string()),
  /** Instances there; null where it does not say. */
  instances: z.int().nullable(),
  /** Of the same study here, as far as one may see it; null where there is none. */
  here: z.object({ instances: z.int(), groupId: Uuid.nullable() }).nullable(),
});
export type FoundStudy = z.infer<typeof FoundStudy>;
/** How a search ended. */
export const SearchEnd = z.object({
  outcome: z.enum(['DONE', 'MORE', 'FAILED']),
  /** `MORE`: the node has more than are told. */
  code: z.enum(CODES).nullable(),
  found: z.int(),
});
export type SearchEnd = z.infer<typeof SearchEnd>;
