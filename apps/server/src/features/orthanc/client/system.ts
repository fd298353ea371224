import { z } from 'zod';
import type { OrthancClient } from './client.ts';
import { OrthancFailure } from './failure.ts';

/** `GET /system`; what older ones do not tell is not judged. */
export const System = z.object({
  Version: z.string().max(40),
  OverwriteInstances: z.boolean().optional(),
  MaximumStorageMode: z.string().max(40).optional(),
  MaximumStorageSize: z.number().optional(),
  MaximumPatientCount: z.number().optional(),
  IngestTranscoding: z.string().max(64).optional(),
});
export type System = z.infer<typeof System>;

/** Older ones tell neither what they do nor from when on. */
export const mayRecycle = ({
  MaximumStorageMode: mode = 'Recycle',
  MaximumStorageSize: bytes = 1,
  MaximumPatientCount: patients = 1,
}: Omit<System, 'Version'>): boolean => mode === 'Recycle' && bytes + patients > 0;

/**
 * Whether it may delete by itself now. Its settings change with a restart of its own, which nobody tells. One that does not say may; fails with an OrthancFailure
 * where it is away.
 */
export async function mayRecycleNow(client: OrthancClient): Promise<boolean> {
  try {
    const system = await client.json('/system', System);
    return system === undefined || mayRecycle(system);
  } catch (error) {
    if (error instanceof OrthancFailure && (error.code === 'NOT_ALLOWED' || error.code === 'BAD_ANSWER')) return true;
    throw error;
  }
}
