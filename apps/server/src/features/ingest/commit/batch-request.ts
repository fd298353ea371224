import type { Logger } from 'pino';
import { type Person, scopeOf, userOf } from '../../../access/index.ts';
import type { RowKinds } from '../../../archive/row-kind.ts';
import type { Db, Tx } from '../../../platform/db/database.ts';
import type { GuardedObjects } from '../../../platform/objects/store/index.ts';
import type { Audit } from '../../audit/index.ts';
import type { HeaderReader } from '../stage/header.ts';
import type { Entrance, FileResult, Importer, ResolvedTarget, Staged, StagedInstance } from '../types.ts';
import type { Arrivals } from './arrivals.ts';
import type { KnownPlaces } from './known-places.ts';

export interface BatchTools {
  readonly db: Db;
  readonly objects: GuardedObjects;
  readonly audit: Audit;
  readonly headers: HeaderReader;
  /** Rows that name objects. */
  readonly kinds: RowKinds;
  /** Series that took instances before. */
  readonly places: KnownPlaces;
  /** Tells of what comes to them. */
  readonly arrivals: Arrivals;
  /** Whether a store makes objects durable in the time that a transaction takes: what is locked meanwhile waits for no network. */
  readonly isStoreNear: boolean;
  readonly log: Logger;
  /** Told what became of the files of a request, when that is certain. */
  readonly cameIn?: ((entrance: Entrance, results: readonly FileResult[]) => void) | undefined;
  /** Told within the transaction which instances an entrance brought that were not here. */
  readonly stored?: (tx: Tx, entrance: Entrance, instanceIds: readonly string[]) => Promise<unknown>;
}

/** Files of one actor for one import. */
export interface BatchRequest {
  readonly actor: Importer;
  /** Whose work a service brings: the journal names them. */
  readonly onBehalfOf?: Person;
  readonly target: ResolvedTarget;
  readonly staged: readonly Staged[];
}

/** Requests that see the same rows and go to the same place are committed together; where a patient was chosen, each says for itself who files there, and why. */
export const batchKey = ({ actor, target }: BatchRequest): string =>
  JSON.stringify([
    scopeOf(actor),
    target.groupId,
    target.patientId,
    target.onMismatch,
    target.patientId === null ? null : [target.importId, userOf(actor)],
  ]);

export const isInstance = (one: Staged): one is StagedInstance => one.kind === 'instance';
