export { announce } from './announce.ts';
export { countersOn } from './counters.ts';
export type { Changes, Channel, Counter, Counters, LiveEvents, RedisState, SharedState, Subscriber, Topic } from './port.ts';
export { openPostgresState } from './postgres-state.ts';
export { openRedisState } from './redis-state.ts';
export { redisTrouble } from './redis-trouble.ts';
export { tryRedis } from './try-redis.ts';
