export type { S3Place } from './bucket.ts';
export { CachedStore } from './cached-store.ts';
export { prepareBucket } from './mark.ts';
export { S3Store } from './s3-store.ts';
export { s3Target } from './s3-target.ts';
export { SharedScratch } from './shared-scratch.ts';
