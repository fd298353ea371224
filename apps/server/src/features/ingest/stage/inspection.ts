import type { Inspect } from '../../../platform/objects/staging/index.ts';
import { isHeavyCode } from '../../../platform/workers/quick-work.ts';
import type { HeaderDigest } from '../types.ts';
import { headerDigest } from './header-digest.ts';

/** What a writer says of a file that it has just written. */
export type Inspection =
  | { readonly kind: 'read'; readonly digest: HeaderDigest }
  /** Deflated or oversized: to be read where it can be ended. */
  | { readonly kind: 'heavy' };

/** What a writer reads itself, empty elements too: some milliseconds at the very worst, during which its other files wait. */
const QUICK = { maxHeaderBytes: 512 * 1024, maxElements: 20_000 };

/** Reads the header of a file whose bytes are at hand. */
export const inspectHeader: Inspect<Inspection> = (sizeBytes, read): Inspection => {
  try {
    const reader = headerDigest(sizeBytes, QUICK);
    let step = reader.next();
    while (!step.done) {
      if (step.value.space === 'inflated') return { kind: 'heavy' };
      step = reader.next(read(step.value.offset, step.value.length));
    }
    const digest = step.value;
    return digest.kind === 'refused' && isHeavyCode(digest.code) ? { kind: 'heavy' } : { kind: 'read', digest };
  } catch {
    return { kind: 'read', digest: { kind: 'refused', code: 'UNREADABLE', named: {} } };
  }
};
