import type { Changes } from '../../../platform/shared-state/index.ts';
import type { KnownNode } from './known.ts';

/** Longer than this nothing is believed that was read, whatever was heard since. */
const FRESH_MS = 30_000;

export interface Recalling {
  readonly changes: Pick<Changes, 'subscribe' | 'isTrusted'>;
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** The node as the database has it, undefined for one that was taken away. Fails when the database does not answer. */
  readonly read: (id: string) => Promise<KnownNode | undefined>;
}

/**
 * Nodes by their ids as this process read them last: what one may do is asked with each instance that it sends. The database tells every process of each change
 * (migration 0187); while it can't be heard, and of a node that isn't there, the database is asked. What was read before a change was heard is not kept.
 */
export function recalledNodes({ changes, now, read }: Recalling): Recalling['read'] {
  const known = new Map<string, { readonly node: KnownNode; readonly readAt: number }>();
  let epoch = 0;
  const forget = (): void => {
    epoch += 1;
    known.clear();
  };
  changes.subscribe('negatoscope_nodes', { onPayload: forget, onReset: forget });
  return async (id) => {
    const kept = known.get(id);
    if (kept !== undefined && changes.isTrusted && now() - kept.readAt < FRESH_MS) return kept.node;
    const [begun, readAt] = [epoch, now()];
    const node = await read(id);
    if (node === undefined) known.delete(id);
    else if (begun === epoch && changes.isTrusted) known.set(id, { node, readAt });
    return node;
  };
}
