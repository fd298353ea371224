import type { Person } from '../../../access/index.ts';
import type { ArchiveReader } from '../../../archive/doors.ts';
import { aText, aUuid, decodeCursor, encodeCursor, type Slice, type Sliced, TOTAL_CAP } from '../../../kernel/list.ts';
import type { AuditReader, ConsultationReader, PredictionReader, ReportReader } from '../ports.ts';
import type { Resource, ResourceType, Writing } from '../resources/values.ts';
import type { Parameters, Query } from '../search/query.ts';

export interface FhirReaders {
  readonly db: ArchiveReader;
  readonly consultations: ConsultationReader;
  readonly predictions: PredictionReader;
  readonly reports: ReportReader;
  readonly journal: AuditReader;
}

export interface Ask {
  readonly actor: Person;
  readonly query: Query;
  readonly writing: Writing;
}

/** A resource, and of whom it is: for the journal. */
export interface Item {
  readonly resource: Resource;
  readonly patientId: string | null;
  readonly groupId: string | null;
}

export interface Page {
  readonly items: readonly Item[];
  /** Where the next page begins; null where there is none. */
  readonly next: string | null;
  /** How many there are; null where they are not counted to the end. */
  readonly total: number | null;
}

/** One type of resources: how it is searched, also for one by its id. Rights beyond the permission of its route are its own. */
export interface Kind {
  readonly type: ResourceType;
  readonly parameters: Parameters;
  readonly profiles?: readonly string[];
  find(readers: FhirReaders, ask: Ask): Promise<Page>;
}

export const NOTHING: Page = { items: [], next: null, total: 0 };

/** The slice of rows that a page is made of, one row more than it holds. Fails with BAD_CURSOR. */
export const sliceOf = ({ count, cursor, isCounted }: Query): Slice => ({
  from: cursor === undefined ? null : decodeCursor<[string]>(cursor, aUuid)[0],
  limit: count + 1,
  isCounted,
});

/** One page of few that were all read, the newest first; where it begins is an id, so that it holds while others come or go. Fails with BAD_CURSOR. */
export async function pageOfAll<T>(
  { count, cursor }: Query,
  rows: readonly T[],
  idOf: (row: T) => string,
  itemsOf: (rows: readonly T[]) => Promise<readonly Item[]> | readonly Item[],
): Promise<Page> {
  const from = cursor === undefined ? undefined : decodeCursor<[string]>(cursor, aText)[0];
  const sorted = rows.toSorted((a, b) => (idOf(a) < idOf(b) ? 1 : -1));
  const rest = from === undefined ? sorted : sorted.filter((row) => idOf(row) <= from);
  const page = await pageOf({ count }, { items: rest, total: rows.length }, idOf, itemsOf);
  return { ...page, total: rows.length };
}

/** The page that a slice makes. */
export async function pageOf<T>(
  { count }: Pick<Query, 'count'>,
  { items, total }: Sliced<T>,
  idOf: (row: T) => string,
  itemsOf: (rows: readonly T[]) => Promise<readonly Item[]> | readonly Item[],
): Promise<Page> {
  const following = count === 0 ? undefined : items[count];
  return {
    items: await itemsOf(items.slice(0, count)),
    next: following === undefined ? null : encodeCursor([idOf(following)]),
    total: total === null || total > TOTAL_CAP ? null : total,
  };
}
