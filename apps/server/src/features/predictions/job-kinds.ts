import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.ts';

/** One film. Others that wait are taken along with it. */
export const PREDICT = defineJob({
  name: 'predict',
  payload: z.strictObject({ predictionId: z.uuid() }),
  report: z.strictObject({ done: z.number(), refused: z.number(), failed: z.number() }),
  // The row counts how often its film was tried: this is for a database that is away and processes that are killed.
  retry: { limit: 10, delaySeconds: 1 },
});

export const CHECK_MODEL = defineJob({
  name: 'check-model',
  payload: z.strictObject({ modelId: z.uuid() }),
  report: z.strictObject({ pictures: z.number() }),
  retry: { limit: 3, delaySeconds: 1 },
});

/** Makes the DICOM instances of one result that stands. */
export const KEEP_RESULT = defineJob({
  name: 'keep-result',
  payload: z.strictObject({ resultId: z.uuid() }),
  report: z.strictObject({ stored: z.number() }),
  retry: { limit: 5, delaySeconds: 2 },
});

/** Removes uploads whose time is over and what cut installs of models have left, and sends again what waits without a job. */
export const TIDY_PREDICTIONS = defineJob({
  name: 'tidy-predictions',
  payload: z.strictObject({}),
  report: z.strictObject({ removed: z.number(), sent: z.number(), stray: z.number() }),
  retry: { limit: 3, delaySeconds: 1 },
  schedule: '*/5 * * * *',
});
