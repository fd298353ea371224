import type { Prediction } from '@negatoscope/contract';
import type { SaidOf, Standing } from '../ports.ts';
import { wordsIn } from './texts.ts';
import { local, referTo, type Writing } from './values.ts';

/** A prediction, and where a consultation and orders belong to it. */
export interface Said extends SaidOf {
  /** Of the same patient; null for who may see no consultations. */
  readonly consultationId: string | null;
  readonly orderIds: readonly string[];
}

/**
 * Of ObservationStatus and DiagnosticReportStatus. What a physician rejects was never a result: it is cancelled; what had stood before is withdrawn, for which both
 * have `entered-in-error` ("withdrawn following a previous final release").
 */
export const STATUS_OF_STANDING: Readonly<Record<Standing, string>> = {
  ASKED: 'registered',
  FAILED: 'cancelled',
  ANSWERED: 'preliminary',
  VALIDATED: 'final',
  AMENDED: 'amended',
  REJECTED: 'cancelled',
  WITHDRAWN: 'entered-in-error',
};

const isRejected = (standing: Standing): boolean => standing === 'REJECTED' || standing === 'WITHDRAWN';

/** What a model answered, where there is an answer that this reader may see and that somebody stands for or may still stand for. */
export const resultOf = ({ prediction, standing }: SaidOf): Prediction | undefined =>
  prediction.status === 'DONE' && !prediction.isScoreHidden && prediction.probability !== null && !isRejected(standing)
    ? prediction
    : undefined;

/** Why there is no score where there could be one. */
export const whyNone = ({ standing }: SaidOf): 'rejected' | 'withheld' => (isRejected(standing) ? 'rejected' : 'withheld');

/** An id of FHIR: at most 64 characters. A name has no dot, so that the first one ends it. */
export const deviceId = (name: string, version: string): string => `${name}.${version}`.slice(0, 64);
export const deviceOf = ({ modelName, modelVersion }: Prediction) =>
  modelName === '' ? undefined : referTo('Device', deviceId(modelName, modelVersion));

export const TUBERCULOSIS = local('tuberculosis', 'Tuberculosis');
export const question = ({ language }: Writing) => ({ coding: [TUBERCULOSIS], text: wordsIn(language).tuberculosis });

const percentOf = (share: number): number => Math.round(share * 100);

/** What the score says at a site on whose cases its model was recalibrated: its percentage, and the same in words with its interval and by how many cases. */
export function recalibratedOf({ recalibrated }: Pick<Prediction, 'recalibrated'>, { language }: Writing) {
  if (recalibrated === null) return undefined;
  const { share, low, high, cases } = recalibrated;
  const said = { share: percentOf(share), low: percentOf(low), high: percentOf(high), cases };
  const text = wordsIn(language).recalibrated.replace(/\{(\w+)\}/g, (_, name: keyof typeof said) => String(said[name]));
  return { percent: said.share, text };
}

/** What stands beside every score. */
export function notesOf(said: SaidOf, writing: Writing) {
  const words = wordsIn(writing.language);
  const { failureCode, warnings } = said.prediction;
  const result = resultOf(said);
  const recalibrated = result && recalibratedOf(result, writing);
  return [
    { text: words.research },
    { text: recalibrated?.text ?? words.noProbability },
    ...(failureCode === null ? [] : [{ text: words.failed.replace('{code}', failureCode) }]),
    ...(warnings.length === 0 ? [] : [{ text: words.warned.replace('{codes}', warnings.join(', ')) }]),
  ];
}

export const encounterOf = ({ consultationId }: Said) =>
  consultationId === null ? undefined : referTo('Encounter', consultationId);
export const ordersOf = ({ orderIds }: Said) => orderIds.map((id) => referTo('ServiceRequest', id));
export const methodOf = ({ modelName, modelVersion }: Prediction) => ({ text: `${modelName} ${modelVersion}`.trim() });
