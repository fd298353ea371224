import type { ConfidenceLevel, PredictionFeature, PredictionWarning } from '@negatoscope/contract';
import { regionsOf } from './inference/evidence.ts';
import type { ModelAnswer } from './inference/messages.ts';
import type { Manifest } from './models/manifest.ts';
import type { Texts } from './rows.ts';

/** Networks of an ensemble that agree to the last digit are no proof of anything. */
const LEAST_SPREAD = 0.1;
/** The lungs' box leaves the picture by more than this, as a fraction of it. */
const CUT = 0.02;

/** Φ, the share of a normal distribution below `z` (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
export function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z >= 0 ? 1 - tail : tail;
}

const logitOf = (probability: number): number => Math.log(probability / (1 - probability));

/**
 * How sure the ensemble is of its side of the threshold, 0.5 to 1: the share of networks that would be on that side if their logits were spread normally
 * with the spread that was measured (docs/decisions/0048).
 */
export const confidenceOf = ({ logit, spread }: Pick<ModelAnswer, 'logit' | 'spread'>, threshold: number): number =>
  normalShare(Math.abs(logit - logitOf(threshold)) / Math.max(LEAST_SPREAD, spread));

export function levelOf(
  confidence: number,
  spread: number,
  { rule, warnings }: { rule: Manifest['confidence']; warnings: readonly PredictionWarning[] },
): ConfidenceLevel {
  // What should have been refused, or may have been, is never more than low.
  if (warnings.length > 0 || confidence < rule.medium) return 'LOW';
  return confidence >= rule.high && spread <= rule.maxSpread ? 'HIGH' : 'MEDIUM';
}

const isCutOff = ({ box: [x0, y0, x1, y1] }: Pick<ModelAnswer, 'box'>): boolean => Math.max(-x0, -y0, x1 - 1, y1 - 1) > CUT;

const POSITIVE: Readonly<Record<ConfidenceLevel, Texts>> = {
  HIGH: {
    fr: 'Score au-dessus du seuil, réseaux d’accord : aspect compatible avec une tuberculose pour le modèle.',
    en: 'Score above the threshold, networks agree: the model finds the film compatible with tuberculosis.',
  },
  MEDIUM: {
    fr: 'Score au-dessus du seuil : aspect peut-être compatible avec une tuberculose pour le modèle.',
    en: 'Score above the threshold: the model finds the film possibly compatible with tuberculosis.',
  },
  LOW: {
    fr: 'Score au-dessus du seuil, mais incertain.',
    en: 'Score above the threshold, but uncertain.',
  },
};
const NEGATIVE: Readonly<Record<ConfidenceLevel, Texts>> = {
  HIGH: {
    fr: 'Score sous le seuil, réseaux d’accord. Cela n’exclut pas une tuberculose.',
    en: 'Score below the threshold, networks agree. This does not rule tuberculosis out.',
  },
  MEDIUM: {
    fr: 'Score sous le seuil. Cela n’exclut pas une tuberculose.',
    en: 'Score below the threshold. This does not rule tuberculosis out.',
  },
  LOW: {
    fr: 'Score sous le seuil, mais incertain. Cela n’exclut pas une tuberculose.',
    en: 'Score below the threshold, but uncertain. This does not rule tuberculosis out.',
  },
};
const RECOMMENDATION = {
  positive: {
    fr: 'Lecture par un médecin et examen bactériologique (Xpert ou culture). Aide au triage pour la recherche : pas un diagnostic.',
    en: 'Reading by a physician and a bacteriological test (Xpert or culture). Triage support for research: not a diagnosis.',
  },
  negative: {
    fr: 'Lecture par un médecin ; examen bactériologique selon les symptômes. Aide au triage pour la recherche : pas un diagnostic.',
    en: 'Reading by a physician; bacteriological test by symptoms. Triage support for research: not a diagnosis.',
  },
} as const satisfies Record<string, Texts>;

/** What is made of a model's answer at a threshold. */
export interface Judgement {
  readonly isPositive: boolean;
  readonly confidence: number;
  readonly level: ConfidenceLevel;
  readonly warnings: readonly PredictionWarning[];
  readonly interpretation: Texts;
  readonly recommendation: Texts;
  readonly features: readonly PredictionFeature[];
}

/** `warnings` are those known before: of the header, and of a physician's sending on. */
export function judge(
  answer: ModelAnswer,
  { threshold, rule, warnings }: { threshold: number; rule: Manifest['confidence']; warnings: readonly PredictionWarning[] },
): Judgement {
  const isPositive = answer.probability >= threshold;
  const all: readonly PredictionWarning[] = isCutOff(answer) ? [...warnings, 'CUT_OFF'] : warnings;
  const confidence = confidenceOf(answer, threshold);
  const level = levelOf(confidence, answer.spread, { rule, warnings: all });
  const side = Math.round(Math.sqrt(answer.evidence.length));
  const regions = isPositive ? regionsOf({ field: answer.evidence, side, box: answer.box }) : [];
  return {
    isPositive,
    confidence,
    level,
    warnings: all,
    interpretation: (isPositive ? POSITIVE : NEGATIVE)[level],
    recommendation: isPositive ? RECOMMENDATION.positive : RECOMMENDATION.negative,
    features: regions.map(({ region, score, box }) => ({ kind: 'MODEL_EVIDENCE', region, score, box: [...box] })),
  };
}
