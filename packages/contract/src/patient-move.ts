import { z } from 'zod';
import { IdParams, Partition, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

/** People whose sight a move changes: how many, and the first twenty by name. */
const Moved = z.object({ count: z.number().int(), names: z.array(z.string()) });

/** What stands by a patient and goes along with them, as far as it is counted. */
export const GOES_ALONG = ['STUDIES', 'ANNOTATIONS', 'REPORTS', 'DRAFTS', 'PREDICTIONS', 'CONSULTATIONS', 'HOLDS'] as const;

export const PatientMove = z.object({
  from: Uuid.nullable(),
  to: Uuid.nullable(),
  gain: Moved,
  lose: Moved,
  goesAlong: z.array(z.object({ what: z.enum(GOES_ALONG), count: z.number().int() })),
  /** The target has a study or instance of the same UID: the move would be refused. */
  isRefused: z.boolean(),
});
export type PatientMove = z.infer<typeof PatientMove>;

export const previewPatientMove = defineOperation({
  id: 'previewPatientMove',
  method: 'GET',
  path: '/api/patients/{id}/move',
  tag: 'patients',
  permission: 'users.manage',
  summary:
    'What follows if the patient goes to another group (`none`: to no group): who gains and who loses sight, what goes along',
  params: IdParams,
  query: z.strictObject({ groupId: Partition }),
  responses: { 200: PatientMove },
});
