import type { PredictionWish, Standing } from '../ports.ts';
import { diagnosticReportResource, IMAGING_REPORT } from '../resources/diagnostic-report.ts';
import { riskAssessmentResource } from '../resources/risk-assessment.ts';
import { type Said, STATUS_OF_STANDING } from '../resources/said.ts';
import { RADIOLOGY } from '../resources/service-request.ts';
import type { Resource, Writing } from '../resources/values.ts';
import { daysOf, instantsOf } from '../search/dates.ts';
import type { Query } from '../search/query.ts';
import { isNamed, namedAmong, referencesOf, rowIdsOf } from '../search/values.ts';
import { seesConsultations, studiesOrdered, withBelonging } from './belonging.ts';
import { type Ask, type FhirReaders, type Kind, NOTHING, type Page, pageOf, sliceOf } from './kind.ts';

const STANDING_CODES = Object.fromEntries(
  Object.entries(STATUS_OF_STANDING).map(([standing, code]) => [standing, { code }]),
) as Record<Standing, { code: string }>; // The same keys.
export const standingsOf = (query: Query): Standing[] | null => namedAmong(query, 'status', STANDING_CODES);

/** What both are searched by: patient, consultation, ids. */
const wishOf = (query: Query): PredictionWish => ({
  ids: rowIdsOf(query),
  patientIds: referencesOf(query, 'Patient', 'patient', 'subject'),
  consultationIds: referencesOf(query, 'Encounter', 'encounter'),
});

async function find(
  readers: FhirReaders,
  { actor, query, writing }: Ask,
  wish: PredictionWish,
  resourceOf: (said: Said, writing: Writing) => Resource,
): Promise<Page> {
  // By what is not said of a consultation nothing is found.
  if (wish.consultationIds != null && !seesConsultations(actor)) return NOTHING;
  const found = await readers.predictions.predictions(actor, wish, sliceOf(query));
  return pageOf(
    query,
    found,
    ({ prediction }) => prediction.id,
    async (rows) =>
      (await withBelonging(readers, actor, rows)).map((said) => ({
        resource: resourceOf(said, writing),
        patientId: said.study.patientId,
        groupId: said.study.groupId,
      })),
  );
}

export const RISK_ASSESSMENTS: Kind = {
  type: 'RiskAssessment',
  parameters: {
    _id: { kind: 'token', means: 'The id of the prediction.' },
    patient: { kind: 'reference', means: 'The patient.' },
    subject: { kind: 'reference', means: 'The patient.' },
    encounter: { kind: 'reference', means: 'The consultation from which the model was asked.' },
    date: { kind: 'date', means: 'When the model answered.' },
  },
  find: (readers, ask) =>
    find(readers, ask, { ...wishOf(ask.query), finished: instantsOf(ask.query, 'date') }, riskAssessmentResource),
};

export const DIAGNOSTIC_REPORTS: Kind = {
  type: 'DiagnosticReport',
  parameters: {
    _id: { kind: 'token', means: 'The id of the prediction.' },
    patient: { kind: 'reference', means: 'The patient.' },
    subject: { kind: 'reference', means: 'The patient.' },
    encounter: { kind: 'reference', means: 'The consultation from which the model was asked.' },
    'based-on': { kind: 'reference', means: 'What was ordered and done by the study.' },
    status: { kind: 'token', means: 'registered, preliminary, final, amended, cancelled or entered-in-error.' },
    date: { kind: 'date', means: 'The day of the study; a time of day is read as its day.' },
    issued: { kind: 'date', means: 'When it was validated, else when the model answered.' },
    code: { kind: 'token', means: 'LOINC 18748-4: all are.' },
    category: { kind: 'token', means: 'RAD: all are radiology.' },
  },
  find: async (readers, ask) => {
    const { actor, query } = ask;
    const isOne = isNamed(query, 'category', [{ coding: [RADIOLOGY] }]) && isNamed(query, 'code', [{ coding: [IMAGING_REPORT] }]);
    const orders = referencesOf(query, 'ServiceRequest', 'based-on');
    if (!isOne || (orders !== null && !seesConsultations(actor))) return NOTHING;
    const wish: PredictionWish = {
      ...wishOf(query),
      studyIds: orders === null ? null : await studiesOrdered(readers, actor, orders),
      standings: standingsOf(query),
      studyDays: daysOf(query, 'date'),
      issued: instantsOf(query, 'issued'),
    };
    return find(readers, ask, wish, diagnosticReportResource);
  },
};
