import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from './error-catalog.ts';

/** Written in small letters from here on: two ways to write one id are one id for every comparison (RFC 9562, 4). */
export const Uuid = z.uuid().toLowerCase();
/** A DICOM UID as clients write it (PS3.5 9.1), tolerant of leading zeros that real files carry. */
export const DicomUid = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[0-9]+(\.[0-9]+)*$/);
/** A partition: a group's id, or `none` for what is in no group. Names one of several studies that have the same UID. */
export const Partition = z.union([Uuid, z.literal('none')]);
/** Local wall-clock date, `YYYY-MM-DD`. */
export const LocalDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
/** No year 0: PostgreSQL has none. */
export const Instant = z.iso.datetime().refine((at) => !at.startsWith('0000'));

export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  code: z.enum(ERROR_CODES as [ErrorCode, ...ErrorCode[]]),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** The state that a change met, where the operation says so. */
  current: z.unknown().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** Query of every list: `limit` 1 to 200; `cursor` is opaque and stable under inserts. */
export const ListQuery = z.strictObject({
  q: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(25),
  cursor: z.string().max(2000).optional(),
  sort: z.string().max(40).optional(),
});

/** Answer of every list; `total` may stop counting (patients and studies at 1,000, others at 10,000), then `totalIsExact` is false. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.number().int(), totalIsExact: z.boolean() });
export const IdParams = z.strictObject({ id: Uuid });
export const booleanQuery = z.enum(['true', 'false']).transform((value) => value === 'true');
