import { z } from 'zod';
import { IdParams, Instant, Uuid } from './common.ts';
import { Code, HangingLayout, HangingRegion } from './hanging-layout.ts';
import { defineOperation } from './operation.ts';

/** A person's own, or that of everybody at a site: of a group, or of the whole installation where that is null. */
const Whose = { level: z.enum(['OWN', 'SITE']), siteId: Uuid.nullable() };
/** For studies of this modality and region; null for those of which no region is known, or that have no rule of their own. */
const Of = { modality: Code, region: HangingRegion.nullable() };

export const HangingRule = z.object({ id: Uuid, ...Whose, ...Of, layout: HangingLayout, changedAt: Instant });
export type HangingRule = z.infer<typeof HangingRule>;

export const listHangingRules = defineOperation({
  id: 'listHangingRules',
  method: 'GET',
  path: '/api/hanging-rules',
  tag: 'studies',
  permission: 'studies.read',
  summary: 'How studies hang for this person: their own rules, and those of their site and of the installation',
  responses: { 200: z.object({ items: z.array(HangingRule) }) },
});
export const saveHangingRule = defineOperation({
  id: 'saveHangingRule',
  method: 'PUT',
  path: '/api/hanging-rules',
  tag: 'studies',
  permission: 'studies.read',
  summary: 'Keep how studies of a modality and region hang, in place of what was kept; for a site with groups.manage only',
  body: z
    .strictObject({ ...Whose, ...Of, layout: HangingLayout })
    .refine(({ level, siteId }) => level === 'SITE' || siteId === null, {
      path: ['siteId'],
      message: 'One’s own is of no site.',
    }),
  responses: { 200: HangingRule },
  errors: ['FORBIDDEN', 'UNPROCESSABLE'],
});
export const deleteHangingRule = defineOperation({
  id: 'deleteHangingRule',
  method: 'DELETE',
  path: '/api/hanging-rules/{id}',
  tag: 'studies',
  permission: 'studies.read',
  summary: 'Take a rule away: one’s own, or with groups.manage a site’s',
  params: IdParams,
  responses: { 204: null },
  errors: ['FORBIDDEN'],
});
export const hangingOperations = [listHangingRules, saveHangingRule, deleteHangingRule] as const;
