import type { AccessReview, NODE_RIGHTS, ReviewedNode, ReviewedPerson } from '@negatoscope/contract';
import { armsOf, type Person, partition, requirePermission, scopeOf } from '../../../access/index.ts';
import { countByPartition } from '../../../archive/partitions.ts';
import { groupsIn } from '../../../archive/records/members.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Db, ReadTx } from '../../../platform/db/database.ts';
import { type Audit, lastPatientUses } from '../../audit/index.ts';
import { type Counts, isUnused, latest, patientsIn } from './reach.ts';
import { findGroupNames, findPeople, findTokens, type PersonRow, type TokenRow } from './rows.ts';

const MOST_PEOPLE = 5000;

/** A DICOM node as its own room tells of it. */
export interface KnownNode {
  readonly id: string;
  readonly name: string;
  readonly aeTitle: string;
  readonly groupId: string | null;
  readonly rights: (typeof NODE_RIGHTS)[number][];
  readonly createdAt: Date;
  readonly lastSeenAt: Date | null;
}

export interface ReviewDeps {
  readonly db: Db;
  readonly audit: Pick<Audit, 'note'>;
  readonly clock: Clock;
  readonly nodes: (tx: ReadTx) => Promise<readonly KnownNode[]>;
}

interface Found {
  readonly now: Date;
  readonly counts: Counts;
  /** Of groups, by their ids. */
  readonly names: ReadonlyMap<string, string>;
  readonly tokens: readonly TokenRow[];
  readonly uses: ReadonlyMap<string, Date>;
}

const toToken = (now: Date, row: TokenRow): ReviewedPerson['tokens'][number] => ({
  id: row.id,
  name: row.name,
  permissions: row.permissions,
  expiresAt: row.expires_at.toISOString(),
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  isUnused: isUnused(now, row.created_at, row.last_used_at),
});

function toPerson({ now, counts, names, tokens, uses }: Found, row: PersonRow): ReviewedPerson {
  const lastActive = latest(row.last_login_at, row.session_used_at, row.token_used_at);
  const { groupIds } = groupsIn(row);
  const scope = armsOf({ userId: row.id, role: row.role, groupIds });
  return {
    id: row.id,
    firstName: row.first_name,
    lastName: row.last_name,
    email: row.email,
    role: row.role,
    level: row.level,
    status: row.status,
    groups: groupIds.map((id) => ({ id, name: names.get(id) ?? '' })),
    createdAt: row.created_at.toISOString(),
    lastLoginAt: row.last_login_at?.toISOString() ?? null,
    lastActiveAt: lastActive?.toISOString() ?? null,
    lastPatientUseAt: uses.get(row.id)?.toISOString() ?? null,
    patients: patientsIn(scope, counts),
    isUnused: isUnused(now, row.created_at, lastActive),
    tokens: tokens.filter(({ user_id: owner }) => owner === row.id).map((token) => toToken(now, token)),
    linkUntil: row.link_until?.toISOString() ?? null,
  };
}

const toNode = ({ now, counts, names }: Found, node: KnownNode): ReviewedNode => ({
  id: node.id,
  name: node.name,
  aeTitle: node.aeTitle,
  group: node.groupId === null ? null : { id: node.groupId, name: names.get(node.groupId) ?? '' },
  rights: node.rights,
  lastSeenAt: node.lastSeenAt?.toISOString() ?? null,
  patients: patientsIn(partition(node.groupId), counts),
  isUnused: isUnused(now, node.createdAt, node.lastSeenAt),
});

/** Who and what reaches patients, how many, and since when it was left alone. */
async function review({ db, clock, nodes }: ReviewDeps, actor: Person): Promise<AccessReview> {
  const now = clock.now();
  return db.reading(scopeOf(actor), async (tx) => {
    const rows = await findPeople(tx, now, MOST_PEOPLE + 1);
    const people = rows.slice(0, MOST_PEOPLE);
    const ids = people.map(({ id }) => id);
    const found = {
      now,
      counts: await countByPartition(tx),
      tokens: await findTokens(tx, now),
      uses: await lastPatientUses(tx, ids),
      names: new Map((await findGroupNames(tx)).map(({ id, name }) => [id, name])),
    };
    return {
      reviewedAt: now.toISOString(),
      people: people.map((row) => toPerson(found, row)),
      nodes: (await nodes(tx)).map((node) => toNode(found, node)),
      isCut: rows.length > MOST_PEOPLE,
    };
  });
}

/** The review for an administrator; the journal notes that it was looked at, or taken along. */
export async function reviewFor(deps: ReviewDeps, actor: Person, as: 'read' | 'export'): Promise<AccessReview> {
  requirePermission(actor, 'users.manage');
  const found = await review(deps, actor);
  const details = { people: found.people.length, nodes: found.nodes.length };
  await deps.audit.note({ action: `access-review.${as}`, actor, details });
  return found;
}
