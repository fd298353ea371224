export type { Draft, Inspect, ReadNow, StagedObject, Staging, Written } from './port.ts';
export { claimAll, MadeObject, PutOnce, StoredAlready } from './put-once.ts';
