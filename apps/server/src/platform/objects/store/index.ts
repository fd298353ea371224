export type { DamageList, DamageReason } from './damage.ts';
export { type GuardedObjects, GuardedStore } from './guarded-store.ts';
export { MeasuredStore } from './measured-store.ts';
export { type MoveOutcome, type MoveTarget, moveObject } from './move.ts';
export { MovedStore } from './moved-store.ts';
export { type Listing, type ObjectSource, type ObjectStore, ObjectUnreadable, type WholeObject } from './port.ts';
export { type ObjectReader, openStart, SENT_CHUNK_BYTES, withStart } from './started-object.ts';
export { verifiedReader } from './verified-reader.ts';
