import { openRedisLine, type RedisLineOptions } from './redis-line.ts';

/** The first word of a Redis: that it answers in time, or why not. */
export function tryRedis(
  options: Omit<RedisLineOptions, 'onMessage' | 'onTurn'>,
): Promise<{ readonly isHere: boolean; readonly reason: string }> {
  return new Promise((resolve, reject) => {
    const line = openRedisLine({
      ...options,
      onMessage: () => undefined,
      onTurn: (isHere, reason) => {
        resolve({ isHere, reason });
        void line.then((one) => one.close());
      },
    });
    line.catch(reject);
  });
}
