import { type Person, requirePermission, requireSetting, scopeOf } from '../../../access/index.ts';
import type { ArchiveWriter } from '../../../archive/doors.ts';
import { groupExists } from '../../../archive/partitions.ts';
import { storableText } from '../../../archive/search/index-list.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { isUniqueViolation } from '../../../platform/db/sql-state.ts';
import type { Audit } from '../../audit/index.ts';
import type { Whose } from './repository.ts';

export interface TextDeps {
  readonly db: ArchiveWriter;
  readonly audit: Audit;
  readonly clock: Clock;
}
interface Row {
  readonly id: string;
  readonly user_id: string | null;
  readonly site_id: string | null;
}
interface Wish {
  readonly replaces: string | null;
  readonly level: 'OWN' | 'SITE';
  readonly siteId: string | null;
}
type What = 'report-template' | 'report-phrase';

/** What differs between templates and phrases. */
export interface Kind<R extends Row, W extends Wish> {
  readonly what: What;
  /** A choice, not a library. */
  readonly most: number;
  readonly find: (tx: Tx, id: string) => Promise<R | undefined>;
  readonly count: (tx: Tx, whose: Whose) => Promise<number>;
  readonly keep: (tx: Tx, at: Whose & { readonly id: string; readonly now: Date }, wish: W) => Promise<R | undefined>;
  readonly delete: (tx: Tx, id: string) => Promise<number>;
}

/** One's own is for who writes reports and sits there; a site's as settings of it are. Fails with FORBIDDEN. */
export function requireTexts(actor: Person, level: 'OWN' | 'SITE'): void {
  requireSetting(actor, level);
  if (level === 'OWN') requirePermission(actor, 'reports.write');
}

/** Fails with VALIDATION_FAILED for what PostgreSQL can't keep as it is: NUL and halves of characters. */
export function requireStorable(texts: Readonly<Record<string, string | null>>): void {
  const bad = Object.entries(texts).filter(([, text]) => text !== null && storableText(text) !== text);
  if (bad.length > 0) throw new Failure('VALIDATION_FAILED', { errors: bad.map(([path]) => ({ path, message: 'Not a text.' })) });
}

const noteOf = (actor: Person, action: `${What}.${'saved' | 'deleted'}`, what: What, row: Row) =>
  ({
    ...{ action, actor, entityType: what, entityId: row.id, groupId: row.site_id },
    details: { level: row.user_id === null ? 'SITE' : 'OWN' },
  }) as const;

/** Where a text is kept: in place of the one of its id, which is as much whose as it was. Fails with NOT_FOUND, UNPROCESSABLE. */
async function placeOf<R extends Row, W extends Wish>(
  tx: Tx,
  kind: Kind<R, W>,
  whose: Whose,
  id: string | null,
): Promise<string> {
  if (id !== null) {
    const before = await kind.find(tx, id);
    if (before?.user_id !== whose.userId || before.site_id !== whose.siteId) throw notFound();
    return id;
  }
  if (whose.siteId !== null && !(await groupExists(tx, whose.siteId)))
    throw new Failure('UNPROCESSABLE', { detail: 'No such group.' });
  if ((await kind.count(tx, whose)) >= kind.most) throw new Failure('UNPROCESSABLE', { detail: 'Too many of them.' });
  return newId();
}

/** Keeps a text, noted in the journal. Fails with FORBIDDEN as `requireTexts` does, NOT_FOUND for another's, NAME_TAKEN, UNPROCESSABLE for an unknown group or too many. */
export async function keepText<R extends Row, W extends Wish>(
  { db, audit, clock }: TextDeps,
  actor: Person,
  kind: Kind<R, W>,
  wish: W,
): Promise<R> {
  requireTexts(actor, wish.level);
  const whose = { userId: wish.level === 'OWN' ? actor.userId : null, siteId: wish.siteId };
  const kept = db.withScope(scopeOf(actor), async (tx) => {
    const id = await placeOf(tx, kind, whose, wish.replaces);
    const row = await kind.keep(tx, { ...whose, id, now: clock.now() }, wish);
    if (row === undefined) throw notFound();
    await audit.record(tx, noteOf(actor, `${kind.what}.saved`, kind.what, row));
    return row;
  });
  return kept.catch((error: unknown) => {
    throw isUniqueViolation(error) ? new Failure('NAME_TAKEN') : error;
  });
}

/** Takes a text away. Fails with NOT_FOUND for another person's, FORBIDDEN as `requireTexts` does. */
export async function dropText<R extends Row, W extends Wish>(
  { db, audit }: TextDeps,
  actor: Person,
  kind: Kind<R, W>,
  id: string,
): Promise<undefined> {
  await db.withScope(scopeOf(actor), async (tx) => {
    const row = await kind.find(tx, id);
    if (row === undefined || (row.user_id !== null && row.user_id !== actor.userId)) throw notFound();
    requireTexts(actor, row.user_id === null ? 'SITE' : 'OWN');
    await kind.delete(tx, id);
    await audit.record(tx, noteOf(actor, `${kind.what}.deleted`, kind.what, row));
  });
  return undefined;
}
