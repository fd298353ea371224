import type { SaidOf, SignedOf } from '../ports.ts';
import { diagnosticReportResource, IMAGING_REPORT } from '../resources/diagnostic-report.ts';
import { RADIOLOGY } from '../resources/service-request.ts';
import { signedReportResource } from '../resources/signed-report.ts';
import { daysOf, instantsOf } from '../search/dates.ts';
import type { Query } from '../search/query.ts';
import { isNamed, namedAmong, referencesOf, rowIdsOf } from '../search/values.ts';
import { seesConsultations, studiesOrdered, withBelonging } from './belonging.ts';
import { type Ask, type FhirReaders, type Item, type Kind, NOTHING, type Page, pageOf, sliceOf } from './kind.ts';
import { predictionsFor, standingsOf, wishOf } from './predictions.ts';

type Row = { readonly id: string } & ({ readonly said: SaidOf } | { readonly signed: SignedOf });

/** What a physician or a model said of a film. */
async function ofPredictions(readers: FhirReaders, { actor, query }: Ask, orders: readonly string[] | null) {
  const studyIds = orders === null ? null : await studiesOrdered(readers, actor, orders);
  const when = { studyDays: daysOf(query, 'date'), issued: instantsOf(query, 'issued') };
  const { items, total } = await predictionsFor(
    readers,
    { actor, query },
    { ...wishOf(query), studyIds, standings: standingsOf(query), ...when },
  );
  return { items: items.map((said): Row => ({ id: said.prediction.id, said })), total };
}

const SIGNED_CODES = { final: { code: 'final' }, amended: { code: 'amended' } } as const;

/** Whether the first version is asked for, or one that amends; `undefined` where neither is. */
function isAmendedOf(query: Query): boolean | null | undefined {
  const codes = namedAmong(query, 'status', SIGNED_CODES);
  if (codes === null || codes.length === 2) return null;
  return codes[0] === undefined ? undefined : codes[0] === 'amended';
}

/** What was signed. It names its study, and no consultation or order. */
async function ofReports(readers: FhirReaders, { actor, query }: Ask, orders: readonly string[] | null) {
  const isAmended = isAmendedOf(query);
  if (isAmended === undefined || orders !== null || query.wishes.has('encounter')) return { items: [], total: 0 };
  const { items, total } = await readers.reports.signed(
    actor,
    {
      ids: rowIdsOf(query),
      patientIds: referencesOf(query, 'Patient', 'patient', 'subject'),
      isAmended,
      ...{ studyDays: daysOf(query, 'date'), signed: instantsOf(query, 'issued') },
    },
    sliceOf(query),
  );
  return { items: items.map((signed): Row => ({ id: signed.id, signed })), total };
}

async function itemsOf(readers: FhirReaders, { actor, writing }: Ask, rows: readonly Row[]): Promise<Item[]> {
  const said = await withBelonging(
    readers,
    actor,
    rows.flatMap((row) => ('said' in row ? [row.said] : [])),
  );
  const films = new Map(said.map((one) => [one.prediction.id, one]));
  return rows.flatMap((row): Item[] => {
    if ('signed' in row) {
      const { patientId, groupId } = row.signed.study;
      return [{ resource: signedReportResource(row.signed), patientId, groupId }];
    }
    const film = films.get(row.id);
    if (film === undefined) return [];
    return [{ resource: diagnosticReportResource(film, writing), patientId: film.study.patientId, groupId: film.study.groupId }];
  });
}

/** One page of both, in the order of their ids, which both have by time. */
async function find(readers: FhirReaders, ask: Ask): Promise<Page> {
  const { actor, query } = ask;
  const isOne = isNamed(query, 'category', [{ coding: [RADIOLOGY] }]) && isNamed(query, 'code', [{ coding: [IMAGING_REPORT] }]);
  const orders = referencesOf(query, 'ServiceRequest', 'based-on');
  if (!isOne || (orders !== null && !seesConsultations(actor))) return NOTHING;
  const films = await ofPredictions(readers, ask, orders);
  const reports = await ofReports(readers, ask, orders);
  const items = [...films.items, ...reports.items].sort((a, b) => (a.id < b.id ? 1 : -1));
  const total = films.total === null || reports.total === null ? null : films.total + reports.total;
  return pageOf(
    query,
    { items, total },
    ({ id }) => id,
    (rows) => itemsOf(readers, ask, rows),
  );
}

export const DIAGNOSTIC_REPORTS: Kind = {
  type: 'DiagnosticReport',
  parameters: {
    _id: { kind: 'token', means: 'The id of the prediction, or of the signed report.' },
    patient: { kind: 'reference', means: 'The patient.' },
    subject: { kind: 'reference', means: 'The patient.' },
    encounter: { kind: 'reference', means: 'The consultation from which the model was asked.' },
    'based-on': { kind: 'reference', means: 'What was ordered and done by the study.' },
    status: { kind: 'token', means: 'registered, preliminary, final, amended, cancelled or entered-in-error.' },
    date: { kind: 'date', means: 'The day of the study; a time of day is read as its day.' },
    issued: { kind: 'date', means: 'When it was signed or validated, else when the model answered.' },
    code: { kind: 'token', means: 'LOINC 18748-4: all are.' },
    category: { kind: 'token', means: 'RAD: all are radiology.' },
  },
  find,
};
