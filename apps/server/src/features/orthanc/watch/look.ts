import { isIP } from 'node:net';
import type { OrthancWarning } from '@negatoscope/contract';
import { z } from 'zod';
import { type OrthancAccess, type OrthancClient, openClient, type Patience } from '../client/client.ts';
import { OrthancFailure } from '../client/failure.ts';

/** The oldest version without a hole that is known by number (nine were closed in it). */
const OLDEST = [1, 12, 11] as const;

/** `GET /system`; what older ones do not tell is not judged. */
const System = z.object({
  Version: z.string().max(40),
  OverwriteInstances: z.boolean().optional(),
  MaximumStorageMode: z.string().max(40).optional(),
  MaximumStorageSize: z.number().optional(),
  MaximumPatientCount: z.number().optional(),
});

export interface Looked {
  readonly version: string;
  readonly warnings: readonly OrthancWarning[];
}

/** What of an Orthanc's settings is not safe, as far as it can be seen from outside. Fails with an OrthancFailure when it does not answer. */
export async function look(access: OrthancAccess, client: OrthancClient, patience: Patience): Promise<Looked> {
  const system = await client.json('/system', System);
  if (system === undefined) throw new OrthancFailure('BAD_ANSWER');
  const stranger = openClient({ ...access, username: undefined, password: undefined }, patience);
  const isOpen = (await stranger.status('GET', '/system')) === 200;
  // An empty script does nothing; where scripts are not run at all it is refused.
  const runsScripts = (await client.status('POST', '/tools/execute-script')) === 200;
  stranger.close();
  return { version: system.Version, warnings: warningsOf(access.url, { ...system, isOpen, runsScripts }) };
}

type Seen = z.infer<typeof System> & { readonly isOpen: boolean; readonly runsScripts: boolean };

export function warningsOf(url: string, seen: Seen): OrthancWarning[] {
  const isFar = !isLoopback(new URL(url).hostname);
  const recycles = seen.MaximumStorageMode === 'Recycle' && (seen.MaximumStorageSize ?? 0) + (seen.MaximumPatientCount ?? 0) > 0;
  const found: Record<OrthancWarning, boolean> = {
    NO_PASSWORD: seen.isOpen && !isFar,
    OPEN_TO_NETWORK: seen.isOpen && isFar,
    NOT_ENCRYPTED: isFar && url.startsWith('http:'),
    RUNS_SCRIPTS: seen.runsScripts,
    OVERWRITES: seen.OverwriteInstances === true,
    RECYCLES: recycles,
    OLD_VERSION: isOld(seen.Version),
  };
  return (Object.keys(found) as OrthancWarning[]).filter((warning) => found[warning]); // The keys of the line above.
}

function isLoopback(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, '');
  return host === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}

/** `mainline` is what is built from the newest source. */
function isOld(version: string): boolean {
  const parts = /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
  if (parts === undefined) return false;
  const at = OLDEST.findIndex((part, index) => part !== parts[index]);
  return at >= 0 && (parts[at] ?? 0) < (OLDEST[at] ?? 0);
}
