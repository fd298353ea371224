export { announce } from './announce.ts';
export { countersOn } from './counters.ts';
export type { Changes, Channel, Counter, Counters, LiveEvents, SharedState, Subscriber, Topic } from './port.ts';
export { openPostgresState } from './postgres-state.ts';
