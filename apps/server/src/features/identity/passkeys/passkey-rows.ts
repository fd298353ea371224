import type { Passkey } from '@negatoscope/contract';
import type { Tx } from '../../../platform/db/database.ts';
import type { RowOf } from '../../../platform/db/statements.ts';
import type { Party } from './party.ts';
import type { NewKey, Reason, ShownKey } from './verify.ts';

const COLUMNS = 'id, name, is_synced, created_at, last_used_at, rp_id';
type PasskeyRow = RowOf<`SELECT ${typeof COLUMNS} FROM passkeys WHERE user_id = $1 ORDER BY created_at, id`>;

export const toPasskey = (row: PasskeyRow, party: Party | undefined): Passkey => ({
  id: row.id,
  name: row.name,
  isSynced: row.is_synced,
  createdAt: row.created_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  elsewhere: party === undefined || row.rp_id === party.rpId ? null : row.rp_id,
});

export const listRows = (tx: Tx, userId: string) =>
  tx.rows(`SELECT ${COLUMNS} FROM passkeys WHERE user_id = $1 ORDER BY created_at, id`, [userId]);

/** Somebody's passkeys of this server's address as browsers name them. */
export async function credentialsOf(tx: Tx, userId: string, { rpId }: Party) {
  const rows = await tx.rows(
    'SELECT credential_id, transports FROM passkeys WHERE user_id = $1 AND (rp_id IS NULL OR rp_id = $2) ORDER BY created_at, id',
    [userId, rpId],
  );
  return rows.map(({ credential_id: id, transports }) => ({
    ...{ type: 'public-key' as const, id: id.toString('base64url'), transports },
  }));
}

export const findCredential = (tx: Tx, credentialId: string) =>
  tx.first(
    'SELECT id, user_id, public_key FROM passkeys WHERE credential_id = $1',
    [Buffer.from(credentialId, 'base64url')],
    'identity-by-credential',
  );

/** Undefined when somebody has registered it already. */
export const insertPasskey = (
  tx: Tx,
  {
    id,
    userId,
    name,
    transports,
    key,
    rpId,
    now,
  }: {
    readonly id: string;
    readonly userId: string;
    readonly name: string;
    readonly transports: readonly string[];
    readonly key: NewKey;
    readonly rpId: string;
    readonly now: Date;
  },
) =>
  tx.first(
    `INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, transports, is_synced, name, created_at, rp_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (credential_id) DO NOTHING RETURNING ${COLUMNS}`,
    [id, userId, key.credentialId, key.publicKey, key.counter, transports, key.isSynced, name, now, rpId],
  );

interface UsedKey extends ShownKey {
  readonly id: string;
  /** The address that it has just signed for. */
  readonly rpId: string;
}

/**
 * Notes a use, by whichever process. An authenticator that counts and does not count on was copied (Web Authentication 6.1.1); who is the copy can't be
 * told, so that neither counts. The person is held by the caller.
 */
export async function noteUse(tx: Tx, { id, counter, isSynced, rpId }: UsedKey, now: Date): Promise<Reason | undefined> {
  const row = await tx.first('SELECT sign_count FROM passkeys WHERE id = $1 FOR UPDATE', [id]);
  if (row === undefined) return 'UNKNOWN';
  const before = Number(row.sign_count);
  if ((counter > 0 || before > 0) && counter <= before) return 'COUNTER';
  await tx.run('UPDATE passkeys SET sign_count = $2, is_synced = $3, last_used_at = $4, rp_id = $5 WHERE id = $1', [
    ...([id, counter, isSynced, now, rpId] as const),
  ]);
  return undefined;
}

export const renameRow = (tx: Tx, userId: string, id: string, name: string) =>
  tx.first(`UPDATE passkeys SET name = $3 WHERE id = $1 AND user_id = $2 RETURNING ${COLUMNS}`, [id, userId, name]);

export const deleteRow = async (tx: Tx, userId: string, id: string): Promise<boolean> =>
  (await tx.run('DELETE FROM passkeys WHERE id = $1 AND user_id = $2', [id, userId])) === 1;

/** What decides whether somebody may come by a passkey; held until the transaction ends. */
export const holdOwner = (tx: Tx, userId: string) =>
  tx.first(
    `SELECT id, email, first_name, last_name, role, status, locale, password_hash, email_key,
       EXISTS (SELECT FROM user_identities i WHERE i.user_id = u.id) AS has_identity
     FROM users u WHERE id = $1 FOR UPDATE`,
    [userId],
  );
