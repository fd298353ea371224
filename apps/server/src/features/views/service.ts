import type { BodyOf, ListView, ListViewContent, ResultOf, saveListView } from '@negatoscope/contract';
import { type Person, requireSetting, scopeOf } from '../../access/index.ts';
import { groupExists } from '../../archive/partitions.ts';
import { BrokenInvariant } from '../../kernel/broken-invariant.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import type { Audit } from '../audit/index.ts';
import * as repository from './repository.ts';

export interface ViewDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** A choice, not a library. */
const MOST_VIEWS = 50;

const viewOf = (row: repository.ViewRow): ListView => ({
  id: row.id,
  level: row.user_id === null ? 'SITE' : 'OWN',
  siteId: row.site_id,
  name: row.name,
  content: row.content,
  changedAt: row.changed_at.toISOString(),
});

export async function list({ db }: ViewDeps, actor: Person): Promise<{ items: ListView[] }> {
  const rows = await db.withScope(scopeOf(actor), (tx) => repository.findViews(tx, actor.userId, actor.groupIds));
  return { items: rows.map(viewOf) };
}

/** How one leaves one's own list is nobody's business but one's own: named views are in the journal. */
const isNoted = ({ level, name }: Pick<ListView, 'level' | 'name'>): boolean => level === 'SITE' || name !== '';

/** Keeps a view in place of the one of that name, and gives what that one showed. Fails with FORBIDDEN as `requireSetting` does, UNPROCESSABLE for an unknown group or too many. */
export async function save(
  { db, audit, clock }: ViewDeps,
  actor: Person,
  { level, siteId, name, content }: BodyOf<typeof saveListView>,
): Promise<ResultOf<typeof saveListView>> {
  requireSetting(actor, level);
  const userId = level === 'OWN' ? actor.userId : null;
  return db.withScope(scopeOf(actor), async (tx) => {
    if (siteId !== null && !(await groupExists(tx, siteId))) throw new Failure('UNPROCESSABLE', { detail: 'No such group.' });
    // One that is kept in place of itself is no more, and how one leaves one's list is none of them.
    if (name !== '' && (await repository.countOthers(tx, { userId, siteId, name })) >= MOST_VIEWS)
      throw new Failure('UNPROCESSABLE', { detail: 'Too many views.' });
    const { row, replaced } = await keep(tx, { id: newId(), userId, siteId, name, content, now: clock.now() });
    if (isNoted({ level, name })) await audit.record(tx, noteOf(actor, 'list-view.saved', row));
    return { ...viewOf(row), replaced };
  });
}

async function keep(
  tx: Tx,
  view: Parameters<typeof repository.addView>[1],
): Promise<{ row: repository.ViewRow; replaced: ListViewContent | null }> {
  const added = await repository.addView(tx, view);
  if (added !== undefined) return { row: added, replaced: null };
  const replaced = await repository.holdContent(tx, view);
  const row = await repository.keepView(tx, view);
  if (row === undefined) throw new BrokenInvariant('A view that was kept is not there.');
  return { row, replaced };
}

const noteOf = (actor: Person, action: 'list-view.saved' | 'list-view.deleted', row: repository.ViewRow) =>
  ({
    ...{ action, actor, entityType: 'list-view', entityId: row.id, groupId: row.site_id },
    details: { level: row.user_id === null ? 'SITE' : 'OWN' },
  }) as const;

/** Takes a view away. Fails with NOT_FOUND for another person's, FORBIDDEN as `requireSetting` does. */
export async function remove({ db, audit }: ViewDeps, actor: Person, id: string): Promise<void> {
  await db.withScope(scopeOf(actor), async (tx) => {
    const row = await repository.findView(tx, id);
    if (row === undefined || (row.user_id !== null && row.user_id !== actor.userId)) throw notFound();
    requireSetting(actor, row.user_id === null ? 'SITE' : 'OWN');
    await repository.deleteView(tx, id);
    await audit.record(tx, noteOf(actor, 'list-view.deleted', row));
  });
}
