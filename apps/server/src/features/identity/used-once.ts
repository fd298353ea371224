import { createHash } from 'node:crypto';
import type { Tx } from '../../platform/db/database.ts';

/** False when this was used before, by whichever process. What it is counts for `seconds` at most, and need not be known longer. */
export async function useOnce(tx: Tx, what: string, now: Date, seconds: number): Promise<boolean> {
  await tx.run('DELETE FROM used_once WHERE expires_at < $1', [now]);
  const hash = createHash('sha256').update(what).digest();
  // Clocks of several machines differ.
  const expiresAt = new Date(now.getTime() + 2 * seconds * 1000);
  return (
    (await tx.run('INSERT INTO used_once (hash, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING', [hash, expiresAt])) === 1
  );
}
