import { partition, type Service } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { Audit } from '../../audit/index.ts';
import type { Asked, Verdict, WantedInstance } from './report.ts';
import { endRequest, keepRequest, requestIdOf } from './repository.ts';

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
  /** False where the transaction is known with other instances. */
  keep(asked: Asked): Promise<boolean>;
  certify(instances: readonly WantedInstance[]): Promise<readonly Verdict[]>;
  /** It was told. */
  told(asked: Asked, counts: { readonly committed: number; readonly failed: number }): Promise<void>;
}

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
      return db.withScope(scope, (tx) =>
        keepRequest(tx, { id: newId(), nodeId, groupId, transactionUid, instances: pairs, now, nextAt }),
      );
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
