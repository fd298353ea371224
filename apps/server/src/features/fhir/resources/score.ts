import type { Prediction, PredictionFeature } from '@negatoscope/contract';
import {
  deviceOf,
  encounterOf,
  methodOf,
  notesOf,
  ordersOf,
  recalibratedOf,
  resultOf,
  type Said,
  STATUS_OF_STANDING,
  whyNone,
} from './said.ts';
import { wordsIn } from './texts.ts';
import { coded, HL7, local, type Resource, referTo, resource, UCUM, type Writing } from './values.ts';

export const IMAGING_CATEGORY = coded(`${HL7}/observation-category`, 'imaging', 'Imaging');
export const SCORE = local('tuberculosis-score', 'Model score for tuberculosis');

export const scoreId = (predictionId: string): string => `${predictionId}.score`;

/** Arbitrary units of UCUM: no per cent, and nothing that could be taken for a probability. */
const scored = (value: number) => ({ value, unit: 'score', system: UCUM, code: '{score}' });

/** The score of a model that has answered, with its threshold and what speaks for it, or why it is not told. */
export function scoreResource(said: Said, writing: Writing): Resource {
  const { prediction, study, standing } = said;
  const words = wordsIn(writing.language);
  const result = resultOf(said);
  const why = whyNone(said);
  const absent = {
    dataAbsentReason: {
      coding: why === 'withheld' ? [coded(`${HL7}/data-absent-reason`, 'masked', 'Masked')] : [],
      text: words[why],
    },
  };
  return resource({
    resourceType: 'Observation',
    id: scoreId(prediction.id),
    language: writing.language,
    basedOn: ordersOf(said),
    status: STATUS_OF_STANDING[standing],
    category: [{ coding: [IMAGING_CATEGORY] }],
    code: { coding: [SCORE], text: words.score },
    subject: referTo('Patient', study.patientId),
    encounter: encounterOf(said),
    effectiveDateTime: study.date,
    issued: prediction.finishedAt,
    ...(result === undefined ? absent : answerOf(result, writing)),
    note: notesOf(said, writing),
    method: methodOf(prediction),
    device: deviceOf(prediction),
    derivedFrom: [referTo('ImagingStudy', study.id)],
  });
}

/** The percentage, where the model was recalibrated at the site. */
function percentage(result: Prediction, writing: Writing) {
  const said = recalibratedOf(result, writing);
  if (said === undefined) return [];
  const code = local('recalibrated-probability', 'Probability of tuberculosis, recalibrated at the site');
  const text = wordsIn(writing.language).recalibratedAs;
  return [{ code: { coding: [code], text }, valueQuantity: { value: said.percent, unit: '%', system: UCUM, code: '%' } }];
}

function answerOf(result: Prediction, writing: Writing) {
  const { probability, prediction, threshold, confidenceLevel, featuresDetected } = result;
  const words = wordsIn(writing.language);
  const evidence = ({ region, score }: PredictionFeature) => ({
    code: {
      coding: [local(`evidence-${region.toLowerCase().replaceAll('_', '-')}`, `Model evidence, ${wordsIn('en')[region]}`)],
      text: `${words.evidence} : ${words[region]}`,
    },
    valueQuantity: scored(score),
  });
  const limit = {
    code: { coding: [local('score-threshold', 'Threshold of the score')], text: words.threshold },
    valueQuantity: threshold === null ? undefined : scored(threshold),
  };
  const agreement = {
    code: { coding: [local('score-confidence', 'Agreement of the model’s networks')], text: words.confidence },
    valueCodeableConcept: confidenceLevel === null ? undefined : { text: words[confidenceLevel] },
  };
  return {
    valueQuantity: probability === null ? undefined : scored(probability),
    interpretation: [{ text: prediction === 1 ? words.aboveThreshold : words.belowThreshold }],
    component: [
      ...percentage(result, writing),
      ...(threshold === null ? [] : [limit]),
      ...(confidenceLevel === null ? [] : [agreement]),
      ...featuresDetected.map(evidence),
    ],
  };
}
