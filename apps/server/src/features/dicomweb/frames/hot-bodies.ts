import { LRUCache } from 'lru-cache';
import { filling } from '../../../kernel/filling-cache.ts';
import { BodyPool } from './body-pool.ts';

/** An answer that is ready to be sent again: objects never change, so neither does it. */
export interface FramesBody {
  readonly contentType: string;
  readonly body: Buffer;
}

/** Bytes of answers that are kept for the next reader of the same frames. */
const HOT_BYTES = 128 * 1024 * 1024;
export const MAX_HOT_BODY_BYTES = 8 * 1024 * 1024;
const ABOUT_A_KEY = 500;
/** Answers that are remembered as given once: only what is asked for again is kept. */
const MAX_SEEN = 20_000;
/** Bodies on their way to clients that are held whole; those of slower ones are read piece by piece. */
const POOL = { maxBytes: 64 * 1024 * 1024, maxIdleBytes: 8 * 1024 * 1024 };

/** Answers that were asked for twice, and the memory for those that were not. */
export interface FramesCache {
  get(key: string): FramesBody | undefined;
  /** Whether an answer that is made now is one to keep. */
  isWanted(key: string): boolean;
  keep(key: string, answer: FramesBody): void;
  readonly pool: BodyPool;
}

export function createCache(): FramesCache {
  const hot = new LRUCache<string, FramesBody>({ maxSize: HOT_BYTES });
  const seen = new LRUCache<string, true>(filling(MAX_SEEN));
  return {
    get: (key) => hot.get(key),
    isWanted: (key) => {
      if (seen.get(key) !== undefined) return true;
      seen.set(key, true);
      return false;
    },
    keep: (key, answer) => {
      if (answer.body.length <= MAX_HOT_BODY_BYTES) hot.set(key, answer, { size: answer.body.length + key.length + ABOUT_A_KEY });
    },
    pool: new BodyPool(POOL),
  };
}
