import type { ClientConfig } from 'pg';
import { type Secrets, sealingKeysOf } from '../config/secrets.ts';
import { SEALED_PROJECTS } from '../features/export/deid/sealed-projects.ts';
import { SEALED_FACTORS } from '../features/identity/factor/sealed-factors.ts';
import { clientOf } from '../platform/db/client.ts';
import { countSealed, type SealedCount } from '../sealed-rows.ts';

const WORDS = { PROJECT: 'keys of projects without identity', FACTOR: 'second factors' } as const;

export const LOST_KEYS_ADVICE =
  'nothing leaves into these projects, and who has these second factors signs in by a recovery code. Stop the server and put secrets/factor-key of a backup (restored into another folder) back in DATA_DIR, soon: what is sealed with the new key from now on is lost then. Without one, make new projects and take these second factors off';

/** What is lost, in one line; undefined where the key opens everything. */
export function lostKeysText(items: readonly SealedCount[]): string | undefined {
  const lost = items.filter((item) => item.lost > 0).map(({ kind, lost, total }) => `${lost} of ${total} ${WORDS[kind]}`);
  return lost.length === 0 ? undefined : `secrets/factor-key is not the one of before, and does not open ${lost.join(' and ')}`;
}

/** Reads all that is sealed, as the owner: few rows, each opened in microseconds. */
export async function readSealed(owner: ClientConfig, secrets: Secrets): Promise<SealedCount[]> {
  const client = clientOf(owner);
  await client.connect();
  try {
    const [{ rows: projects }, { rows: factors }] = [await client.query(SEALED_PROJECTS), await client.query(SEALED_FACTORS)];
    return countSealed(sealingKeysOf(secrets), { projects, factors });
  } finally {
    await client.end();
  }
}

/** At each start, for as long as it is so: a key that is gone is made anew, and nothing else would say that it is another. */
export async function tellLostKeys(owner: ClientConfig, secrets: Secrets, log: { error(message: string): void }): Promise<void> {
  const text = lostKeysText(await readSealed(owner, secrets));
  if (text !== undefined) log.error(`${text}: ${LOST_KEYS_ADVICE}`);
}
