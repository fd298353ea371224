import type { NodeEventCode, Permission, Transfer } from '@negatoscope/contract';
import type { Person, Service } from '../../../access/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { Logger } from '../../../platform/log/log.ts';
import type { TlsFiles } from '../../../platform/tls/files.ts';
import type { Audit } from '../../audit/index.ts';
import type { Archive } from '../ask/archive.ts';
import { AssociationFailure } from '../ask/failure.ts';
import type { Keeper } from '../listen/store.ts';
import { codeOfFailed } from '../log/codes.ts';
import { NotSupported } from './query.ts';
import type { UsableNodeRow } from './repository.ts';
import type { Claimed, Held } from './work-repository.ts';

export interface TransferPorts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly audit: Pick<Audit, 'record'>;
  /** In whose name nodes are asked; port 0: none can reach this server. */
  readonly dicom: { readonly aeTitle: string; readonly port: number; readonly tls?: TlsFiles };
  /** A person as they are now, without a session; undefined when they may not sign in, or the token by which they asked is no more. */
  readonly personOf: (userId: string, tokenId: string | null) => Promise<Person | undefined>;
  /** Keeps what a node sends into a group, in the one pipeline of ingest. */
  readonly openKeeper: (by: Service, groupId: string | null) => Keeper;
  /** Opened when something is first sent, and closed when nothing waits any more. */
  readonly openArchive: () => Archive & { close(): Promise<void> };
  /** How often who works at a transfer says so and hears whether it is still wanted; a second without it. */
  readonly keepEveryMs?: number;
}

/** One transfer that is worked at: for whom, with which node, and until when. */
export interface Working {
  readonly transfer: Claimed & Held;
  readonly node: UsableNodeRow;
  readonly person: Person;
  readonly signal: AbortSignal;
  /** Fails where this worker may hold the transfer no more; asked before each run of bytes leaves. */
  readonly check: () => void;
  /** What is stored, to be sent. */
  readonly archive: () => Archive;
  /** Bytes that went or came. */
  count(bytes: number): void;
}

/** What who asks for a transfer needs, when it begins and while it runs. */
export const NEEDED: Readonly<Record<Transfer['kind'], readonly Permission[]>> = {
  SEND: ['studies.send', 'patients.identity'],
  RETRIEVE: ['nodes.query', 'patients.identity', 'imports.create'],
};

/** Why asking a node failed. */
export function codeOf(error: unknown): NodeEventCode {
  if (error instanceof AssociationFailure) return codeOfFailed(error.outcome, error.reason);
  return error instanceof NotSupported ? 'CLASS_NOT_SUPPORTED' : 'PROCESSING_FAILURE';
}
