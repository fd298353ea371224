import type { Tx } from '../../../platform/db/database.ts';
import type { Staged } from '../types.ts';
import type { BatchRequest, BatchTools } from './batch-request.ts';

/** Tells who wants to know, within the transaction, what each request brought that was not here. */
export async function tellStored(
  tx: Tx,
  { tools: { stored }, requests }: { readonly tools: Pick<BatchTools, 'stored'>; readonly requests: readonly BatchRequest[] },
  isStored: (one: Staged) => boolean,
): Promise<void> {
  for (const { target, staged } of requests) {
    const ids = staged.flatMap((one) => (one.kind === 'instance' && isStored(one) ? [one.draft.id] : []));
    if (ids.length > 0) await stored?.(tx, target.entrance, ids);
  }
}
