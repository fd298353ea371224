import type { Prediction } from '@negatoscope/contract';
import {
  deviceOf,
  encounterOf,
  methodOf,
  notesOf,
  ordersOf,
  question,
  recalibratedOf,
  resultOf,
  type Said,
  STATUS_OF_STANDING,
  TUBERCULOSIS,
} from './said.ts';
import { scoreId } from './score.ts';
import { wordsIn } from './texts.ts';
import { local, type Resource, referTo, resource, type Writing } from './values.ts';

/** The side of the threshold, and how likely that makes the disease where that is known. */
function predictedBy(result: Prediction, writing: Writing) {
  const words = wordsIn(writing.language);
  const isAbove = result.prediction === 1;
  const qualitativeRisk = {
    coding: [
      isAbove
        ? local('score-at-or-above-threshold', 'Score at or above the threshold')
        : local('score-below-threshold', 'Score below the threshold'),
    ],
    text: isAbove ? words.aboveThreshold : words.belowThreshold,
  };
  const recalibrated = recalibratedOf(result, writing);
  return {
    outcome: question(writing),
    probabilityDecimal: recalibrated?.percent,
    qualitativeRisk,
    rationale: [result.interpretation?.[writing.language], recalibrated?.text].filter(Boolean).join(' '),
  };
}

/**
 * What a model says of a film. `probability[x]` says how likely the disease is, in per cent: a score says no such thing, so that it is there only where the model was recalibrated on the cases of the site. Which side
 * of the threshold the score is on is `qualitativeRisk`, and the score itself is an Observation, `basis`.
 */
export function riskAssessmentResource(said: Said, writing: Writing): Resource {
  const { prediction, study, standing } = said;
  const result = resultOf(said);
  return resource({
    resourceType: 'RiskAssessment',
    id: prediction.id,
    language: writing.language,
    basedOn: ordersOf(said)[0],
    status: STATUS_OF_STANDING[standing],
    method: methodOf(prediction),
    code: { coding: [TUBERCULOSIS], text: wordsIn(writing.language).tuberculosis },
    subject: referTo('Patient', study.patientId),
    encounter: encounterOf(said),
    occurrenceDateTime: prediction.finishedAt,
    performer: deviceOf(prediction),
    basis: [
      referTo('ImagingStudy', study.id),
      ...(prediction.status === 'DONE' ? [referTo('Observation', scoreId(prediction.id))] : []),
    ],
    prediction: result === undefined ? [] : [predictedBy(result, writing)],
    mitigation: result?.recommendation?.[writing.language],
    note: notesOf(said, writing),
  });
}
