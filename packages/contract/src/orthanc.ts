import { z } from 'zod';
import { Instant } from './common.ts';
import { defineOperation } from './operation.ts';

/** What of an Orthanc's settings is not safe. */
export const ORTHANC_WARNINGS = [
  /** It asks nobody for a name and password; only programs of this machine reach it, as far as its address tells. */
  'NO_PASSWORD',
  /** The same, from other machines. */
  'OPEN_TO_NETWORK',
  /** Name, password and images go over the network as they are. */
  'NOT_ENCRYPTED',
  'RUNS_SCRIPTS',
  'OVERWRITES',
  /** It deletes the oldest patients when it is full. */
  'RECYCLES',
  'OLD_VERSION',
] as const;
export const OrthancWarning = z.enum(ORTHANC_WARNINGS);
export type OrthancWarning = z.infer<typeof OrthancWarning>;

export const OrthancStatus = z.object({
  /** Null where no Orthanc is set. */
  url: z.string().nullable(),
  /** Null before it was first asked. */
  feed: z
    .object({
      /** The number of the last change that was dealt with. */
      lastChange: z.int(),
      reachedAt: Instant.nullable(),
      failingSince: Instant.nullable(),
      /** A code: UNREACHABLE, TIMEOUT, NOT_ALLOWED, ERROR, BAD_ANSWER, or one of this server's own, such as STORAGE_FULL. */
      failure: z.string().nullable(),
      version: z.string().nullable(),
      warnings: z.array(OrthancWarning),
      /** When its settings were last looked at. */
      checkedAt: Instant.nullable(),
      /** Instances that did not come or could not be taken, and are asked for again. */
      waiting: z.int(),
      /** The next twenty of them. */
      items: z.array(z.object({ orthancId: z.string(), reason: z.string(), attempts: z.int(), retryAt: Instant.nullable() })),
    })
    .nullable(),
  /** What waits to be sent there, and how many of these failed before; null where nothing is sent (ORTHANC_SEND). */
  sending: z.object({ waiting: z.int(), failing: z.int() }).nullable(),
});
export type OrthancStatus = z.infer<typeof OrthancStatus>;

export const orthancStatus = defineOperation({
  id: 'orthancStatus',
  method: 'GET',
  path: '/api/system/orthanc',
  tag: 'system',
  permission: 'system.manage',
  summary: 'How it stands with the Orthanc beside this server',
  responses: { 200: OrthancStatus },
});
export const orthancOperations = [orthancStatus] as const;
