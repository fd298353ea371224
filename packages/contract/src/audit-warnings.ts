import { z } from 'zod';
import { IdParams, Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

/**
 * What the journal warns of: `MASS_EXPORT` many patients taken out in an hour, `NIGHT` patients opened outside the site's hours, `DENIED` many refusals in an hour, `OWN_RECORD` a patient with the
 * names of who looked, `COLLEAGUE_RECORD` with those of another account, `SAME_NAME` with their family name.
 */
export const AUDIT_RULES = ['MASS_EXPORT', 'NIGHT', 'DENIED', 'OWN_RECORD', 'COLLEAGUE_RECORD', 'SAME_NAME'] as const;

export const AuditWarning = z.object({
  id: Uuid,
  rule: z.enum(AUDIT_RULES),
  raisedAt: Instant,
  firstAt: Instant,
  /** While it waits, more of the same is added to it. */
  lastAt: Instant,
  /** Patients (`MASS_EXPORT`, `NIGHT`), refusals (`DENIED`), or events. */
  amount: z.number().int(),
  actorId: Uuid,
  actorName: z.string().nullable(),
  patientId: Uuid.nullable(),
  acknowledged: z.object({ at: Instant, byName: z.string().nullable(), reason: z.string() }).nullable(),
});
export type AuditWarning = z.infer<typeof AuditWarning>;

export const listAuditWarnings = defineOperation({
  id: 'listAuditWarnings',
  method: 'GET',
  path: '/api/audit/warnings',
  tag: 'audit',
  permission: 'audit.read',
  summary: 'What the journal warns of, the latest first; `state=open`: what nobody has looked at yet',
  query: z.strictObject({
    state: z.enum(['open', 'all']).default('open'),
    limit: z.coerce.number().int().min(1).max(200).default(25),
    cursor: z.string().max(400).optional(),
  }),
  responses: {
    200: z.object({ items: z.array(AuditWarning), nextCursor: z.string().nullable(), open: z.number().int() }),
  },
});

export const acknowledgeAuditWarning = defineOperation({
  id: 'acknowledgeAuditWarning',
  method: 'POST',
  path: '/api/audit/warnings/{id}/acknowledgement',
  tag: 'audit',
  permission: 'audit.read',
  summary: 'Says why what was warned of is in order, or what was done about it',
  params: IdParams,
  body: z.strictObject({ reason: z.string().trim().min(3).max(500) }),
  responses: { 204: null },
  errors: ['ALREADY_DECIDED'],
});
