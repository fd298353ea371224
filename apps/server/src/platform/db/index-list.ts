import { Failure } from '../../kernel/failure.ts';
import { decodeCursor, encodeCursor, TOTAL_CAP } from '../../kernel/list.ts';
import type { RowScope, SqlValue, Tx } from './database.ts';

/** Lists that match text or a modality stop counting earlier: counting is most of what they cost. */
export const SEARCH_TOTAL_CAP = 2_000;

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

export interface IndexPage {
  readonly ids: readonly string[];
  readonly nextCursor: string | null;
  readonly total: number;
  readonly totalIsExact: boolean;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DATE_SORTS = new Set(['birthDate', 'lastStudyAt', 'studyDate']);
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
  if (INSTANT_SORTS.has(sort))
    return INSTANT.test(key) && isCalendarDate(key.slice(0, 10)) && !Number.isNaN(Date.parse(key.slice(0, 19)));
  return true;
}

/** Where the page before ended. A cursor of another order, or one that was tampered with, is BAD_CURSOR. */
function positionOf(request: IndexListRequest, sort: string): { afterKey: string; afterId: string } | undefined {
  if (request.cursor === undefined) return undefined;
  const [order, key, id] = decodeCursor(request.cursor, 3);
  if (order !== request.sort || typeof key !== 'string' || typeof id !== 'string') throw new Failure('BAD_CURSOR');
  // Pseudonyms are in the order of record numbers where others have that of birth dates.
  const isKey = (request.pseudonyms && sort === 'birthDate') || isSortKey(sort, key);
  if (!UUID.test(id) || storableText(key) !== key || !isKey) throw new Failure('BAD_CURSOR');
  return { afterKey: key, afterId: id };
}

/**
 * Ids of one page of patients or studies that the transaction's actor may see, in order. Text and modality are matched by a function
 * of the owner that applies the scope itself, because their operators lose their indexes under row-level security; everything else
 * runs under the policies.
 */
export async function listIds(tx: Tx, request: IndexListRequest): Promise<IndexPage> {
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
  const matches = q !== '' || 'modality' in wanted;
  const row = await tx.first<{ ids: string[]; keys: string[]; total: number }>(
    `SELECT ids, keys, total FROM ${matches ? 'ng_search' : 'ng_list'}($1, $2::jsonb)`,
    [request.kind, JSON.stringify(f)],
    matches ? 'index-search' : 'index-list',
  );
  const { ids, keys, total } = row ?? { ids: [], keys: [], total: 0 };
  const cap = matches ? SEARCH_TOTAL_CAP : TOTAL_CAP;
  const last = request.limit - 1;
  const more = ids.length > request.limit;
  return {
    ids: ids.slice(0, request.limit),
    nextCursor: more ? encodeCursor([request.sort, keys[last] ?? '', ids[last] ?? '']) : null,
    total: Math.min(total, cap),
    totalIsExact: total <= cap,
  };
}

/** The scope as a condition on a table's group_id; its values are the three parameters from `first` on. */
export const inScope = (alias: string, first: number): string =>
  `($${first}::boolean OR ${alias}.group_id = $${first + 1}::uuid OR (${alias}.group_id IS NULL AND $${first + 2}::boolean))`;
export const scopeValues = (scope: RowScope): SqlValue[] => [scope.all, scope.groupId, scope.ungrouped];
