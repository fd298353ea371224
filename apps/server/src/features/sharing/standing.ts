import { type Link, link, type Person, scopeOf } from '../../access/index.ts';
import { findSharable } from '../../archive/records/still-seen.ts';
import { Failure } from '../../kernel/failure.ts';
import type { VisitDeps } from './deps.ts';
import type { StandingRow, VisitRow } from './repository.ts';
import { permissionsOf, stillShares } from './rules.ts';

export interface Standing {
  readonly author: Person;
  /** Of the shared studies those that the author sees now, in the order of their ids. */
  readonly studyIds: readonly string[];
}

type Shared = Pick<StandingRow, 'user_id' | 'profile' | 'study_ids'>;
type StandingDeps = Pick<VisitDeps, 'db' | 'peopleOf'>;

/** Of each share what it shows now, in the order of the shares: all authors are asked for at once, and what each sees in their own scope by one question. */
export async function standingsOf(
  { db, peopleOf }: StandingDeps,
  shares: readonly Shared[],
): Promise<readonly (Standing | undefined)[]> {
  const authors = [...new Set(shares.flatMap(({ user_id: id }) => (id === null ? [] : [id])))];
  const people = authors.length === 0 ? new Map<string, Person>() : await peopleOf(authors);
  const seen = new Map<string, readonly string[]>();
  for (const author of people.values()) {
    const theirs = shares.filter((share) => share.user_id === author.userId && stillShares(author, share));
    if (theirs.length === 0) continue;
    const [scope, ids] = [scopeOf(author), [...new Set(theirs.flatMap((share) => share.study_ids ?? []))]];
    seen.set(author.userId, await db.reading(scope, (tx) => findSharable(tx, scope, ids)));
  }
  return shares.map((share): Standing | undefined => {
    const author = people.get(share.user_id ?? '');
    if (author === undefined || !stillShares(author, share)) return undefined;
    const own = new Set(share.study_ids ?? []);
    const studyIds = (seen.get(author.userId) ?? []).filter((id) => own.has(id));
    return studyIds.length === 0 ? undefined : { author, studyIds };
  });
}

/**
 * What a share shows now: decided by its author's rights and scope of this moment, never by those in which it was made. Undefined where that is nothing. What is open to the author in an emergency
 * is not theirs to show.
 */
export const standingOf = async (deps: StandingDeps, share: Shared): Promise<Standing | undefined> =>
  (await standingsOf(deps, [share]))[0];

/** A visit that stands, with what it was found to show. */
export interface Visit extends Standing {
  readonly row: VisitRow;
  /** When it ends by itself. */
  readonly until: Date;
}

/** The rows of visits that requests come by, as they were read for these. */
const rows = new WeakMap<Link, VisitRow>();

/** Whoever comes by a visit, as the actor of one request. */
export function linkOf({ row, author, studyIds, until }: Visit, ip: string): Link {
  const of = { linkId: row.id, authorId: author.userId, recipient: row.recipient, sessionId: row.visit_id, studyIds, until, ip };
  const actor = link({ ...of, permissions: permissionsOf(author, row) });
  rows.set(actor, row);
  return actor;
}

/** The row of the visit that a request came by. Fails with SHARE_VISIT_OVER for an actor who came by none. */
export function rowOf(actor: Link): VisitRow {
  const row = rows.get(actor);
  if (row === undefined) throw new Failure('SHARE_VISIT_OVER');
  return row;
}
