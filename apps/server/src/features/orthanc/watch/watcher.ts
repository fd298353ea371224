import { NOTHING } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { Logger } from '../../../platform/log/log.ts';
import type { OrthancAccess, OrthancClient, Patience } from '../client/client.ts';
import { OrthancFailure } from '../client/failure.ts';
import { look } from './look.ts';
import * as repository from './repository.ts';

const EVERY_MS = 3_600_000;
const AGAIN_MS = 60_000;

export interface WatchPorts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly client: OrthancClient;
  readonly access: OrthancAccess;
  readonly patience: Patience;
}

/**
 * Looks at an Orthanc's settings when it is first reached, and every hour; tells what is not safe in the log and keeps it for the page. One that does not say what it
 * is (or is away, which whoever follows it notes) is asked again a minute later: nothing waits for it.
 */
export function createWatcher({ db, clock, log, client, access, patience }: WatchPorts): (feedId: number) => Promise<void> {
  let next = Number.NEGATIVE_INFINITY;
  let told = '';
  return async (feedId) => {
    const now = clock.now();
    if (now.getTime() < next) return;
    next = now.getTime() + AGAIN_MS;
    const looked = await look(access, client, patience).catch(unlessOrthancs(log));
    if (looked === undefined) return;
    const { version, warnings } = looked;
    await db.withScope(NOTHING, (tx) => repository.noteLooked(tx, feedId, { ...looked, now }));
    next = now.getTime() + EVERY_MS;
    const summary = `${version} ${warnings.join()}`;
    if (summary !== told) for (const warning of warnings) log.warn({ warning, version }, 'a setting of Orthanc is not safe');
    told = summary;
  };
}

const unlessOrthancs =
  (log: Logger) =>
  (error: unknown): undefined => {
    if (!(error instanceof OrthancFailure)) throw error;
    log.info({ code: error.code, status: error.status }, 'what Orthanc says of itself is not known');
  };
