import type { Logger } from '../../../platform/log/log.ts';
import type { Calling, KnownNode } from '../nodes/known.ts';
import type { Happenings } from './happenings.ts';
import type { ListenLimits } from './limits.ts';
import type { NodeServices } from './operation-for.ts';
import type { Refusals } from './refusals.ts';

/** What an association asks of the rest of the listener. */
export interface AssociationPorts {
  /** One's own AE title. */
  readonly aeTitle: string;
  readonly limits: ListenLimits;
  readonly log: Logger;
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** The node that calls itself so from there. Fails when the database does not answer. */
  readonly findNode: (calling: Calling) => Promise<KnownNode | 'TLS_REQUIRED' | undefined>;
  /** The node as it is now; undefined when it is no longer the one that associated. Fails as `findNode` does. */
  readonly recall: (node: KnownNode) => Promise<KnownNode | undefined>;
  /** What is done for a node in one association; it speaks from there. */
  readonly openServices: (node: KnownNode, remoteAddress: string, log: Logger) => NodeServices;
  readonly refusals: Refusals;
  readonly happenings: Happenings;
  /** Whether there is room for one more association. */
  readonly hasRoom: () => boolean;
}
