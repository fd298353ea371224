import { z } from 'zod';
import { IdParams, Instant, Uuid } from './common.ts';
import { defineOperation } from './operation.ts';

export const HANGING_REGIONS = ['HEAD', 'NECK', 'CHEST', 'ABDOMEN', 'SPINE', 'BREAST', 'LIMB'] as const;
export const HangingRegion = z.enum(HANGING_REGIONS);
export type HangingRegion = z.infer<typeof HangingRegion>;

/** A code string of DICOM (PS3.5 6.2): capitals, digits, spaces and underscores. */
const Code = z.string().regex(/^[A-Z0-9 _]{1,16}$/);

/** A kind of series, by what can be said of it without its own words. What is left out may be anything. */
export const SeriesKind = z.strictObject({
  modality: Code,
  bodyPart: Code.optional(),
  plane: z.enum(['axial', 'coronal', 'sagittal']).optional(),
  /** mm. */
  thicknessMm: z.number().positive().max(1_000).optional(),
  contrast: z.enum(['without', 'with']).optional(),
  phase: z.enum(['arterial', 'portal', 'late']).optional(),
  kernel: z.enum(['lung', 'bone', 'soft', 'brain']).optional(),
  weighting: z.enum(['flair', 'dwi', 'adc', 'swi', 't2', 't1', 'pd', 'stir', 'tof']).optional(),
  side: z.enum(['right', 'left']).optional(),
  view: z.enum(['cc', 'mlo', 'frontal', 'lateral']).optional(),
});
export type SeriesKind = z.infer<typeof SeriesKind>;

const MAX_SIDE = 4;
const Side = z.int().min(1).max(MAX_SIDE);
/** Which series hangs in a pane: one of a kind, or that of the prior which is most like the one in another pane, by its number from 0. */
export const HangingPane = z.union([
  z.strictObject({ of: z.enum(['CURRENT', 'PRIOR']), like: SeriesKind }),
  z.strictObject({
    of: z.literal('PRIOR'),
    pairOf: z
      .int()
      .min(0)
      .max(MAX_SIDE * MAX_SIDE - 1),
  }),
]);
export type HangingPane = z.infer<typeof HangingPane>;

/** How a study hangs: panes row by row; null stays empty. */
export const HangingLayout = z
  .strictObject({
    rows: Side,
    columns: Side,
    panes: z.array(HangingPane.nullable()).max(MAX_SIDE * MAX_SIDE),
    /** Whether stacks of slices scroll together. */
    isLinked: z.boolean(),
  })
  .refine(({ rows, columns, panes }) => panes.length === rows * columns, {
    path: ['panes'],
    message: 'Not as many as rows and columns say.',
  });
export type HangingLayout = z.infer<typeof HangingLayout>;

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
