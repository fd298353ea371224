import { isIP } from 'node:net';
import type { OrthancWarning } from '@negatoscope/contract';
import { type OrthancAccess, type OrthancClient, openClient, type Patience } from '../client/client.ts';
import { OrthancFailure } from '../client/failure.ts';
import { mayRecycle, System } from '../client/system.ts';

/** The oldest version without a hole that is known by number (nine were closed in it). */
const OLDEST = [1, 12, 11] as const;

export interface Looked {
  readonly version: string;
  readonly warnings: readonly OrthancWarning[];
  /** Whether it deletes by itself when it is full, or does not tell. */
  readonly mayRecycle: boolean;
}

/** What of an Orthanc's settings is not safe, as far as it can be seen from outside. Fails with an OrthancFailure when it does not answer. */
export async function look(access: OrthancAccess, client: OrthancClient, patience: Patience): Promise<Looked> {
  const system = await client.json('/system', System);
  if (system === undefined) throw new OrthancFailure('BAD_ANSWER');
  const isOpen = await letsIn(access, patience, undefined);
  const seen = {
    ...system,
    isOpen,
    isDefault: !isOpen && (await letsIn(access, patience, 'orthanc')),
    // An empty script does nothing; where scripts are not run at all it is refused.
    runsScripts: (await client.status('POST', '/tools/execute-script')) === 200,
    // There is no such instance: where files may be written it is looked for, and where not it is refused first.
    writesFiles: (await client.status('POST', `/instances/${NOBODY}/export`)) === 404,
    hasWebDav: (await client.status('PROPFIND', '/webdav/')) === 207,
  };
  return { version: system.Version, warnings: warningsOf(access.url, seen), mayRecycle: mayRecycle(system) };
}

const NOBODY = '00000000-00000000-00000000-00000000-00000000';

/** Whether it lets in whoever says this name as password, too, or nothing. Who is not answered at all is not let in. */
async function letsIn(access: OrthancAccess, patience: Patience, name: string | undefined): Promise<boolean> {
  const stranger = openClient({ ...access, username: name, password: name }, patience);
  try {
    return (await stranger.status('GET', '/system')) === 200;
  } catch (error) {
    if (error instanceof OrthancFailure) return false;
    throw error;
  } finally {
    stranger.close();
  }
}

type Seen = System & {
  readonly isOpen: boolean;
  readonly isDefault: boolean;
  readonly runsScripts: boolean;
  readonly writesFiles: boolean;
  readonly hasWebDav: boolean;
};

export function warningsOf(url: string, seen: Seen): OrthancWarning[] {
  const isFar = !isLoopback(new URL(url).hostname);
  const recycles = seen.MaximumStorageMode === 'Recycle' && (seen.MaximumStorageSize ?? 0) + (seen.MaximumPatientCount ?? 0) > 0;
  const found: Record<OrthancWarning, boolean> = {
    NO_PASSWORD: seen.isOpen && !isFar,
    DEFAULT_PASSWORD: seen.isDefault,
    OPEN_TO_NETWORK: seen.isOpen && isFar,
    NOT_ENCRYPTED: isFar && url.startsWith('http:'),
    RUNS_SCRIPTS: seen.runsScripts,
    WRITES_FILES: seen.writesFiles,
    WEBDAV: seen.hasWebDav,
    OVERWRITES: seen.OverwriteInstances === true,
    RECYCLES: recycles,
    TRANSCODES: (seen.IngestTranscoding ?? '') !== '',
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
