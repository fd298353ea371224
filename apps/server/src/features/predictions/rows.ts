import type { GateAnswer } from './inference/messages.ts';

/** A text in both languages. */
export interface Texts {
  readonly fr: string;
  readonly en: string;
}

/** What gate and model gave, kept beside what was made of it: thresholds may be looked at again. */
export interface Outputs {
  readonly gate?: GateAnswer | undefined;
  readonly colour: number;
  readonly width: number;
  readonly height: number;
  readonly area?: number | undefined;
  readonly box?: readonly number[] | undefined;
  readonly evidence?: readonly number[] | undefined;
}
