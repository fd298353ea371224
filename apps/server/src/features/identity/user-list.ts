import type { listUsers, QueryOf, User } from '@negatoscope/contract';
import { Failure } from '../../kernel/failure.ts';
import { anInteger, aText, aUuid, decodeCursor, encodeCursor, type Page, TOTAL_CAP } from '../../kernel/list.ts';
import type { SqlValue, Tx } from '../../platform/db/database.ts';
import { composed } from '../../platform/db/statements.ts';
import { toUser, USER_COLUMNS } from './user-rows.ts';

const microseconds = (column: string): string => `coalesce((extract(epoch FROM ${column}) * 1000000)::bigint, 0)`;

/** Sort fields and their keys: never null, so that a position in the list is a plain comparison. */
const SORTS = {
  name: { key: "ng_normalize(last_name || ' ' || first_name)", type: 'text' },
  email: { key: 'email_key', type: 'text' },
  createdAt: { key: microseconds('created_at'), type: 'bigint' },
  lastLoginAt: { key: microseconds('last_login_at'), type: 'bigint' },
} as const;

function sortOf(text: string | undefined): { key: string; type: 'text' | 'bigint'; descending: boolean } {
  const descending = text?.startsWith('-') ?? false;
  const field = text?.slice(descending ? 1 : 0) ?? 'name';
  const found = Object.entries(SORTS).find(([name]) => name === field)?.[1];
  if (found === undefined) {
    throw new Failure('VALIDATION_FAILED', { errors: [{ path: 'sort', message: `One of ${Object.keys(SORTS).join(', ')}.` }] });
  }
  return { ...found, descending };
}

/** Every word of `q` somewhere in name or address, without accents and case. */
const MATCHES = `ng_normalize(first_name || ' ' || last_name || ' ' || email)
  LIKE ALL (SELECT '%' || word || '%' FROM unnest(string_to_array(ng_normalize($q), ' ')) AS word)`;

/** Collects conditions and their values; `$q` in a condition becomes the value's own parameter. */
function createFilter() {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  return {
    values,
    add: (condition: string, ...added: SqlValue[]) => {
      const first = values.push(...added) - added.length;
      conditions.push(condition.replaceAll('$q', `$${first + 1}`).replaceAll('$r', `$${first + 2}`));
    },
    where: () => (conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`),
  };
}

/** One page of users. Fails with BAD_CURSOR and, for an unknown sort, VALIDATION_FAILED. */
export async function readUserPage(tx: Tx, query: QueryOf<typeof listUsers>): Promise<Page<User>> {
  const sort = sortOf(query.sort);
  const filter = createFilter();
  if (query.q !== undefined) filter.add(MATCHES, query.q);
  if (query.role !== undefined) filter.add('role = $q', query.role);
  if (query.status !== undefined) filter.add('status = $q', query.status);
  if (query.groupId !== undefined) filter.add('group_id = $q', query.groupId);
  const count = `SELECT count(*)::int AS total FROM (SELECT 1 FROM users ${filter.where()} LIMIT ${TOTAL_CAP + 1}) AS found`;
  const counted = await tx.first(
    composed({ text: count, values: [...filter.values] }, 'SELECT count(*)::int AS total FROM users'),
  );
  const total = counted?.total ?? 0;
  if (query.cursor !== undefined) {
    const [key, id] =
      sort.type === 'text' ? decodeCursor(query.cursor, aText, aUuid) : decodeCursor(query.cursor, anInteger, aUuid);
    filter.add(`(${sort.key}, id) ${sort.descending ? '<' : '>'} ($q::${sort.type}, $r::uuid)`, key, id);
  }
  const direction = sort.descending ? 'DESC' : 'ASC';
  const text = `SELECT ${USER_COLUMNS}, ${sort.key} AS sort_key FROM users ${filter.where()}
     ORDER BY ${sort.key} ${direction}, id ${direction} LIMIT ${query.limit + 1}`;
  const rows =
    sort.type === 'text'
      ? await tx.rows(composed({ text, values: filter.values }, `SELECT ${USER_COLUMNS}, email_key AS sort_key FROM users`))
      : await tx.rows(composed({ text, values: filter.values }, `SELECT ${USER_COLUMNS}, 0::bigint AS sort_key FROM users`));
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map(toUser),
    nextCursor: rows.length > query.limit && last !== undefined ? encodeCursor([last.sort_key, last.id]) : null,
    total: Math.min(total, TOTAL_CAP),
    totalIsExact: total <= TOTAL_CAP,
  };
}
