import { z } from 'zod';
import { Instant } from './common.ts';
import { defineOperation } from './operation.ts';

/** What of an Orthanc's settings is not safe. */
export const ORTHANC_WARNINGS = [
  /** It asks nobody for a name and password; only programs of this machine reach it, as far as its address tells. */
  'NO_PASSWORD',
  /** It lets in whoever says what every installation of it is said to let in (orthanc, orthanc). */
  'DEFAULT_PASSWORD',
  /** The same, from other machines. */
  'OPEN_TO_NETWORK',
  /** Name, password and images go over the network as they are. */
  'NOT_ENCRYPTED',
  'RUNS_SCRIPTS',
  /** By its interface files are written anywhere on its disk. */
  'WRITES_FILES',
  /** Its archive is a network drive as well. */
  'WEBDAV',
  'OVERWRITES',
  /** It deletes the oldest patients when it is full. */
  'RECYCLES',
  /** It changes what it takes: what is sent there is never what it has. */
  'TRANSCODES',
  'OLD_VERSION',
] as const;
export const OrthancWarning = z.enum(ORTHANC_WARNINGS);
export type OrthancWarning = z.infer<typeof OrthancWarning>;

/**
 * Why nothing is done about what is missing there: all of it, or more than a tenth within a day, is; its numbers begin anew; they are used again since a backup was put
 * back; it deletes by itself when it is full,
 * or is too old to say whether it does.
 */
export const ORTHANC_DOUBTS = ['EMPTIED', 'TOO_MANY', 'REPLACED', 'RESTORED', 'RECYCLES'] as const;
export const OrthancDoubt = z.enum(ORTHANC_DOUBTS);
export type OrthancDoubt = z.infer<typeof OrthancDoubt>;

/** What is done about what was deleted there: nothing, its study goes into the trash, or it is sent there again. */
export const ORTHANC_DELETIONS = ['ignore', 'trash', 'repair'] as const;
export const OrthancDeletions = z.enum(ORTHANC_DELETIONS);
export type OrthancDeletions = z.infer<typeof OrthancDeletions>;

export const OrthancStatus = z.object({
  /** Null where no Orthanc is set. */
  url: z.string().nullable(),
  /** What is done about what was deleted there; null where no Orthanc is set. */
  deletions: OrthancDeletions.nullable(),
  /** Null before it was first asked. */
  feed: z
    .object({
      /** The number of the last change that was dealt with. */
      lastChange: z.int(),
      reachedAt: Instant.nullable(),
      failingSince: Instant.nullable(),
      /** A code: UNREACHABLE, TIMEOUT, NOT_ALLOWED, ERROR, BAD_ANSWER, or one of this server's own, such as STORAGE_FULL; FAULT is one that its log tells more of. */
      failure: z.string().nullable(),
      version: z.string().nullable(),
      warnings: z.array(OrthancWarning),
      /** When its settings were last looked at. */
      checkedAt: Instant.nullable(),
      /** Instances that did not come or could not be taken, and are asked for again. */
      waiting: z.int(),
      /** The next twenty of them. */
      items: z.array(z.object({ orthancId: z.string(), reason: z.string(), attempts: z.int(), retryAt: Instant.nullable() })),
      /** What was found when all that it holds was last gone through. */
      compared: z.object({
        at: Instant.nullable(),
        /** Instances that are known there. */
        there: z.int(),
        /** Instances that were there and are no more. */
        missing: z.int(),
        /** Those of them about which nothing is done, because of the doubt. */
        held: z.int(),
        doubt: OrthancDoubt.nullable(),
      }),
    })
    .nullable(),
  /** What waits to be sent there, how many of these failed before, and why, the most frequent reasons first; null where nothing is sent (ORTHANC_SEND). */
  sending: z
    .object({ waiting: z.int(), failing: z.int(), reasons: z.array(z.object({ reason: z.string(), count: z.int() })) })
    .nullable(),
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

export const orthancMissing = defineOperation({
  id: 'orthancMissing',
  method: 'POST',
  path: '/api/system/orthanc/missing',
  tag: 'system',
  permission: 'system.manage',
  summary:
    'Say of what is missing in Orthanc, and held, that it was deleted there (`release`: ORTHANC_DELETIONS is done), or that nothing is to be done (`dismiss`)',
  body: z.strictObject({
    decision: z.enum(['release', 'dismiss']),
    /** As they were seen: what was found since is not decided. */
    doubt: OrthancDoubt,
    comparedAt: Instant,
  }),
  responses: { 200: OrthancStatus },
  errors: ['CONFLICT'],
});
export const orthancOperations = [orthancStatus, orthancMissing] as const;
