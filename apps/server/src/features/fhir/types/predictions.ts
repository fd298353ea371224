import type { Sliced } from '../../../kernel/list.ts';
import type { PredictionWish, SaidOf, Standing } from '../ports.ts';
import { riskAssessmentResource } from '../resources/risk-assessment.ts';
import { type Said, STATUS_OF_STANDING } from '../resources/said.ts';
import type { Resource, Writing } from '../resources/values.ts';
import { instantsOf } from '../search/dates.ts';
import type { Query } from '../search/query.ts';
import { namedAmong, referencesOf, rowIdsOf } from '../search/values.ts';
import { seesConsultations, withBelonging } from './belonging.ts';
import { type Ask, type FhirReaders, type Kind, type Page, pageOf, sliceOf } from './kind.ts';

const STANDING_CODES = Object.fromEntries(
  Object.entries(STATUS_OF_STANDING).map(([standing, code]) => [standing, { code }]),
) as Record<Standing, { code: string }>; // The same keys.
export const standingsOf = (query: Query): Standing[] | null => namedAmong(query, 'status', STANDING_CODES);

/** What both are searched by: patient, consultation, ids. */
export const wishOf = (query: Query): PredictionWish => ({
  ids: rowIdsOf(query),
  patientIds: referencesOf(query, 'Patient', 'patient', 'subject'),
  consultationIds: referencesOf(query, 'Encounter', 'encounter'),
});

/** The slice of predictions of a search, none for what is not said of a consultation. */
export const predictionsFor = (
  readers: FhirReaders,
  { actor, query }: Pick<Ask, 'actor' | 'query'>,
  wish: PredictionWish,
): Promise<Sliced<SaidOf>> | Sliced<SaidOf> =>
  wish.consultationIds != null && !seesConsultations(actor)
    ? { items: [], total: 0 }
    : readers.predictions.predictions(actor, wish, sliceOf(query));

async function find(
  readers: FhirReaders,
  { actor, query, writing }: Ask,
  wish: PredictionWish,
  resourceOf: (said: Said, writing: Writing) => Resource,
): Promise<Page> {
  const found = await predictionsFor(readers, { actor, query }, wish);
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
