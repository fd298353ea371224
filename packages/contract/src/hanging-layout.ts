import { z } from 'zod';

export const HANGING_REGIONS = ['HEAD', 'NECK', 'CHEST', 'ABDOMEN', 'SPINE', 'BREAST', 'LIMB'] as const;
export const HangingRegion = z.enum(HANGING_REGIONS);
export type HangingRegion = z.infer<typeof HangingRegion>;

/** A code string of DICOM (PS3.5 6.2): capitals, digits, spaces and underscores. */
export const Code = z.string().regex(/^[A-Z0-9 _]{1,16}$/);

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
