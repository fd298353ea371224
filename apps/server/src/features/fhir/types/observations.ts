import { can } from '../../../access/index.ts';
import { anInteger, aUuid, decodeCursor, encodeCursor, type Slice } from '../../../kernel/list.ts';
import { IMAGING_CATEGORY, SCORE, scoreResource } from '../resources/score.ts';
import { SURVEY_CATEGORY, SYMPTOM_CONCEPTS, symptomResources } from '../resources/symptoms.ts';
import type { Coding, Concept, Resource } from '../resources/values.ts';
import { VITAL_SIGN_CONCEPTS, VITAL_SIGNS_CATEGORY, vitalSignResources } from '../resources/vital-signs.ts';
import { daysOf, instantsOf, isWithin } from '../search/dates.ts';
import type { Query } from '../search/query.ts';
import { idsOf, isCode, isNamed, namedAmong, referencesOf } from '../search/values.ts';
import { seesConsultations, withBelonging } from './belonging.ts';
import type { Ask, FhirReaders, Item, Kind, Page } from './kind.ts';
import { standingsOf } from './predictions.ts';

type Category = 'vitals' | 'survey' | 'imaging';
const CATEGORIES: Readonly<Record<Category, Coding>> = {
  vitals: VITAL_SIGNS_CATEGORY,
  survey: SURVEY_CATEGORY,
  imaging: IMAGING_CATEGORY,
};

/** A row, and the Observations that are made of it in their order; what was not asked for is gone from them, but not from the order. */
interface Made {
  readonly id: string;
  readonly items: readonly Item[];
}

interface Wanted {
  readonly query: Query;
  /** Ids that are named, and the rows that these are made of. */
  readonly ids: readonly string[] | null;
  readonly rowIds: readonly string[] | null;
  readonly patientIds: readonly string[] | null;
  readonly encounterIds: readonly string[] | null;
  readonly categories: readonly Category[];
  readonly slice: Slice;
}

/** Of a consultation several are made, so that fewer rows than there are to be on a page fill it; of one code there is one. */
const OF_A_ROW = 4;
const LEAST_ROWS = 25;
const rowsFor = ({ count, wishes }: Query): number =>
  wishes.has('code') ? count : Math.max(Math.ceil(count / OF_A_ROW), Math.min(count, LEAST_ROWS));

function wantedOf(query: Query): Wanted & { readonly after: number } {
  const [from, after] = query.cursor === undefined ? [null, 0] : decodeCursor<[string, number]>(query.cursor, aUuid, anInteger);
  const ids = idsOf(query);
  const rowIds = ids === null ? null : ids.map((id) => id.split('.')[0] ?? '').filter(aUuid);
  return {
    ...{ query, ids, rowIds, after },
    patientIds: referencesOf(query, 'Patient', 'patient', 'subject'),
    encounterIds: referencesOf(query, 'Encounter', 'encounter'),
    categories: namedAmong<Category>(query, 'category', CATEGORIES) ?? ['vitals', 'survey', 'imaging'],
    slice: { from, limit: rowsFor(query) + 1, isCounted: false },
  };
}

/** Whether one is what was asked for, by what it says of itself. */
const isWanted = ({ query, ids }: Wanted, { id = '', ...of }: Resource): boolean =>
  (ids === null || ids.includes(id)) &&
  isNamed(query, 'code', [of.code as Concept]) && // Of our own making.
  isNamed(query, 'category', of.category as Concept[]) &&
  isCode(query, 'status', of.status) &&
  isWithin(query, 'date', of.effectiveDateTime);

/** What a consultation must have been told for one of the codes that were asked for; null for any. */
function toldFor(query: Query): string[] | null {
  if (!query.wishes.has('code')) return null;
  return [...VITAL_SIGN_CONCEPTS, ...SYMPTOM_CONCEPTS].flatMap(({ concept, told }) =>
    isNamed(query, 'code', [concept]) ? told : [],
  );
}

async function ofConsultations({ consultations }: FhirReaders, { actor, writing, query }: Ask, wanted: Wanted): Promise<Made[]> {
  const { categories, rowIds, encounterIds, patientIds, slice } = wanted;
  const told = toldFor(query);
  if (!seesConsultations(actor) || !categories.some((one) => one !== 'imaging') || told?.length === 0) return [];
  const ids = encounterIds === null ? rowIds : encounterIds.filter((id) => rowIds === null || rowIds.includes(id));
  const { items } = await consultations.consultations(actor, { ids, patientIds, noted: instantsOf(query, 'date'), told }, slice);
  return items.map((line) => ({
    id: line.id,
    items: [...vitalSignResources(line, writing), ...symptomResources(line, writing)].map((resource) => ({
      ...{ resource, patientId: line.patientId, groupId: line.groupId },
    })),
  }));
}

async function ofPredictions(readers: FhirReaders, { actor, writing, query }: Ask, wanted: Wanted): Promise<Made[]> {
  const { categories, rowIds, encounterIds, patientIds, slice } = wanted;
  const isAsked = categories.includes('imaging') && isNamed(query, 'code', [{ coding: [SCORE] }]);
  if (!can(actor, 'predictions.read') || !isAsked || (encounterIds !== null && !seesConsultations(actor))) return [];
  const wish = {
    ids: rowIds,
    patientIds,
    consultationIds: encounterIds,
    standings: standingsOf(query),
    studyDays: daysOf(query, 'date'),
  };
  const { items } = await readers.predictions.predictions(actor, wish, slice);
  return (await withBelonging(readers, actor, items)).map((said) => {
    const isOne = said.prediction.status === 'DONE';
    const { patientId, groupId } = said.study;
    return { id: said.prediction.id, items: isOne ? [{ resource: scoreResource(said, writing), patientId, groupId }] : [] };
  });
}

/**
 * One page out of two kinds of rows, in the order of their ids, which both have by time. A source that has more rows than were read may have some that come before what
 * the other one has: the page ends there, and the next one begins. It may have less than was asked for.
 */
async function find(readers: FhirReaders, ask: Ask): Promise<Page> {
  const { query } = ask;
  const wanted = wantedOf(query);
  const { slice, after } = wanted;
  const sources = [await ofConsultations(readers, ask, wanted), await ofPredictions(readers, ask, wanted)];
  // The last row that was read of what has more is where the next page may begin.
  const ends = sources.flatMap((rows) => (rows.length < slice.limit ? [] : (rows.at(-1)?.id ?? [])));
  const end = ends.sort().at(-1);
  const rows = sources.flat().sort((one, other) => (one.id < other.id ? 1 : -1));
  const found = rows
    .filter(({ id }) => end === undefined || id > end)
    .flatMap(({ id, items }) => items.map((item, place) => ({ id, place, item })))
    .filter(({ id, place }) => id !== slice.from || place >= after)
    .filter(({ item }) => isWanted(wanted, item.resource));
  const following = query.count === 0 ? undefined : found[query.count];
  const next =
    following === undefined ? (end === undefined ? null : encodeCursor([end, 0])) : encodeCursor([following.id, following.place]);
  return {
    items: found.slice(0, query.count).map(({ item }) => item),
    next: query.count === 0 ? null : next,
    total: following === undefined && end === undefined && slice.from === null ? found.length : null,
  };
}

export const OBSERVATIONS: Kind = {
  type: 'Observation',
  parameters: {
    _id: { kind: 'token', means: 'The id of the consultation or prediction, a dot, and which of its observations.' },
    patient: { kind: 'reference', means: 'The patient.' },
    subject: { kind: 'reference', means: 'The patient.' },
    encounter: { kind: 'reference', means: 'The consultation.' },
    category: { kind: 'token', means: 'vital-signs, survey (symptoms) or imaging (what models answered).' },
    code: { kind: 'token', means: 'LOINC of vital signs, ICD-10 or own codes of symptoms, the own code of a score.' },
    date: {
      kind: 'date',
      means: 'When it was measured; of symptoms the day of the consultation, of scores the day of the study.',
    },
    status: { kind: 'token', means: 'preliminary, final, amended, cancelled or entered-in-error.' },
  },
  profiles: ['vitalsigns', 'bodytemp', 'heartrate', 'resprate', 'oxygensat', 'bodyweight', 'bodyheight', 'bp'],
  find,
};
