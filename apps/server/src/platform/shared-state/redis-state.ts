import { RateLimiterRedis } from 'rate-limiter-flexible';
import { afterCommit } from '../db/database.ts';
import { countersOn } from './counters.ts';
import { TopicListeners } from './listeners.ts';
import { type Counter, type Counters, type LiveEvents, requireShort, type SharedState } from './port.ts';
import { openRedisLine, type RedisLine, type RedisLineOptions } from './redis-line.ts';

export type RedisStateOptions = Omit<RedisLineOptions, 'onMessage'>;

/**
 * Counters and live events by Redis, over a state that has all of it by the database. What changed is still told by the database, in the transaction that
 * changes it: a revocation does not depend on Redis. While Redis is away counters and events are those of the database.
 */
export async function openRedisState(state: SharedState, options: RedisStateOptions): Promise<SharedState> {
  const listeners = new TopicListeners();
  const line = await openRedisLine({ ...options, onMessage: (text) => listeners.tell(text) });
  return {
    counters: redisCounters(line, state.counters, options.namespace),
    changes: state.changes,
    events: redisEvents(line, state.events, listeners),
    redis: () => (line.isHere ? 'OK' : 'UNAVAILABLE'),
    close: async () => {
      await line.close();
      await state.close();
    },
  };
}

/** Those of the database while Redis is away. A window may so let through what it holds once more, never more. */
function redisCounters(line: RedisLine, spare: Counters, namespace: string): Counters {
  const client = (): NonNullable<RedisLine['client']> => {
    if (line.client === undefined) throw new Error('Redis is away.');
    return line.client;
  };
  type Eval = NonNullable<RedisLine['client']>['eval'];
  const storeClient = {
    eval: (...given: Parameters<Eval>): ReturnType<Eval> => client().eval(...given),
    multi: () => client().multi(),
  };
  const inRedis = countersOn(
    ({ keyPrefix, ...options }) =>
      new RateLimiterRedis({ ...options, keyPrefix: `${namespace}:${keyPrefix}`, storeClient, useRedisPackage: true }),
  );
  return (use, most, seconds) => {
    const [counter, other] = [inRedis(use, most, seconds), spare(use, most, seconds)];
    const either = async <T>(work: (by: Counter) => Promise<T>): Promise<T> => {
      if (!line.isHere) return work(other);
      return await line.ask(() => work(counter)).catch(() => work(other));
    };
    return {
      look: (key) => either((by) => by.look(key)),
      take: (key) => either((by) => by.take(key)),
      giveBack: (key) => either((by) => by.giveBack(key)),
    };
  };
}

/** Sent after the commit, beside the database, whose notifications make commits wait for each other. Both ways are heard. */
function redisEvents(line: RedisLine, spare: LiveEvents, listeners: TopicListeners): LiveEvents {
  return {
    publish: async (topic, payload, tx) => {
      requireShort(payload);
      const send = (): Promise<unknown> => line.publish(`${topic} ${payload}`).catch(() => spare.publish(topic, payload));
      if (!line.isHere) return spare.publish(topic, payload, tx);
      if (tx === undefined) await send();
      else if (!afterCommit(tx, () => void send().catch(() => undefined))) await spare.publish(topic, payload, tx);
    },
    subscribe: (topic, listener) => {
      const ends = [listeners.add(topic, listener), spare.subscribe(topic, listener)];
      return () => {
        for (const end of ends) end();
      };
    },
  };
}
