import type { Patient } from '@negatoscope/contract';
import { type Person, scopeOf, seesIdentity } from '../../../access/index.ts';
import { type PatientRow, patientOf } from '../../../archive/records/patient-rows.ts';
import { askPatients, findPatients, namedAmong } from '../../../archive/records/patients.ts';
import { pageOf as listPageOf } from '../../../archive/search/index-list.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { ReadTx } from '../../../platform/db/database.ts';
import { patientResource, recordNumbersOf } from '../resources/patient.ts';
import { daysOf } from '../search/dates.ts';
import { MOST_COUNT, type Query } from '../search/query.ts';
import { rowIdsOf, textsOf, tokensOf } from '../search/values.ts';
import { type Ask, type FhirReaders, type Item, type Kind, type Page, pageOfAll } from './kind.ts';

/** Whoever sees record numbers in place of people can't find people by what is hidden. */
function requireHarmless(actor: Person, { wishes }: Query): void {
  if (!seesIdentity(actor) && (wishes.has('name') || wishes.has('birthdate')))
    throw new Failure('FORBIDDEN', { detail: 'Your role sees pseudonyms; it can’t search by name or birth date.' });
}

/** The day of birth that is meant. Fails with VALIDATION_FAILED for more than a day. */
function birthDateOf(query: Query): string | undefined {
  const { from, to } = daysOf(query, 'birthdate');
  if (from !== to)
    throw new Failure('VALIDATION_FAILED', { errors: [{ path: 'birthdate', message: 'One whole day, without a prefix.' }] });
  return from ?? undefined;
}

/** By record number or external id, as the system says; both where it says nothing, where the external id may be known. */
function numbersOf({ actor, query, writing }: Ask): Record<'recordNumbers' | 'externalIds', string[] | null> {
  const [tokens, more] = tokensOf(query, 'identifier');
  if (tokens === undefined) return { recordNumbers: null, externalIds: null };
  if (more !== undefined) throw new Failure('VALIDATION_FAILED', { errors: [{ path: 'identifier', message: 'Once.' }] });
  const system = recordNumbersOf(writing);
  const codesOf = (fits: (system: string | undefined) => boolean): string[] =>
    tokens.filter((token) => fits(token.system)).map(({ code }) => code);
  return {
    recordNumbers: codesOf((of) => of === undefined || of === system),
    externalIds: seesIdentity(actor) ? codesOf((of) => of === undefined || of === '') : [],
  };
}

const itemOf = (patient: Patient, { actor, writing }: Ask): Item => ({
  resource: patientResource(patient, seesIdentity(actor), writing),
  patientId: patient.id,
  groupId: patient.groupId,
});

/** Those of some patients whose names have the words of a name, for each time that one was asked for. */
async function withNames(tx: ReadTx, query: Query, rows: readonly PatientRow[]): Promise<PatientRow[]> {
  let kept = [...rows];
  for (const names of textsOf(query, 'name')) {
    const ids = new Set(
      await namedAmong(
        tx,
        kept.map(({ id }) => id),
        names,
      ),
    );
    kept = kept.filter(({ id }) => ids.has(id));
  }
  return kept;
}

/** Few patients, by ids or numbers. */
async function byNumbers({ db }: FhirReaders, ask: Ask, ids: string[] | null): Promise<Page> {
  const { actor, query } = ask;
  const scope = scopeOf(actor);
  const rows = await db.reading(scope, async (tx) =>
    withNames(tx, query, await findPatients(tx, scope, { ids, ...numbersOf(ask) })),
  );
  const birthDate = birthDateOf(query);
  const found = rows.map((row) => patientOf(row, actor)).filter((one) => birthDate === undefined || one.birthDate === birthDate);
  return pageOfAll(
    query,
    found,
    ({ id }) => id,
    (some) => some.map((one) => itemOf(one, ask)),
  );
}

async function find(readers: FhirReaders, ask: Ask): Promise<Page> {
  const { actor, query } = ask;
  requireHarmless(actor, query);
  const ids = rowIdsOf(query);
  if (ids !== null || query.wishes.has('identifier')) return byNumbers(readers, ask, ids);
  const scope = scopeOf(actor);
  const names = textsOf(query, 'name');
  if (names.some(({ length }) => length > 1))
    throw new Failure('VALIDATION_FAILED', { errors: [{ path: 'name', message: 'One name at a time.' }] });
  // Who only counts is told of one row how many there are, but of names these are looked at.
  const forCounting = names.length === 0 ? 1 : MOST_COUNT;
  const request = {
    ...{
      kind: 'patients' as const,
      sort: '-createdAt',
      limit: query.count === 0 ? forCounting : query.count,
      cursor: query.cursor,
    },
    ...{ q: names.length === 0 ? undefined : names.flat().join(' ').slice(0, 200), filters: { birthDate: birthDateOf(query) } },
    pseudonyms: !seesIdentity(actor),
  };
  const rows = await askPatients(readers.db, request, scope);
  const page = listPageOf(request, rows, (row: PatientRow) => row);
  // The list searches record numbers, too: a page may have fewer than were asked for, and how many there are is known of a whole one alone.
  const named = names.length === 0 ? page.items : await readers.db.reading(scope, (tx) => withNames(tx, query, page.items));
  const isWhole = query.cursor === undefined && page.nextCursor === null;
  const total = names.length === 0 ? page.total : isWhole ? named.length : null;
  return {
    items: named.slice(0, query.count).map((row) => itemOf(patientOf(row, actor), ask)),
    next: query.count === 0 ? null : page.nextCursor,
    total: page.totalIsExact ? total : null,
  };
}

export const PATIENTS: Kind = {
  type: 'Patient',
  parameters: {
    _id: { kind: 'token', means: 'The id of the record.' },
    identifier: { kind: 'token', means: 'The record number, or the external identifier, which has no system.' },
    name: { kind: 'string', means: 'Words of the name, in any order, without accents and case; not for who sees pseudonyms.' },
    birthdate: { kind: 'date', means: 'One whole day; not for who sees pseudonyms.' },
  },
  find,
};
