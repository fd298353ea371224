import { randomUUID } from 'node:crypto';
import { checkRedisCa } from '../config/redis-settings.ts';
import type { Settings } from '../config/settings.ts';
import { redisTrouble, tryRedis } from '../platform/shared-state/index.ts';
import type { Finding } from './doctor-findings.ts';

/** Whether Redis answers as a server would ask it, and what to do where it does not. Its address and password are not shown. */
export async function redis({ redis: address }: Settings): Promise<Finding> {
  const what = 'Redis';
  if (address === undefined) return { what, found: 'not used, the database carries limits and live events' };
  checkRedisCa(address);
  const by = address.url.startsWith('rediss:') ? 'by TLS' : 'without TLS';
  const { isHere, reason } = await tryRedis({ ...address, namespace: `negatoscope:doctor:${randomUUID()}` });
  if (isHere) return { what, found: `answers, ${by}` };
  return {
    what,
    found: `${by}: ${reason}`,
    advice: `${redisTrouble(reason)}: correct it; until then the database carries limits and live events`,
  };
}
