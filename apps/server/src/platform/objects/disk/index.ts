export { DiskScratch } from './disk-scratch.ts';
export { DiskStore } from './disk-store.ts';
export { journalsLeft } from './replay.ts';
export { WriterThreads } from './writer-threads.ts';
