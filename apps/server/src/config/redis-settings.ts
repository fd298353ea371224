import { StartError } from '../kernel/start-error.ts';
import { checkAuthorities } from './authorities.ts';
import type { Values } from './shape.ts';

export interface RedisSettings {
  /** `redis:` or `rediss:`, with name and password where it wants them: a secret. */
  readonly url: string;
  /** PEM file of the authorities that vouch for it; those of Node.js without. */
  readonly ca: string | undefined;
}

/** Fails with SETTING_INVALID for authorities of what is not reached by TLS. */
export function redisOf({ REDIS_URL: url, REDIS_CA: ca }: Values): RedisSettings | undefined {
  if (ca !== undefined && url?.startsWith('rediss:') !== true)
    throw new StartError(
      'SETTING_INVALID',
      'REDIS_CA is of use with a REDIS_URL that begins with rediss:// only: write it so, or leave REDIS_CA out',
    );
  return url === undefined ? undefined : { url, ca };
}

/** Looks at the file before anything is started. Fails with SETTING_INVALID for one that can't be read or holds no certificate. */
export function checkRedisCa(redis: RedisSettings | undefined): void {
  if (redis?.ca !== undefined) checkAuthorities('REDIS_CA', redis.ca);
}
