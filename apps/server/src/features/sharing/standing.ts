import { type Link, link, type Person, scopeOf } from '../../access/index.ts';
import { findSharable } from '../../archive/records/still-seen.ts';
import type { VisitDeps } from './deps.ts';
import type { StandingRow, VisitRow } from './repository.ts';
import { permissionsOf, stillShares } from './rules.ts';

export interface Standing {
  readonly author: Person;
  /** Of the shared studies those that the author sees now, in the order of their ids. */
  readonly studyIds: readonly string[];
}

/**
 * What a share shows now: decided by its author's rights and scope of this moment, never by those in which it was made. Undefined where that is nothing. What is open to the author in an emergency
 * is not theirs to show.
 */
export async function standingOf(
  { db, personOf }: Pick<VisitDeps, 'db' | 'personOf'>,
  share: Pick<StandingRow, 'user_id' | 'profile' | 'study_ids'>,
): Promise<Standing | undefined> {
  if (share.user_id === null) return undefined;
  const author = await personOf(share.user_id);
  if (author === undefined || !stillShares(author, share)) return undefined;
  const scope = scopeOf(author);
  const studyIds = await db.reading(scope, (tx) => findSharable(tx, scope, share.study_ids ?? []));
  return studyIds.length === 0 ? undefined : { author, studyIds };
}

/** A visit that stands, with what it was found to show. */
export interface Visit extends Standing {
  readonly row: VisitRow;
  /** When it ends by itself. */
  readonly until: Date;
}

/** Whoever comes by a visit, as the actor of one request. */
export const linkOf = ({ row, author, studyIds, until }: Visit, ip: string): Link =>
  link({
    ...{ linkId: row.id, authorId: author.userId, recipient: row.recipient, sessionId: row.visit_id, studyIds, until, ip },
    permissions: permissionsOf(author, row),
  });
