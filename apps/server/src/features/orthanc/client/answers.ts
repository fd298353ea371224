import { z } from 'zod';

/** Orthanc's name of a resource: five groups of a SHA-1. */
export const ORTHANC_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{8}){4}$/;
const OrthancId = z.string().regex(ORTHANC_ID);

export const Change = z.object({
  Seq: z.int().positive(),
  ChangeType: z.string().max(64),
  ID: z.string().max(64),
  Date: z.string().max(32),
});
export type Change = z.infer<typeof Change>;

/** `GET /changes`. */
export const Changes = z.object({ Changes: z.array(Change).max(10_000), Done: z.boolean(), Last: z.int().nonnegative() });
export type Changes = z.infer<typeof Changes>;

/** `GET /instances?since=…&limit=…`. */
export const InstanceIds = z.array(OrthancId).max(10_000);

/** What of a resource says which one it is. */
export const Named = z.object({ ID: OrthancId });

/** `POST /instances` of one instance. */
export const Stored = z.object({ ID: OrthancId, Status: z.string().max(40) });

/** What of `GET /instances/{id}` says which instance it is. */
export const NamedInstance = z.object({ MainDicomTags: z.object({ SOPInstanceUID: z.string() }) });
