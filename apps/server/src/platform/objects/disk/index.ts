export { DiskScratch } from './disk-scratch.ts';
export { DiskStore } from './disk-store.ts';
export { ReadCache } from './read-cache.ts';
export { journalsLeft } from './replay.ts';
export { WriterThreads } from './writer-threads.ts';
