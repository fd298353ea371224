import { FHIR_ROOT, type Permission } from '@negatoscope/contract';
import type { FastifyRequest } from 'fastify';
import { languageOf, reachedAt } from '../../access/asked.ts';
import { can, type Person } from '../../access/index.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import type { Audit } from '../audit/index.ts';
import { searchset, warning } from './resources/bundle.ts';
import type { Resource, ResourceType, Writing } from './resources/values.ts';
import { CURSOR, MOST_COUNT, type Query, queryOf } from './search/query.ts';
import { seesConsultations } from './types/belonging.ts';
import { KINDS } from './types/index.ts';
import type { FhirReaders, Item, Kind, Page } from './types/kind.ts';

export interface FhirDeps extends FhirReaders {
  readonly audit: Audit;
  readonly publicUrl: string;
}

export interface Asking {
  readonly actor: Person;
  readonly request: FastifyRequest;
}

export const writingOf = ({ publicUrl }: Pick<FhirDeps, 'publicUrl'>, request: FastifyRequest): Writing => ({
  language: languageOf(request),
  publicUrl,
  reached: reachedAt(publicUrl, request),
});

const addressOf = ({ reached }: Writing, type: string, parameters: readonly (readonly [string, string])[]): string => {
  const text = new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])).toString();
  return `${reached}${FHIR_ROOT}/${type}${text === '' ? '' : `?${text}`}`;
};

/** A search as its wishes say; what it asks for is named in the journal, and never by which value. */
export async function search(deps: FhirDeps, kind: Kind, { actor, request }: Asking): Promise<Resource> {
  const writing = writingOf(deps, request);
  const query = queryOf(request, kind.parameters);
  const page = await kind.find(deps, { actor, query, writing });
  const patients = new Set(page.items.map(({ patientId }) => patientId));
  await deps.audit.noteLightly({
    action: 'fhir.search',
    actor,
    entityType: kind.type,
    patientId: patients.size === 1 ? (page.items[0]?.patientId ?? null) : null,
    details: { filters: [...query.wishes.keys()].sort(), results: page.items.length },
  });
  return searchset(
    {
      resources: page.items.map(({ resource }) => resource),
      total: page.total,
      self: addressOf(writing, kind.type, query.applied),
      next: page.next === null ? null : addressOf(writing, kind.type, [...query.applied, [CURSOR, page.next]]),
      outcome: warning(
        'not-supported',
        query.ignored.map((name) => `${name} is not known here and was ignored.`),
      ),
    },
    writing,
  );
}

const named = (name: string, value: string, more: Partial<Query> = {}): Query => ({
  ...{
    wishes: new Map([[name, [[value]]]]),
    count: MOST_COUNT,
    cursor: undefined,
    isCounted: false,
    applied: [],
    ignored: [],
    ...more,
  },
});

/** One by its id; its use is audited. Fails with NOT_FOUND, also for what is not shown. */
export async function read(deps: FhirDeps, kind: Kind, id: string, { actor, request }: Asking): Promise<Resource> {
  const { items } = await kind.find(deps, { actor, query: named('_id', id), writing: writingOf(deps, request) });
  // A row's id is found by its capitals, too.
  const item = items.find(({ resource }) => resource.id?.toLowerCase() === id.toLowerCase());
  if (item === undefined) throw notFound();
  await deps.audit.note({
    ...{ action: 'fhir.read', actor, entityType: kind.type, entityId: item.resource.id ?? id },
    ...{ patientId: item.patientId, groupId: item.groupId },
  });
  return item.resource;
}

/** What is needed to be told of resources of a type, where they are gathered; their routes name it themselves. */
const MAY_SEE: Readonly<Record<ResourceType, Permission>> = {
  Patient: 'patients.read',
  Encounter: 'consultations.read',
  ServiceRequest: 'consultations.read',
  ImagingStudy: 'studies.read',
  Observation: 'patients.read',
  RiskAssessment: 'predictions.read',
  DiagnosticReport: 'predictions.read',
  Device: 'predictions.read',
};
const maySee = (actor: Person, { type }: Kind): boolean =>
  can(actor, MAY_SEE[type]) && (MAY_SEE[type] !== 'consultations.read' || seesConsultations(actor));

/** Of one type in one Bundle of everything. */
const MOST_OF_A_TYPE = 5_000;

async function all(find: (cursor: string | undefined) => Promise<Page>): Promise<{ items: Item[]; isCut: boolean }> {
  const items: Item[] = [];
  let next: string | null | undefined;
  do {
    const page = await find(next ?? undefined);
    items.push(...page.items);
    next = page.next;
  } while (next !== null && items.length < MOST_OF_A_TYPE);
  return { items, isCut: next !== null };
}

interface Gathering extends Asking {
  readonly writing: Writing;
}

/** All of a type that a parameter finds. */
const gather = (deps: FhirDeps, kind: Kind, { actor, writing }: Gathering, name: string, value: string) =>
  maySee(actor, kind)
    ? all((cursor) => kind.find(deps, { actor, writing, query: named(name, value, { cursor }) }))
    : { items: [], isCut: false };

const referenceOf = (value: unknown): string => (value as { reference?: string } | undefined)?.reference ?? '';

/** The models that something gathered was made by. */
async function devicesOf(deps: FhirDeps, asking: Gathering, items: readonly Item[]): Promise<Item[]> {
  const kind = kindOf('Device');
  const ids = new Set(
    items.flatMap(({ resource: { performer } }) => {
      const reference = referenceOf(performer);
      return reference.startsWith('Device/') ? [reference.slice('Device/'.length)] : [];
    }),
  );
  const found: Item[] = [];
  for (const id of ids) found.push(...(await gather(deps, kind, asking, '_id', id)).items);
  return found;
}

export function kindOf(type: ResourceType): Kind {
  const kind = KINDS.find((one) => one.type === type);
  if (kind === undefined) throw new Failure('INTERNAL', { detail: 'A type has no search.' });
  return kind;
}

interface Gathered {
  readonly items: Item[];
  readonly cut: ResourceType[];
}

function bundleOf({ items, cut }: Gathered, self: string, writing: Writing): Resource {
  const outcome = warning(
    'incomplete',
    cut.map((type) => `There is more of ${type}: search it.`),
  );
  return searchset({ resources: items.map(({ resource }) => resource), total: items.length, self, next: null, outcome }, writing);
}

/** Patient/$everything: all types that the actor may see, of a patient in scope. Fails with NOT_FOUND. */
export async function everythingOfPatient(deps: FhirDeps, id: string, { actor, request }: Asking): Promise<Resource> {
  const writing = writingOf(deps, request);
  const asking = { actor, request, writing };
  const gathered: Gathered = { items: [], cut: [] };
  const patient = (await gather(deps, kindOf('Patient'), asking, '_id', id)).items[0];
  if (patient === undefined) throw notFound();
  gathered.items.push(patient);
  for (const kind of KINDS) {
    if (kind.type === 'Patient' || kind.type === 'Device') continue;
    const { items, isCut } = await gather(deps, kind, asking, 'patient', id);
    gathered.items.push(...items);
    if (isCut) gathered.cut.push(kind.type);
  }
  gathered.items.push(...(await devicesOf(deps, asking, gathered.items)));
  await deps.audit.note({
    ...{ action: 'fhir.everything', actor, entityType: 'Patient', entityId: id, patientId: id, groupId: patient.groupId },
    details: { results: gathered.items.length },
  });
  return bundleOf(gathered, `${writing.reached}${FHIR_ROOT}/Patient/${id}/$everything`, writing);
}

/** Encounter/$everything: a consultation with its patient, what was ordered and attached, and what models and physicians said of these films. Fails with NOT_FOUND. */
export async function everythingOfEncounter(deps: FhirDeps, id: string, { actor, request }: Asking): Promise<Resource> {
  const writing = writingOf(deps, request);
  const asking = { actor, request, writing };
  const encounter = (await gather(deps, kindOf('Encounter'), asking, '_id', id)).items[0];
  if (encounter === undefined) throw notFound();
  const { patientId, groupId } = encounter;
  const { items: patient } = await gather(deps, kindOf('Patient'), asking, '_id', patientId ?? '');
  const gathered: Gathered = { items: [...patient, encounter], cut: [] };
  const add = async (type: ResourceType, by: string, value: string, isOne: (item: Item) => boolean): Promise<void> => {
    const { items, isCut } = await gather(deps, kindOf(type), asking, by, value);
    gathered.items.push(...items.filter(isOne));
    if (isCut) gathered.cut.push(type);
  };
  for (const type of ['ServiceRequest', 'ImagingStudy'] as const) await add(type, 'encounter', id, () => true);
  const own = new Set(gathered.items.map(({ resource }) => `${resource.resourceType}/${resource.id}`));
  // A film of this consultation may have been asked about elsewhere.
  const isOfIt = ({ resource: { encounter: of, basis, imagingStudy, derivedFrom } }: Item): boolean =>
    referenceOf(of) === `Encounter/${id}` || [basis, imagingStudy, derivedFrom].flat().some((one) => own.has(referenceOf(one)));
  for (const type of ['Observation', 'RiskAssessment', 'DiagnosticReport'] as const)
    await add(type, 'patient', patientId ?? '', isOfIt);
  gathered.items.push(...(await devicesOf(deps, asking, gathered.items)));
  await deps.audit.note({
    ...{ action: 'fhir.everything', actor, entityType: 'Encounter', entityId: id, patientId, groupId },
    details: { results: gathered.items.length },
  });
  return bundleOf(gathered, `${writing.reached}${FHIR_ROOT}/Encounter/${id}/$everything`, writing);
}
