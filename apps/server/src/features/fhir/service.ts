import { FHIR_ROOT, needsIdentity, type Operation } from '@negatoscope/contract';
import type { FastifyRequest } from 'fastify';
import { languageOf, reachedAt } from '../../access/asked.ts';
import { can, type Person, seesIdentity } from '../../access/index.ts';
import { notFound } from '../../kernel/failure.ts';
import type { Audit } from '../audit/index.ts';
import { READS } from './operations.ts';
import { searchset, warning } from './resources/bundle.ts';
import type { Resource, ResourceType, Writing } from './resources/values.ts';
import { CURSOR, MOST_COUNT, type Query, queryOf } from './search/query.ts';
import { AUDIT_EVENTS } from './types/audit-events.ts';
import { DEVICES } from './types/devices.ts';
import { ENCOUNTERS, SERVICE_REQUESTS } from './types/encounters.ts';
import { KINDS } from './types/index.ts';
import type { Ask, FhirReaders, Item, Kind, Page } from './types/kind.ts';
import { OBSERVATIONS } from './types/observations.ts';
import { PATIENTS } from './types/patients.ts';
import { RISK_ASSESSMENTS } from './types/predictions.ts';
import { DIAGNOSTIC_REPORTS } from './types/reports.ts';
import { IMAGING_STUDIES } from './types/studies.ts';

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
    shown: [...patients].flatMap((id) => (id == null ? [] : [id])),
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

/** Of each parameter the values, of which one must fit. */
type Wishes = Readonly<Record<string, readonly string[]>>;

const named = (wishes: Wishes, count = MOST_COUNT, cursor?: string): Query => ({
  wishes: new Map(Object.entries(wishes).map(([name, values]) => [name, [values]])),
  ...{ count, cursor, isCounted: false, applied: [], ignored: [] },
});

/** One by its id; its use is audited. Fails with NOT_FOUND, also for what is not shown. */
export async function read(deps: FhirDeps, kind: Kind, id: string, { actor, request }: Asking): Promise<Resource> {
  const { items } = await kind.find(deps, { actor, query: named({ _id: [id] }), writing: writingOf(deps, request) });
  // A row's id is found by its capitals, too.
  const item = items.find(({ resource }) => resource.id?.toLowerCase() === id.toLowerCase());
  if (item === undefined) throw notFound();
  await deps.audit.note({
    ...{ action: 'fhir.read', actor, entityType: kind.type, entityId: item.resource.id ?? id },
    ...{ patientId: item.patientId, groupId: item.groupId },
  });
  return item.resource;
}

/** Whether somebody may be told of a type where types are gathered: by what its own route asks for. */
function maySee(actor: Person, { type }: Kind): boolean {
  const operation: Operation = READS[type];
  return can(actor, READS[type].permission) && (!needsIdentity(operation, undefined) || seesIdentity(actor));
}

/** Of one type in one Bundle of everything. */
const MOST_OF_A_TYPE = 5_000;
const GATHERED_AT_ONCE = 1_000;

interface Gathered {
  readonly items: Item[];
  /** Of which types there is more. */
  readonly cut: Set<ResourceType>;
}

type Gathering = Pick<Ask, 'actor' | 'writing'>;

/** All of a type that parameters find, as far as the actor may be told of the type. */
async function gather(deps: FhirDeps, kind: Kind, { actor, writing }: Gathering, wishes: Wishes): Promise<Gathered> {
  const items: Item[] = [];
  if (!maySee(actor, kind)) return { items, cut: new Set() };
  let next: string | null | undefined;
  do {
    const page: Page = await kind.find(deps, { actor, writing, query: named(wishes, GATHERED_AT_ONCE, next ?? undefined) });
    items.push(...page.items);
    next = page.next;
  } while (next !== null && items.length < MOST_OF_A_TYPE);
  return { items, cut: new Set(next === null ? [] : [kind.type]) };
}

const referenceOf = (value: unknown): string => (value as { reference?: string } | undefined)?.reference ?? '';

/** The models that something gathered was made by. */
async function devicesOf(deps: FhirDeps, asking: Gathering, items: readonly Item[]): Promise<Item[]> {
  const ids = new Set(
    items.flatMap(({ resource: { performer } }) => {
      const reference = referenceOf(performer);
      return reference.startsWith('Device/') ? [reference.slice('Device/'.length)] : [];
    }),
  );
  const found: Item[] = [];
  for (const id of ids) found.push(...(await gather(deps, DEVICES, asking, { _id: [id] })).items);
  return found;
}

function add(to: Gathered, { items, cut }: Gathered): void {
  to.items.push(...items);
  for (const type of cut) to.cut.add(type);
}

/** The Bundle of everything of something in scope, with the models that had a part in it; its use is audited. */
async function bundleOf(deps: FhirDeps, asking: Gathering, of: Item, { items, cut }: Gathered): Promise<Resource> {
  const resources = [...items, ...(await devicesOf(deps, asking, items))].map(({ resource }) => resource);
  const { actor, writing } = asking;
  const { resourceType: entityType, id = '' } = of.resource;
  await deps.audit.note({
    ...{ action: 'fhir.everything', actor, entityType, entityId: id, patientId: of.patientId, groupId: of.groupId },
    details: { results: resources.length },
  });
  const outcome = warning(
    'incomplete',
    [...cut].map((type) => `There is more of ${type}: search it.`),
  );
  const self = addressOf(writing, `${entityType}/${id}/$everything`, []);
  return searchset({ resources, total: resources.length, self, next: null, outcome }, writing);
}

/** Patient/$everything: all types that the actor may see, of a patient in scope. Fails with NOT_FOUND. */
export async function everythingOfPatient(deps: FhirDeps, id: string, { actor, request }: Asking): Promise<Resource> {
  const asking = { actor, writing: writingOf(deps, request) };
  const [patient] = (await gather(deps, PATIENTS, asking, { _id: [id] })).items;
  if (patient === undefined) throw notFound();
  const gathered: Gathered = { items: [patient], cut: new Set() };
  for (const kind of KINDS)
    if (kind !== PATIENTS && kind !== DEVICES && kind !== AUDIT_EVENTS)
      add(gathered, await gather(deps, kind, asking, { patient: [id] }));
  return bundleOf(deps, asking, patient, gathered);
}

/** Encounter/$everything: a consultation with its patient, what was ordered and attached, and what models and physicians said of these films. Fails with NOT_FOUND. */
export async function everythingOfEncounter(deps: FhirDeps, id: string, { actor, request }: Asking): Promise<Resource> {
  const asking = { actor, writing: writingOf(deps, request) };
  const [encounter] = (await gather(deps, ENCOUNTERS, asking, { _id: [id] })).items;
  if (encounter === undefined) throw notFound();
  const patient = [encounter.patientId ?? ''];
  const { items: patients } = await gather(deps, PATIENTS, asking, { _id: patient });
  const gathered: Gathered = { items: [...patients, encounter], cut: new Set() };
  for (const kind of [SERVICE_REQUESTS, IMAGING_STUDIES]) add(gathered, await gather(deps, kind, asking, { encounter: [id] }));
  const own = new Set(gathered.items.map(({ resource }) => `${resource.resourceType}/${resource.id}`));
  add(gathered, await gather(deps, OBSERVATIONS, asking, { encounter: [id], category: ['vital-signs', 'survey'] }));
  // A film of this consultation may have been asked about elsewhere, so that models' answers are looked for among all of the patient.
  const isOfIt = ({ resource: { encounter: of, basis, imagingStudy, derivedFrom } }: Item): boolean =>
    referenceOf(of) === `Encounter/${id}` || [basis, imagingStudy, derivedFrom].flat().some((one) => own.has(referenceOf(one)));
  for (const [kind, wishes] of [
    [OBSERVATIONS, { patient, category: ['imaging'] }],
    [RISK_ASSESSMENTS, { patient }],
    [DIAGNOSTIC_REPORTS, { patient }],
  ] as const) {
    const { items, cut } = await gather(deps, kind, asking, wishes);
    add(gathered, { items: items.filter(isOfIt), cut });
  }
  return bundleOf(deps, asking, encounter, gathered);
}
