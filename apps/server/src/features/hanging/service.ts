import type { BodyOf, HangingRule, saveHangingRule } from '@negatoscope/contract';
import { type Person, requireSetting, scopeOf } from '../../access/index.ts';
import { groupExists } from '../../archive/partitions.ts';
import { BrokenInvariant } from '../../kernel/broken-invariant.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import type { Db } from '../../platform/db/database.ts';
import type { Audit } from '../audit/index.ts';
import * as repository from './repository.ts';

export interface HangingDeps {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** Modalities times regions, with room: nobody fills the table. */
const MOST_RULES = 500;

const ruleOf = (row: repository.RuleRow): HangingRule => ({
  id: row.id,
  level: row.user_id === null ? 'SITE' : 'OWN',
  siteId: row.site_id,
  modality: row.modality,
  region: row.region,
  layout: row.layout,
  changedAt: row.changed_at.toISOString(),
});

/** The rules that hang studies for somebody: their own, their groups', and the installation's as far as that is in their scope. */
export async function list({ db }: HangingDeps, actor: Person): Promise<{ items: HangingRule[] }> {
  const rows = await db.withScope(scopeOf(actor), (tx) => repository.findRules(tx, actor.userId, actor.groupIds));
  return { items: rows.map(ruleOf) };
}

/** Keeps a rule in place of the one for the same studies. Fails with FORBIDDEN as `requireSetting` does, UNPROCESSABLE for an unknown group. */
export async function save(
  { db, audit, clock }: HangingDeps,
  actor: Person,
  { level, siteId, ...rule }: BodyOf<typeof saveHangingRule>,
): Promise<HangingRule> {
  requireSetting(actor, level);
  const userId = level === 'OWN' ? actor.userId : null;
  return db.withScope(scopeOf(actor), async (tx) => {
    if (siteId !== null && !(await groupExists(tx, siteId))) throw new Failure('UNPROCESSABLE', { detail: 'No such group.' });
    if ((await repository.countRules(tx, userId, siteId)) >= MOST_RULES)
      throw new Failure('UNPROCESSABLE', { detail: 'Too many rules.' });
    const row = await repository.keepRule(tx, { ...rule, id: newId(), userId, siteId, now: clock.now() });
    if (row === undefined) throw new BrokenInvariant('A rule that was kept is not there.');
    await audit.record(tx, {
      action: 'hanging-rule.saved',
      outcome: 'SUCCESS',
      actor,
      entityType: 'hanging-rule',
      entityId: row.id,
      groupId: siteId,
      details: { level, modality: rule.modality, region: rule.region },
    });
    return ruleOf(row);
  });
}

/** Takes a rule away. Fails with NOT_FOUND for another person's, FORBIDDEN as `requireSetting` does. */
export async function remove({ db, audit }: HangingDeps, actor: Person, id: string): Promise<void> {
  await db.withScope(scopeOf(actor), async (tx) => {
    const row = await repository.findRule(tx, id);
    if (row === undefined || (row.user_id !== null && row.user_id !== actor.userId)) throw notFound();
    requireSetting(actor, row.user_id === null ? 'SITE' : 'OWN');
    await repository.deleteRule(tx, id);
    await audit.record(tx, {
      action: 'hanging-rule.deleted',
      outcome: 'SUCCESS',
      actor,
      entityType: 'hanging-rule',
      entityId: id,
      groupId: row.site_id,
      details: { level: row.user_id === null ? 'SITE' : 'OWN', modality: row.modality, region: row.region },
    });
  });
}
