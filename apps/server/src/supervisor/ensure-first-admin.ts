import { ANY_USER } from '../features/identity/any-user.ts';
import { clientOf } from '../platform/db/client.ts';
import { createLog } from '../platform/log/log.ts';
import type { EnsureFirstAdmin } from './first-run.ts';
import type { Runtime } from './runtime.ts';

/**
 * Joins the identity feature to the start. The rest of the server is loaded only when there is nobody yet: loading it costs the
 * supervisor memory that it would keep, and a later start half a second.
 */
export const ensureFirstAdmin: EnsureFirstAdmin = async (runtime, given) => {
  if (await hasUsers(runtime)) return undefined;
  const { settings, secrets, databases } = runtime;
  const { openServerParts } = await import('../compose.ts');
  const database = {
    connection: databases.app,
    ...(databases.assumeRole === undefined ? {} : { assumeRole: databases.assumeRole }),
  };
  const log = createLog(settings.logLevel, 'supervisor');
  const parts = await openServerParts({ settings, secrets, log, database, poolSize: 2 }, 'web');
  try {
    return await parts.identity.ensureFirstAdmin(given);
  } finally {
    await parts.close();
  }
};

async function hasUsers({ databases }: Runtime): Promise<boolean> {
  const client = clientOf(databases.owner);
  await client.connect();
  try {
    const { rowCount } = await client.query(ANY_USER);
    return rowCount !== 0;
  } finally {
    await client.end();
  }
}
