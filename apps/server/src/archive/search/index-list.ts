import { Failure } from '../../kernel/failure.ts';
import { anInteger, aText, aUuid, decodeCursor, encodeCursor, type Page } from '../../kernel/list.ts';
import type { RowScope, SqlValue, Statement } from '../../platform/db/database.ts';

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

/** Which rows stand for the ids of a list: one join from `wanted.id`. */
export interface IndexRows {
  /** Names the prepared statement. */
  readonly name: string;
  readonly columns: string;
  /** E.g. `patients p ON p.id = wanted.id`. */
  readonly join: string;
  /** What must hold; the parameters of inScope() begin at $3. */
  readonly where: string;
}

/** A row with what the list says of itself beside; one without `place` stands for an empty page. */
export type Listed<R> = R & {
  readonly place: number | null;
  readonly list_total: number;
  readonly list_ids: number;
  readonly last_id: string | null;
  readonly last_key: string | null;
};

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

/**
 * The statement of one page of patients or studies that the transaction's actor may see, in order. Text and modality are matched by a
 * function of the owner that applies the scope itself, because their operators lose their indexes under row-level security; everything
 * else runs under the policies, the rows in any case.
 */
export function listStatement(request: IndexListRequest, rows: IndexRows, scope: RowScope): Statement {
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
  const finder = q !== '' || 'modality' in wanted ? 'ng_search' : 'ng_list';
  return {
    text: `SELECT l.total AS list_total, cardinality(l.ids) AS list_ids, l.ids[$6] AS last_id, l.keys[$6] AS last_key, r.*
      FROM ${finder}($1, $2::jsonb) l LEFT JOIN LATERAL (SELECT wanted.place, ${rows.columns}
        FROM unnest(l.ids[1:$6]) WITH ORDINALITY AS wanted (id, place) JOIN ${rows.join} WHERE ${rows.where}) r ON true ORDER BY r.place`,
    values: [request.kind, JSON.stringify(f), ...scopeValues(scope), request.limit],
    name: `${finder}-${rows.name}`,
  };
}

/** The page that the rows of a list's statement make; one that went meanwhile is left out. */
export function pageOf<R, T>(request: IndexListRequest, rows: readonly Listed<R>[], itemOf: (row: R) => T): Page<T> {
  const { list_total: total = 0, list_ids: found = 0, last_key: key = '', last_id: id = '' } = rows[0] ?? {};
  const isExact = total <= INDEX_TOTAL_CAP;
  return {
    items: rows.filter((row) => row.place !== null).map(itemOf),
    nextCursor: found > request.limit ? encodeCursor([request.sort, key, id, isExact ? 0 : 1]) : null,
    total: Math.min(total, INDEX_TOTAL_CAP),
    totalIsExact: isExact,
  };
}

/** The partitions that are an actor's own, nearest first: the one of what they imported without seeing identities, and their group. */
const ownGroups = ({ actorId, groupId }: RowScope): string[] => [actorId, groupId].filter((id) => id !== null);

/** The scope as a condition on a table's group_id; its values are the three parameters from `first` on. */
export const inScope = (alias: string, first: number): string =>
  `($${first}::boolean OR ${alias}.group_id = ANY ($${first + 1}::uuid[]) OR (${alias}.group_id IS NULL AND $${first + 2}::boolean))`;
export const scopeValues = (scope: RowScope): SqlValue[] => [scope.all, ownGroups(scope), scope.ungrouped];
