import { createHmac } from 'node:crypto';
import type { ComposeOptions } from './compose-options.ts';
import type { Db } from './platform/db/database.ts';
import { openPostgresState, openRedisState, redisTrouble, type SharedState } from './platform/shared-state/index.ts';

/** What processes share: by the database, and where `REDIS_URL` is set by Redis as far as it carries it. Its client is loaded only there. */
export async function openSharedState(
  { settings, secrets, log, database, metrics }: ComposeOptions,
  { db, onError }: { readonly db: Db; readonly onError: (error: Error) => void },
): Promise<SharedState> {
  const state = openPostgresState({ db, ...database, onError });
  if (settings.redis === undefined) return state;
  const onTurn = (isHere: boolean, reason: string): void => {
    if (isHere) log.info('Redis answers: limits and live events go by it');
    else log.warn({ reason }, `${redisTrouble(reason)}: limits and live events go by the database`);
  };
  const shared = await openRedisState(state, { ...settings.redis, namespace: namespaceOf(secrets.sessionSecret), onTurn });
  metrics?.redis(() => shared.redis() === 'OK');
  return shared;
}

/** Several installations may have one Redis, whose channels are those of all its databases. */
const namespaceOf = (secret: string): string =>
  `negatoscope:${createHmac('sha256', secret).update('redis').digest('hex').slice(0, 16)}`;
