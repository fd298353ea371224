import {
  deviceOf,
  encounterOf,
  methodOf,
  notesOf,
  ordersOf,
  question,
  resultOf,
  type Said,
  STATUS_OF_STANDING,
  TUBERCULOSIS,
} from './said.ts';
import { scoreId } from './score.ts';
import { wordsIn } from './texts.ts';
import { local, type Resource, referTo, resource, type Writing } from './values.ts';

/**
 * What a model says of a film. `probability[x]` would say how likely the disease is; a score that was not recalibrated at the site says no such thing, so there is
 * none: which side of the threshold it is on is `qualitativeRisk`, and the score itself is an Observation, `basis`.
 */
export function riskAssessmentResource(said: Said, writing: Writing): Resource {
  const { prediction, study, standing } = said;
  const words = wordsIn(writing.language);
  const result = resultOf(said);
  const isAbove = result?.prediction === 1;
  const qualitativeRisk = {
    coding: [
      isAbove
        ? local('score-at-or-above-threshold', 'Score at or above the threshold')
        : local('score-below-threshold', 'Score below the threshold'),
    ],
    text: isAbove ? words.aboveThreshold : words.belowThreshold,
  };
  const predicted = { outcome: question(writing), qualitativeRisk, rationale: result?.interpretation?.[writing.language] };
  return resource({
    resourceType: 'RiskAssessment',
    id: prediction.id,
    language: writing.language,
    basedOn: ordersOf(said)[0],
    status: STATUS_OF_STANDING[standing],
    method: methodOf(prediction),
    code: { coding: [TUBERCULOSIS], text: words.tuberculosis },
    subject: referTo('Patient', study.patientId),
    encounter: encounterOf(said),
    occurrenceDateTime: prediction.finishedAt,
    performer: deviceOf(prediction),
    basis: [
      referTo('ImagingStudy', study.id),
      ...(prediction.status === 'DONE' ? [referTo('Observation', scoreId(prediction.id))] : []),
    ],
    prediction: result === undefined ? [] : [predicted],
    mitigation: result?.recommendation?.[writing.language],
    note: notesOf(said, writing),
  });
}
