import type { Validation } from '@negatoscope/contract';
import { encounterOf, ordersOf, resultOf, type Said, STATUS_OF_STANDING } from './said.ts';
import { scoreId } from './score.ts';
import { RADIOLOGY } from './service-request.ts';
import { wordsIn } from './texts.ts';
import { coded, LOINC, local, named, type Resource, referTo, resource, type Writing } from './values.ts';

export const IMAGING_REPORT = coded(LOINC, '18748-4', 'Diagnostic imaging study');

/** A film that a model and a physician read: what a physician decided stands in it, and nothing that only the model says. */
export function diagnosticReportResource(said: Said, writing: Writing): Resource {
  const { prediction, study, standing } = said;
  const { validation, finishedAt, validatedAt } = prediction;
  const words = wordsIn(writing.language);
  const stands = standing === 'VALIDATED' || standing === 'AMENDED';
  // A final result is shown to everybody who may see predictions at all; who may not has no validation here either.
  const isRejected = standing === 'REJECTED' || standing === 'WITHDRAWN';
  const interpretation = isRejected ? words.rejected : stands ? resultOf(said)?.interpretation?.[writing.language] : undefined;
  return resource({
    resourceType: 'DiagnosticReport',
    id: prediction.id,
    language: writing.language,
    basedOn: ordersOf(said),
    status: STATUS_OF_STANDING[standing],
    category: [{ coding: [RADIOLOGY], text: words.radiology }],
    code: { coding: [IMAGING_REPORT], text: words.report },
    subject: referTo('Patient', study.patientId),
    encounter: encounterOf(said),
    effectiveDateTime: study.date,
    issued: validatedAt ?? finishedAt,
    resultsInterpreter: [named(validation?.by ?? null)],
    result: prediction.status === 'DONE' ? [referTo('Observation', scoreId(prediction.id))] : [],
    imagingStudy: [referTo('ImagingStudy', study.id)],
    conclusion: [interpretation, validation?.comment].filter((text) => (text ?? '').trim() !== '').join('\n'),
    conclusionCode: stands ? diagnosisOf(validation, writing) : [],
  });
}

function diagnosisOf(validation: Validation | null, { language }: Writing) {
  if (validation?.finalDiagnosis == null) return [];
  const { finding, source } = validation.finalDiagnosis;
  const code = finding.toLowerCase().replaceAll('_', '-');
  const words = wordsIn(language);
  return [{ coding: [local(code, wordsIn('en')[finding])], text: `${words[finding]} (${words[source]})` }];
}
