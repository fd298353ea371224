import type { Patient } from '@negatoscope/contract';
import { type Person, scopeOf, seesIdentity } from '../../../access/index.ts';
import { type PatientRow, patientOf } from '../../../archive/records/patient-rows.ts';
import { findPatients, patientList } from '../../../archive/records/patients.ts';
import { pageOf as listPageOf } from '../../../archive/search/index-list.ts';
import { Failure } from '../../../kernel/failure.ts';
import { patientResource, recordNumbersOf } from '../resources/patient.ts';
import { daysOf } from '../search/dates.ts';
import type { Query } from '../search/query.ts';
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

/** What ignores accents and case. */
const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** Few patients, by ids or numbers. */
async function byNumbers({ db }: FhirReaders, ask: Ask, ids: string[] | null): Promise<Page> {
  const { actor, query } = ask;
  const scope = scopeOf(actor);
  const rows = await db.reading(scope, (tx) => findPatients(tx, scope, { ids, ...numbersOf(ask) }));
  const birthDate = birthDateOf(query);
  const names = textsOf(query, 'name');
  const found = rows
    .map((row) => patientOf(row, seesIdentity(actor)))
    .filter((one) => birthDate === undefined || one.birthDate === birthDate)
    .filter(({ lastName, firstName }) =>
      names.every((any) => any.some((name) => plain(`${lastName} ${firstName}`).includes(plain(name)))),
    );
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
  const request = {
    ...{ kind: 'patients' as const, sort: '-createdAt', limit: Math.max(1, query.count), cursor: query.cursor },
    ...{ q: names.length === 0 ? undefined : names.flat().join(' ').slice(0, 200), filters: { birthDate: birthDateOf(query) } },
    pseudonyms: !seesIdentity(actor),
  };
  const [rows = []] = await readers.db.asking(scope, [patientList(request, scope)]);
  const page = listPageOf(request, rows, (row: PatientRow) => patientOf(row, seesIdentity(actor)));
  return {
    items: page.items.slice(0, query.count).map((one) => itemOf(one, ask)),
    next: query.count === 0 ? null : page.nextCursor,
    total: page.totalIsExact ? page.total : null,
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
