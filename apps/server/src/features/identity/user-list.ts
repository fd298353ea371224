import { LONG_AGO_DAYS, type listUsers, type ManagedUser, type QueryOf } from '@negatoscope/contract';
import { furtherGroups, isMember } from '../../archive/records/members.ts';
import { Failure } from '../../kernel/failure.ts';
import { anInteger, aText, aUuid, decodeCursor, encodeCursor, type Page, TOTAL_CAP } from '../../kernel/list.ts';
import type { SqlValue, Tx } from '../../platform/db/database.ts';
import { composed } from '../../platform/db/statements.ts';
import type { IdentityContext } from './context.ts';
import { passkeyCounts } from './factor/factor-rows.ts';
import { MANAGED_COLUMNS, type Managing, toManaged } from './managed-users.ts';

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

type Query = QueryOf<typeof listUsers>;

const COMES_BY_PROVIDER = 'EXISTS (SELECT FROM user_identities i WHERE i.user_id = users.id)';
const HAS_PASSKEY = `EXISTS (SELECT FROM passkeys p WHERE p.user_id = users.id AND ${passkeyCounts('users', '$q', '$r')})`;
const WAYS_IN = {
  PASSWORD: 'password_hash IS NOT NULL',
  PASSKEY: HAS_PASSKEY,
  PROVIDER: COMES_BY_PROVIDER,
  NONE: `password_hash IS NULL AND NOT ${HAS_PASSKEY} AND NOT ${COMES_BY_PROVIDER}`,
} as const;
const DAY_MS = 86_400_000;

type Listing = Managing & Pick<IdentityContext, 'clock'>;

function filterOf({ clock, party, onlyPasswordOf }: Listing, { q, role, status, groupId, way, lastSeen }: Query) {
  const filter = createFilter();
  if (q !== undefined) filter.add(MATCHES, q);
  if (role !== undefined) filter.add('role = $q', role);
  if (status !== undefined) filter.add('status = $q', status);
  if (groupId === 'none') filter.add(`group_id IS NULL AND cardinality(${furtherGroups('users')}) = 0`);
  else if (groupId !== undefined) filter.add(isMember('users', '$q'), groupId);
  if (way === 'PASSKEY' || way === 'NONE') filter.add(WAYS_IN[way], party?.rpId ?? null, onlyPasswordOf ?? null);
  else if (way !== undefined) filter.add(WAYS_IN[way]);
  if (lastSeen === 'NEVER') filter.add('last_login_at IS NULL');
  if (lastSeen === 'LONG_AGO') filter.add('last_login_at < $q', new Date(clock.now().getTime() - LONG_AGO_DAYS * DAY_MS));
  return filter;
}

/** One page of users. Fails with BAD_CURSOR and, for an unknown sort, VALIDATION_FAILED. */
export async function readUserPage(context: Listing, tx: Tx, query: Query): Promise<Page<ManagedUser>> {
  const sort = sortOf(query.sort);
  const filter = filterOf(context, query);
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
  const text = `SELECT ${MANAGED_COLUMNS}, ${sort.key} AS sort_key FROM users ${filter.where()}
     ORDER BY ${sort.key} ${direction}, id ${direction} LIMIT ${query.limit + 1}`;
  const rows =
    sort.type === 'text'
      ? await tx.rows(composed({ text, values: filter.values }, `SELECT ${MANAGED_COLUMNS}, email_key AS sort_key FROM users`))
      : await tx.rows(composed({ text, values: filter.values }, `SELECT ${MANAGED_COLUMNS}, 0::bigint AS sort_key FROM users`));
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: await toManaged(context, tx, page),
    nextCursor: rows.length > query.limit && last !== undefined ? encodeCursor([last.sort_key, last.id]) : null,
    total: Math.min(total, TOTAL_CAP),
    totalIsExact: total <= TOTAL_CAP,
  };
}
