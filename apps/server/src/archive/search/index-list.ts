import type { Scope } from '../../access/scope.ts';
import { Failure } from '../../kernel/failure.ts';
import { anInteger, aText, aUuid, decodeCursor, encodeCursor, type Page } from '../../kernel/list.ts';
import { scopeValues } from '../in-scope.ts';

/** Patients and studies are counted so far (ng_list in migration 0060): counting is most of what a list costs. */
export const INDEX_TOTAL_CAP = 1_000;

export interface IndexListRequest {
  readonly kind: 'patients' | 'studies';
  /** A name of the contract's sort schema; `-` in front turns it round. */
  readonly sort: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly q?: string | undefined;
  /** Equality filters (and `from`, `to`) by the names that the SQL function ng_filters knows. */
  readonly filters: Readonly<Record<string, string | undefined>>;
  /** Search and order by record numbers only. */
  readonly pseudonyms: boolean;
}

/**
 * The statement of a list whose rows stand for the ids that `finder` gives: `join` is one join from `wanted.id` (`patients p ON p.id = wanted.id`); the
 * parameters of inScope() in `where` begin at $3.
 */
export const listedBy = <
  const F extends 'ng_list' | 'ng_search',
  const C extends string,
  const J extends string,
  const W extends string,
>(
  finder: F,
  { columns, join, where }: { readonly columns: C; readonly join: J; readonly where: W },
) =>
  `SELECT l.total AS list_total, cardinality(l.ids) AS list_ids, l.ids[$7] AS last_id, l.keys[$7] AS last_key, r.*
      FROM ${finder}($1, $2::jsonb) l LEFT JOIN LATERAL (SELECT wanted.place, ${columns}
        FROM unnest(l.ids[1:$7]) WITH ORDINALITY AS wanted (id, place) JOIN ${join} WHERE ${where}) r ON true ORDER BY r.place` as const;

/** A row as a list has it: all NULL for an empty page, beside what the list says of itself. */
export type Listed<R> = { readonly [K in keyof R]: R[K] | null } & {
  readonly place: number | null;
  readonly list_total: number | null;
  readonly list_ids: number | null;
  readonly last_id: string | null;
  readonly last_key: string | null;
};

/** Which filters are set: what the journal keeps of a search, for their values may be somebody's name. */
export const filterNames = (filters: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(filters).flatMap(([name, value]) => (value === undefined || value === '' ? [] : [name]));

const DATE_SORTS = new Set(['birthDate', 'lastStudyAt']);
/** Of a study: PostgreSQL writes the wall-clock date and time without a zone. */
const MOMENT = /^(\d{4}-\d{2}-\d{2}) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?$/;
const INSTANT_SORTS = new Set(['createdAt', 'receivedAt']);
const INSTANT = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?[+-]\d{2}(:\d{2})?$/;
/** NUL and lone surrogates are text that PostgreSQL can't hold. */
const LONE_SURROGATES = /[\uD800-\uDFFF]/gu;

/** Text that a person typed as PostgreSQL can take it. */
export const storableText = (text: string): string => text.replaceAll(LONE_SURROGATES, ' ').replaceAll('\0', ' ');

/** Whether `YYYY-MM-DD` is a day of the calendar. */
export function isCalendarDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) && text >= '0001'
  );
}

function isSortKey(sort: string, key: string): boolean {
  if (DATE_SORTS.has(sort)) return key === 'infinity' || key === '-infinity' || isCalendarDate(key);
  if (sort === 'studyDate') return key === '-infinity' || isCalendarDate(MOMENT.exec(key)?.[1] ?? '');
  if (INSTANT_SORTS.has(sort))
    return INSTANT.test(key) && isCalendarDate(key.slice(0, 10)) && !Number.isNaN(Date.parse(key.slice(0, 19)));
  return true;
}

/** Where the page before ended, and whether there are more than are counted. A cursor of another order, or one that was tampered with, is BAD_CURSOR. */
function positionOf(request: IndexListRequest, sort: string): { afterKey: string; afterId: string; many: boolean } | undefined {
  if (request.cursor === undefined) return undefined;
  const [order, key, id, many] = decodeCursor(request.cursor, aText, aText, aUuid, anInteger);
  // Pseudonyms are in the order of record numbers where others have that of birth dates.
  const isKey = (request.pseudonyms && sort === 'birthDate') || isSortKey(sort, key);
  if (order !== request.sort || many < 0 || many > 1 || !isKey) throw new Failure('BAD_CURSOR');
  return { afterKey: key, afterId: id, many: many === 1 };
}

/** Values of `listedBy()`: whose list, filters and position, the scope, and how many rows. */
type ListValues = [kind: string, filters: string, ...ReturnType<typeof scopeValues>, limit: number];

/**
 * Of one page of patients or studies that the transaction's actor may see, in order. Text and modality are matched by a function of the owner
 * (`ng_search`) that applies the scope itself, because their operators lose their indexes under row-level security; everything else runs under the
 * policies, the rows in any case.
 */
export function listOf(request: IndexListRequest, scope: Scope): { finder: 'ng_list' | 'ng_search'; values: ListValues } {
  const sort = request.sort.replace(/^-/, '');
  const q = request.q === undefined ? '' : storableText(request.q).trim();
  const wanted = Object.fromEntries(
    Object.entries(request.filters).flatMap(([name, value]) => (value === undefined ? [] : [[name, storableText(value)]])),
  );
  const f = {
    ...wanted,
    ...(q === '' ? {} : { q }),
    ...positionOf(request, sort),
    sort,
    descending: request.sort.startsWith('-'),
    limit: request.limit + 1,
    pseudonyms: request.pseudonyms,
  };
  return {
    finder: q !== '' || 'modality' in wanted ? 'ng_search' : 'ng_list',
    values: [request.kind, JSON.stringify(f), ...scopeValues(scope), request.limit],
  };
}

/** The page that the rows of a list's statement make; one that went meanwhile is left out. */
export function pageOf<R, T>(request: IndexListRequest, rows: readonly Listed<R>[], itemOf: (row: R) => T): Page<T> {
  const [first] = rows;
  const total = first?.list_total ?? 0;
  const isExact = total <= INDEX_TOTAL_CAP;
  const isCut = (first?.list_ids ?? 0) > request.limit;
  return {
    // A row with a place is one of the inner SELECT, whose columns are as the table has them.
    items: rows.filter((row) => row.place !== null).map((row) => itemOf(row as R)),
    nextCursor: isCut ? encodeCursor([request.sort, first?.last_key ?? '', first?.last_id ?? '', isExact ? 0 : 1]) : null,
    total: Math.min(total, INDEX_TOTAL_CAP),
    totalIsExact: isExact,
  };
}
