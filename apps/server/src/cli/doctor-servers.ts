import type { Settings } from '../config/settings.ts';
import { addressesOf } from '../platform/db/addresses.ts';
import { type Standing, standingOf } from '../platform/db/primary.ts';
import type { Finding } from './doctor-findings.ts';

/** Which of the servers that DATABASE_URL names is the primary. Their places are shown, no name and no password. */
export async function databaseServers({ databaseUrl }: Settings): Promise<Finding> {
  const what = 'Servers';
  if (databaseUrl === undefined) return { what, found: 'the embedded PostgreSQL' };
  const standings = await Promise.all(addressesOf(databaseUrl).map(standingOf));
  const found = standings.map(({ host, port, role }) => `${host}:${port} ${role ?? 'does not answer'}`).join(', ');
  const advice = adviceOn(standings);
  return advice === undefined ? { what, found } : { what, found, advice };
}

function adviceOn(standings: readonly Standing[]): string | undefined {
  const count = (role: Standing['role']): number => standings.filter((one) => one.role === role).length;
  if (count('primary') > 1)
    return 'two servers take writes: end the one that is not the primary any more, before anybody writes to it, and make it a replica';
  if (count('primary') === 0 && count('replica') > 0) return 'only replicas answer: promote one, or start the primary';
  return count(undefined) > 0 ? 'start the server that does not answer, or take it out of DATABASE_URL' : undefined;
}
