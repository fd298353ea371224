import type { FastifyReply } from 'fastify';
import type { Link, Person, Service } from '../../access/index.ts';
import { service } from '../../access/index.ts';
import type { Pixels } from '../../archive/pixels/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import type { Counter } from '../../platform/shared-state/index.ts';
import type { Audit } from '../audit/index.ts';

/** What identity lends to who opens a link: the hashing of codes, and how often a network may try in vain. */
interface Strangers {
  hash(code: string): Promise<string>;
  matches(code: string, hash: string, ip: string): Promise<boolean>;
  /** Tries by the address that they come from. */
  readonly tries: Counter;
}

export interface VisitDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly audit: Audit;
  /** Authors as they are now, by their ids: those who may sign in. */
  readonly peopleOf: (userIds: readonly string[]) => Promise<ReadonlyMap<string, Person>>;
  /** https makes the cookie Secure and prefixed. */
  readonly isSecure: boolean;
  /** Calls back when rights of a person, or of anybody (undefined), may have changed. */
  readonly onChange: (listener: (userId: string | undefined) => void) => void;
}

export interface SharingDeps extends VisitDeps {
  readonly strangers: Strangers;
  readonly pixels: Pick<Pixels, 'handles' | 'tables' | 'heldBack'>;
  /** Whose the installation is. */
  readonly site: string;
  /** Tells a share's author that it is closed. */
  readonly tellClosed: (tx: Tx, author: string) => Promise<void>;
  /** Sends a study as a ZIP: without identity to who sees pseudonyms. */
  readonly sendStudy: (
    actor: Link,
    study: { readonly patientId: string; readonly studyInstanceUid: string },
    reply: FastifyReply,
  ) => Promise<FastifyReply>;
}

/** Looks shares up for people whom nobody knows yet: by a secret of theirs alone. It reads no study. */
export const DOORKEEPER: Service = service('shared-links', []);
