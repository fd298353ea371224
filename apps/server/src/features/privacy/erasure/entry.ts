import { ErasureReason } from '@negatoscope/contract';
import { z } from 'zod';

/** An erasure as it is kept outside of the database: by it one that is brought back to an older moment erases again. Ids and keyed hashes alone. */
export const ErasureEntry = z.object({
  id: z.uuid(),
  records: z.array(z.uuid()),
  studies: z.array(z.uuid()),
  /** In base64. */
  marks: z.array(z.base64().length(44)),
  reason: ErasureReason,
  askedAt: z.iso.datetime(),
});
export type ErasureEntry = z.infer<typeof ErasureEntry>;
