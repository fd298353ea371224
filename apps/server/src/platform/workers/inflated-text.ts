import { inflateSync } from '../inflate/index.ts';

/** Of one dataset's text: a million elements have some 50 MB. */
const MAX_TEXT_BYTES = 96 * 1024 * 1024;

/**
 * The text of a dataset that ingest kept (raw deflate), in a thread. In one piece: memory that is not written to is not taken, and chunks would be there
 * twice when they are put together. Fails with RangeError for a longer one.
 */
export const inflatedText = (deflated: Uint8Array): Buffer =>
  inflateSync(deflated, { maxBytes: MAX_TEXT_BYTES, chunkSize: MAX_TEXT_BYTES + 1 });
