import { z } from 'zod';

export const Count = z.int().min(0);
export const Fraction = z.number().min(0).max(1);

/** A share of what was counted with its 95 % interval (Wilson); null where nothing was. */
export const Rate = z.object({
  count: Count,
  of: Count,
  rate: z.object({ share: Fraction, low: Fraction, high: Fraction }).nullable(),
});
export type Rate = z.infer<typeof Rate>;

/** How far two agree that there is a suspicion, beyond chance: Cohen's kappa with its 95 % interval; null where it is not defined. */
export const Agreement = z.object({
  bothSuspect: Count,
  onlyFirst: Count,
  onlySecond: Count,
  neither: Count,
  agreed: Rate,
  kappa: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
});
export type Agreement = z.infer<typeof Agreement>;

export const Accuracy = z.object({ sensitivity: Rate, specificity: Rate });
export type Accuracy = z.infer<typeof Accuracy>;

/** Seconds that half and nine tenths took at most; null where nothing was measured. */
export const Turnaround = z.object({ n: Count, medianSeconds: z.number().nullable(), p90Seconds: z.number().nullable() });
export type Turnaround = z.infer<typeof Turnaround>;
