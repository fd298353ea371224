import type { BodyOf, ResultOf, RetentionRule, saveRetention } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../../access/index.ts';
import type { ArchiveWriter } from '../../../archive/doors.ts';
import type { KeptFor } from '../../../archive/lifecycle/retention.ts';
import { groupExists } from '../../../archive/partitions.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { Audit } from '../../audit/index.ts';
import { findRules, lockRules, replaceRules } from './repository.ts';

export interface RuleDeps {
  readonly db: ArchiveWriter;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly requireProof: (tx: Tx, actor: Person) => Promise<void>;
}

type Saved = ResultOf<typeof saveRetention>;

const keptFor = ({ modality, group, patients, countsFrom, years }: RetentionRule): KeptFor => ({
  modality,
  group_id: group === 'none' ? null : group,
  is_ungrouped: group === 'none',
  of_minors: patients === null ? null : patients === 'MINORS',
  counts_from: countsFrom,
  years,
});

const ruleOf = ({ modality, group_id, is_ungrouped, of_minors, counts_from, years }: KeptFor): RetentionRule => ({
  modality,
  group: is_ungrouped ? 'none' : group_id,
  patients: of_minors === null ? null : of_minors ? 'MINORS' : 'ADULTS',
  countsFrom: counts_from,
  years,
});

/** The rules as they stand. */
export async function rulesOf(tx: ReadTx): Promise<Saved> {
  const rows = await findRules(tx);
  return { rules: rows.map(ruleOf), changedAt: rows[0]?.changed_at.toISOString() ?? null };
}

/** The same for the archive. */
export const keptRules = (tx: ReadTx): Promise<KeptFor[]> => findRules(tx);

export const getRules = ({ db }: RuleDeps, actor: Person): Promise<Saved> => db.reading(scopeOf(actor), rulesOf);

/** Writes all rules at once. Fails with PROOF_REQUIRED, with STALE_UPDATE when somebody wrote others meanwhile, and with VALIDATION_FAILED for a group that is not there. */
export async function saveRules(
  { db, audit, clock, requireProof }: RuleDeps,
  actor: Person,
  { rules, changedAt }: BodyOf<typeof saveRetention>,
): Promise<Saved> {
  return db.withScope(scopeOf(actor), async (tx) => {
    await requireProof(tx, actor);
    await lockRules(tx);
    if ((await rulesOf(tx)).changedAt !== changedAt) throw new Failure('STALE_UPDATE');
    for (const [place, { group }] of rules.entries())
      if (group !== null && group !== 'none' && !(await groupExists(tx, group)))
        throw new Failure('VALIDATION_FAILED', { errors: [{ path: `rules.${place}.group`, message: 'No such group.' }] });
    const kept = rules.map((rule) => ({ ...keptFor(rule), id: newId() }));
    await replaceRules(tx, kept, { userId: actor.userId, now: clock.now() });
    await audit.record(tx, { action: 'retention.changed', actor, details: { rules: rules.length } });
    return rulesOf(tx);
  });
}
