import { partition, type Service } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { Audit } from '../../audit/index.ts';
import type { Asked, Verdict, WantedInstance } from './report.ts';
import { endRequest, forgetEnded, keepRequest, requestIdOf, requestsOf } from './repository.ts';

/** Which instances are kept in a group (null: in none), durably, in the order in which they are asked for. Fails when the store or the database does not answer. */
export type Certify = (groupId: string | null, instances: readonly WantedInstance[]) => Promise<readonly Verdict[]>;

export interface KeepingDeps {
  readonly db: Db;
  readonly audit: Pick<Audit, 'record'>;
  readonly clock: Clock;
  readonly certify: Certify;
}

export interface CommittingNode {
  readonly id: string;
  readonly groupId: string | null;
}

/** What one node asks to be told. */
export interface CommitmentKeeper {
  /** `OTHER`: the transaction is known with other instances. `FULL`: the node waits for more than is kept for it. */
  keep(asked: Asked): Promise<'KEPT' | 'OTHER' | 'FULL'>;
  certify(instances: readonly WantedInstance[]): Promise<readonly Verdict[]>;
  /** It was told. */
  told(asked: Asked, counts: { readonly committed: number; readonly failed: number }): Promise<void>;
}

/** What one node may wait for: a device asks once a study, and is told within a minute or is off. */
const MOST_WAITING = 500;
const MOST_WAITING_INSTANCES = 100_000;
/** Kept of those that ended, for who asks again; once there are twice as many, the older ones go. */
const MOST_ENDED = 1_000;

/** How long a device is waited for that is told in its own association, before it is told by one of ours. */
const OWN_ASSOCIATION_MS = 30_000;

export function keeperOf(
  { db, audit, clock, certify }: KeepingDeps,
  by: Service,
  { id: nodeId, groupId }: CommittingNode,
): CommitmentKeeper {
  const scope = partition(groupId);
  return {
    keep: ({ transactionUid, instances }) => {
      const now = clock.now();
      const nextAt = new Date(now.getTime() + OWN_ASSOCIATION_MS);
      const pairs = instances.map(({ sopClassUid, sopInstanceUid }) => [sopClassUid, sopInstanceUid] as const);
      return db.withScope(scope, async (tx) => {
        const { waiting = 0, instances: named = 0, ended = 0 } = (await requestsOf(tx, nodeId, transactionUid)) ?? {};
        if (waiting >= MOST_WAITING || named + pairs.length > MOST_WAITING_INSTANCES) return 'FULL';
        if (ended >= 2 * MOST_ENDED) await forgetEnded(tx, nodeId, MOST_ENDED);
        const kept = await keepRequest(tx, { id: newId(), nodeId, groupId, transactionUid, instances: pairs, now, nextAt });
        return kept ? 'KEPT' : 'OTHER';
      });
    },
    certify: (instances) => certify(groupId, instances),
    told: ({ transactionUid }, { committed, failed }) =>
      db.withScope(scope, async (tx) => {
        const row = await requestIdOf(tx, nodeId, transactionUid);
        if (row === undefined || !(await endRequest(tx, row.id, 'TOLD', clock.now()))) return;
        await audit.record(tx, {
          ...{ action: 'dicom-node.commitment', actor: by, entityType: 'dicom-node', entityId: nodeId, groupId },
          details: { committed, failed },
        });
      }),
  };
}
