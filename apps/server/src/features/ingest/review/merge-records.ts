import type { Person } from '../../../access/index.ts';
import { mergePatients } from '../../../archive/lifecycle/merge.ts';
import type { RowKinds } from '../../../archive/row-kind.ts';
import { recheckStudies } from '../../../archive/write/mismatch.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { Audit } from '../../audit/index.ts';

export interface MergeTools {
  readonly audit: Audit;
  readonly kinds: RowKinds;
  readonly clock: Clock;
  /** Ends what is open of these records in an emergency, before they go into another. */
  readonly endEmergencies: (tx: Tx, records: readonly string[], actor: Person) => Promise<void>;
}

/** Files one record into another, and looks at its studies anew. The caller holds both rows' locks. */
export async function mergeRecords(
  tx: Tx,
  { audit, kinds, clock, endEmergencies }: MergeTools,
  actor: Person,
  { from, into }: { readonly from: string; readonly into: string },
): Promise<void> {
  await endEmergencies(tx, [from], actor);
  const filed = await mergePatients(tx, kinds, { id: newId(), from, into, actorId: actor.userId, now: clock.now() });
  const found = await recheckStudies(tx, into, { userId: actor.userId, filed });
  await audit.recordAll(
    tx,
    found.map((event) => ({ ...event, actor })),
  );
}
