import type { Prediction } from '@negatoscope/contract';

export type Step = 'received' | 'queued' | 'done' | 'failed' | 'read' | 'validated' | 'rejected';
export interface StepState {
  readonly step: Step;
  /** Behind it, at it, or not there yet. */
  readonly at: 'past' | 'now' | 'ahead';
}

/** How far each state is: received → queued → done or failed → read → validated. */
const LINES: Readonly<Record<Prediction['state'], readonly [steps: readonly Step[], now: number]>> = {
  QUEUED: [['received', 'queued', 'done', 'read', 'validated'], 1],
  FAILED: [['received', 'failed'], 1],
  DONE: [['received', 'done', 'read', 'validated'], 1],
  READ: [['received', 'done', 'read', 'validated'], 2],
  VALIDATED: [['received', 'done', 'read', 'validated'], 3],
  REJECTED: [['received', 'done', 'read', 'rejected'], 3],
};

/** The line of a prediction's state. A decision without a reading of its own counts as one. */
export function stepsOf({ state }: Pick<Prediction, 'state'>): readonly StepState[] {
  const [steps, now] = LINES[state];
  return steps.map((step, index) => ({ step, at: index < now ? 'past' : index === now ? 'now' : 'ahead' }));
}
