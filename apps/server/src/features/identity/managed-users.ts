import type { ManagedUser } from '@negatoscope/contract';
import { notFound } from '../../kernel/failure.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { RowOf } from '../../platform/db/statements.ts';
import type { IdentityContext } from './context.ts';
import { countPasskeys } from './factor/factor-rows.ts';
import { toUser, USER_COLUMNS } from './user-rows.ts';

/** What administrators see of a person, but for who they are at identity providers. */
export const MANAGED_COLUMNS = `${USER_COLUMNS}, password_hash IS NOT NULL AS has_password,
  EXISTS (SELECT FROM second_factors f WHERE f.user_id = users.id) AS has_application` as const;

/** What people's ways in depend on: a passkey that opens nothing is none. */
export type Managing = Pick<IdentityContext, 'providerNames' | 'party' | 'onlyPasswordOf'>;

type ManagedRow = RowOf<`SELECT ${typeof MANAGED_COLUMNS} FROM users WHERE id = $1`>;

/** Some write an issuer with a slash at its end in one place and without in another. */
export const withoutSlash = (issuer: string): string => issuer.replace(/\/$/, '');

const identitiesOf = (tx: Tx, ids: readonly string[]) =>
  tx.rows(
    'SELECT user_id, issuer, subject, linked_at FROM user_identities WHERE user_id = ANY($1::uuid[]) ORDER BY linked_at, issuer, subject',
    [ids],
  );

/** Rows as administrators see them, with the ways in. */
export async function toManaged(
  { providerNames, ...site }: Managing,
  tx: Tx,
  rows: readonly ManagedRow[],
): Promise<ManagedUser[]> {
  const ids = rows.map(({ id }) => id);
  const identities = await identitiesOf(tx, ids);
  const passkeys = await countPasskeys(site, tx, ids);
  return rows.map((row) => ({
    ...toUser(row),
    hasPassword: row.has_password === true,
    hasSecondFactor: row.has_application === true || passkeys.has(row.id),
    passkeys: passkeys.get(row.id) ?? 0,
    identities: identities
      .filter((identity) => identity.user_id === row.id)
      .map(({ issuer, subject, linked_at: linkedAt }) => ({
        ...{ issuer, subject, provider: providerNames.get(withoutSlash(issuer)) ?? null },
        linkedAt: linkedAt.toISOString(),
      })),
  }));
}

/** Fails with NOT_FOUND. */
export async function readManaged(context: Managing, tx: Tx, id: string): Promise<ManagedUser> {
  const rows = await tx.rows(`SELECT ${MANAGED_COLUMNS} FROM users WHERE id = $1`, [id]);
  const [user] = await toManaged(context, tx, rows);
  if (user === undefined) throw notFound();
  return user;
}
