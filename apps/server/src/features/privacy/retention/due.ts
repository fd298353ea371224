import type { BodyOf, ResultOf, RetentionPreview, runRetention } from '@negatoscope/contract';
import { type Person, requirePermission, requireSession, type Service, scopeOf } from '../../../access/index.ts';
import { countDue, findDue, isDue, type KeptFor, lockUnheld } from '../../../archive/lifecycle/retention.ts';
import { trashStudy } from '../../../archive/lifecycle/trash.ts';
import { notifyStudy } from '../../../archive/notify.ts';
import { refreshPatients } from '../../../archive/records/patients.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Queue } from '../../../platform/queue/queue.ts';
import { RETAIN } from '../job-kinds.ts';
import { keptRules, type RuleDeps, rulesOf } from './rules.ts';

const EXAMPLES = 20;
const AT_ONCE = 200;

const today = ({ clock }: Pick<RuleDeps, 'clock'>): string => clock.now().toISOString().slice(0, 10);

/** What the rules would remove today; looking is audited, for it names patients. */
export async function preview(deps: RuleDeps, actor: Person): Promise<RetentionPreview> {
  const scope = scopeOf(actor);
  const told = await deps.db.reading(scope, async (tx) => {
    const wanted = { rules: await keptRules(tx), day: today(deps) };
    const count = await countDue(tx, scope, wanted);
    const examples = await findDue(tx, scope, { ...wanted, limit: EXAMPLES });
    return { count, examples };
  });
  const { studies = 0, patients = 0, bytes = 0, held = 0 } = told.count ?? {};
  await deps.audit.note({ action: 'retention.previewed', actor, details: { studies, held } });
  return {
    ...{ studies, patients, held, sizeBytes: bytes },
    examples: told.examples.map((row) => ({
      studyInstanceUid: row.study_instance_uid,
      patientId: row.patient_id,
      recordNumber: row.record_number,
      studyDate: row.study_date,
      modalities: [...row.modalities],
      sizeBytes: row.size_bytes,
      until: row.until ?? '',
    })),
  };
}

/** Sends the job that moves what is due to the trash. Fails with PROOF_REQUIRED, and with CONFLICT when that is not what the dry run told. */
export async function ask(
  deps: RuleDeps & { readonly queue: Pick<Queue, 'send'> },
  actor: Person,
  { studies }: BodyOf<typeof runRetention>,
): Promise<ResultOf<typeof runRetention>> {
  requireSession(actor);
  const scope = scopeOf(actor);
  return deps.db.withScope(scope, async (tx) => {
    await deps.requireProof(tx, actor);
    const day = today(deps);
    const count = await countDue(tx, scope, { rules: await keptRules(tx), day });
    if (count?.studies !== studies) throw new Failure('CONFLICT', { detail: 'Another number of studies is due by now.' });
    await deps.audit.record(tx, { action: 'retention.asked', actor, details: { studies } });
    const { changedAt } = await rulesOf(tx);
    await deps.queue.send(RETAIN, { day, most: studies, changedAt }, tx);
    return { studies };
  });
}

interface Asked {
  readonly day: string;
  readonly most: number;
  readonly changedAt?: string | null | undefined;
}
type Deps = Pick<RuleDeps, 'db' | 'audit' | 'clock'> & { readonly by: Service };

/**
 * Moves what is due to the trash, no more than was told, and nothing by other rules than it was told by: from there it comes back for thirty days. Each is looked at
 * again when its turn comes.
 */
export async function retain(deps: Deps, { day, most, changedAt }: Asked, signal: AbortSignal): Promise<{ studies: number }> {
  requirePermission(deps.by, 'trash.purge');
  const scope = scopeOf(deps.by);
  let studies = 0;
  while (studies < most && !signal.aborted) {
    const limit = Math.min(AT_ONCE, most - studies);
    const { rules, due } = await deps.db.reading(scope, async (tx) => {
      const isOther = changedAt !== undefined && (await rulesOf(tx)).changedAt !== changedAt;
      const rules = isOther ? [] : await keptRules(tx);
      return { rules, due: await findDue(tx, scope, { rules, day, limit }) };
    });
    let moved = 0;
    for (const { id, patient_id: patientId } of due) if (await trash(deps, { id, patientId, rules, day })) moved += 1;
    studies += moved;
    if (moved === 0) break;
  }
  return { studies };
}

interface Due {
  readonly id: string;
  readonly patientId: string;
  readonly rules: readonly KeptFor[];
  readonly day: string;
}
const trash = ({ db, audit, clock, by }: Deps, { id, patientId, rules, day }: Due): Promise<boolean> =>
  db.withScope(scopeOf(by), async (tx) => {
    const study = await lockUnheld(tx, { id, patientId });
    if (study === undefined || !(await isDue(tx, scopeOf(by), { rules, day, id }))) return false;
    await trashStudy(tx, id, clock.now());
    await refreshPatients(tx, [patientId]);
    const { group_id: groupId } = study;
    await audit.record(tx, { action: 'retention.trashed', actor: by, entityType: 'study', entityId: id, patientId, groupId });
    await notifyStudy(tx, { id, patientId });
    return true;
  });
